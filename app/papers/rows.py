"""What a paper's text becomes line by line: rows of the page's grid, before they are dealt out to pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from app.papers.breaking import lines_of
from app.papers.composing import heading_and_text
from app.papers.content import PaperContent, Paragraph
from app.papers.fonts import Role, Shelf
from app.papers.pages import BODY, CELL, PITCH, POINT, SMALL, TITLE, TRACKING, WIDTH, Align, Line, Span
from app.papers.wording import chinese_date, listed

HEADINGS: tuple[Role, ...] = ("fang", "hei", "kai", "fang")
"""The font of a heading by its level (GB/T 9704-2012, 7.3.3)."""
FULL = 0.85
"""From which part of the measure on a line is stretched to all of it; a shorter one ends before a long word."""
CELL_INSET = 2.0
NAMED_COLUMN = 36.0
"""Width in mm of the column of a sheet that says what stands beside it."""


@dataclass(frozen=True)
class Row:
    """One line of the grid, or a table row of several. Rows with the same `key` are one block.

    `line` lies at y 0, to be moved to its place; `cells` are those of a table row, `tail` belongs to the signature.
    """

    kind: str
    key: int
    line: Line | None = None
    size: float = BODY
    align: Align = "text"
    level: int = 0
    height: int = 1
    cells: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    tail: bool = False
    is_head: bool = False


class Setter:
    """Makes the rows of one paper with the fonts at hand."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._key = 0

    def rows(self, content: PaperContent) -> Iterator[Row]:
        """Every row from the title to the note under the date, blank ones too."""
        yield from self._opening(content)
        depth = 1
        as_sheet = content.form == "sheet"
        for paragraph in () if as_sheet else content.paragraphs:
            alone = paragraph.level and not heading_and_text(paragraph)[1]
            depth = min(paragraph.level + 1, depth + 1) if alone else depth
            yield from self.paragraph(paragraph, level=depth if alone else 0)
        if as_sheet:
            yield from self._sheet(content)
        if content.rows:
            yield from self._table(content.rows)
        yield from self._attachments(content)
        yield from self._signature(content)

    def _opening(self, content: PaperContent) -> Iterator[Row]:
        """Title, and number where the form has no place of its own for it, addressees."""
        plain = content.form in ("notice", "personal", "sheet")
        if content.form == "notice":
            yield from self._centered("head", content.issuer, TITLE)
        if plain:
            yield self.blank()
        yield from self._centered("title", content.title, TITLE)
        if plain:
            yield self._at("number", content.number or "", right=CELL)
        if content.form != "sheet":
            yield self.blank()
        if content.addressees:
            yield from self._stretched("to", f"{listed(content.addressees)}：", indent=0.0)

    def paragraph(self, paragraph: Paragraph, *, level: int = 0) -> Iterator[Row]:
        """The rows of a paragraph: two characters in, its heading in the font of its level."""
        heading, _ = heading_and_text(paragraph)
        yield from self._stretched(
            "heading" if level else "text",
            paragraph.text,
            indent=2 * CELL,
            heading=(len(heading), HEADINGS[paragraph.level]),
            level=level,
        )

    def _stretched(
        self, kind: str, text: str, *, indent: float, heading: tuple[int, Role] = (0, "fang"), level: int = 0
    ) -> Iterator[Row]:
        key, shown = self.key(), self.shelf.shown(text)
        count, role = heading

        def width(at: int, part: str) -> float:
            lead = max(min(count - at, len(part)), 0)
            return self.width(part[:lead], role) + self.width(part[lead:], "fang")

        lines = lines_of(shown, width, first=WIDTH - indent, rest=WIDTH)
        for at, (start, line) in enumerate(zip(_starts(lines), lines, strict=True)):
            x, lead = (indent if at == 0 else 0.0), max(count - start, 0)
            spans = tuple(one for one in (Span(line[:lead], role), Span(line[lead:], "fang")) if one.text)
            natural = self.width(line[:lead], role) + self.width(line[lead:], "fang")
            stretch = WIDTH - x if at < len(lines) - 1 and natural > WIDTH * FULL - x else None
            yield Row(kind, key, Line(_trimmed(spans), x, 0.0, stretch), level=level)

    def _centered(self, kind: str, text: str, size: float) -> Iterator[Row]:
        """Lines of about the same length, each in the middle."""
        key, shown = self.key(), self.shelf.shown(text)
        whole = self.shelf.width(shown, "song", size * POINT)
        count = max(math.ceil(whole / WIDTH), 1)
        room = min(whole / count + 1.5 * size * POINT, WIDTH)
        for line in lines_of(
            shown, lambda _at, part: self.shelf.width(part, "song", size * POINT), first=room, rest=room
        ):
            x = (WIDTH - self.shelf.width(line, "song", size * POINT)) / 2
            yield Row(kind, key, Line((Span(line, "song"),), x, 0.0), size, "center", level=1 if kind == "title" else 0)

    def _at(self, kind: str, text: str, *, right: float, role: Role = "fang") -> Row:
        shown = self.shelf.shown(text)
        x = max(WIDTH - right - self.width(shown, role), 0.0)
        spans = (Span(shown, role),) if shown else ()
        return Row(kind, self.key(), Line(spans, x, 0.0) if spans else None, align="at")

    def _sheet(self, content: PaperContent) -> Iterator[Row]:
        """Each paragraph `label：text` as a row of two cells."""
        halves = (one.text.partition("：") for one in content.paragraphs)
        rows = tuple((label, text) if mark else ("", label) for label, mark, text in halves)
        yield from self._grid(rows, (NAMED_COLUMN, WIDTH - NAMED_COLUMN), heads=0)

    def _table(self, rows: tuple[tuple[str, ...], ...]) -> Iterator[Row]:
        """Columns as wide as their longest cells ask, between fair bounds."""
        columns = max(len(row) for row in rows)
        full = tuple((*row, *("",) * (columns - len(row))) for row in rows)
        asked = [max(min(len(row[at]), 16) for row in full) + 2 for at in range(columns)]
        yield from self._grid(full, tuple(WIDTH * one / sum(asked) for one in asked), heads=1)

    def _grid(self, rows: tuple[tuple[str, ...], ...], widths: tuple[float, ...], *, heads: int) -> Iterator[Row]:
        key = self.key()
        for at, row in enumerate(rows):
            cells = tuple(self._cell(text, width) for text, width in zip(row, widths, strict=True))
            height = max(1, *(len(cell) for cell in cells))
            for start in range(0, height, 15):
                part = tuple(cell[start : start + 15] for cell in cells)
                tall = max(1, *(len(cell) for cell in part))
                yield Row("table", key, size=SMALL, height=tall, cells=part, widths=widths, is_head=at < heads)

    def _cell(self, text: str, width: float) -> tuple[str, ...]:
        shown, room = self.shelf.shown(text), width - 2 * CELL_INSET
        lines = lines_of(shown, lambda _at, part: self.shelf.width(part, "fang", SMALL * POINT), first=room, rest=room)
        return tuple(line.strip() for line in lines)

    def _attachments(self, content: PaperContent) -> Iterator[Row]:
        """附件： two characters in under a blank line, names under each other (7.3.4)."""
        if content.attachments:
            yield self.blank()
        one = len(content.attachments) == 1
        for at, name in enumerate(content.attachments, 1):
            numeral = "" if one else f"{at}."
            lead = f"附件：{numeral}" if at == 1 else numeral
            x = 2 * CELL if at == 1 else 2 * CELL + self.width("附件：", "fang")
            hang = x + self.width(lead, "fang")
            key, room = self.key(), WIDTH - hang
            for first, line in enumerate(lines_of(self.shelf.shown(name), self._plain, first=room, rest=room)):
                spans = (Span(lead + line if first == 0 else line, "fang"),)
                yield Row("attachment", key, Line(spans, x if first == 0 else hang, 0.0), align="at")

    def _signature(self, content: PaperContent) -> Iterator[Row]:
        """Name over date: above a seal the name in the date's middle, else two characters from the right (7.3.5)."""
        day = chinese_date(content.signed_on) if content.signed_on else "    年  月  日"
        name = self.shelf.shown(content.issuer)
        wide, long = self.width(day, "fang"), self.width(name, "fang")
        if content.sealed:
            date_x = WIDTH - 4 * CELL - wide
            name_x = min(date_x + (wide - long) / 2, WIDTH - long)
        else:
            date_x = WIDTH - 2 * CELL - wide if wide > long - 4 * CELL else WIDTH - long
            name_x = min(date_x - 2 * CELL, WIDTH - 2 * CELL - long)
        for _ in range(2 if content.sealed else 1):
            yield replace(self.blank(), tail=True)
        for kind, text, x in (("name", name, name_x), ("date", day, date_x)):
            yield Row(kind, self.key(), Line((Span(text, "fang"),), max(x, 0.0), 0.0), align="at", tail=True)
        for row in self._note(content):
            yield replace(row, tail=True)

    def _note(self, content: PaperContent) -> Iterator[Row]:
        """附注: in brackets, two characters in, under the date; forms with no place for the signer name him here."""
        signer = f"签发人：{content.signer}" if content.signer and content.form != "document" else ""
        parts = [one for one in (signer, content.contact) if one]
        if parts:
            yield from self._stretched("note", f"（{'；'.join(parts)}）", indent=2 * CELL)

    def _plain(self, _at: int, part: str) -> float:
        return self.width(part, "fang")

    def width(self, text: str, role: Role) -> float:
        """The width in mm of text in the body's size."""
        return self.shelf.width(text, role, BODY * POINT, TRACKING)

    def blank(self) -> Row:
        """A line with nothing on it."""
        return Row("blank", self.key())

    def key(self) -> int:
        """A new block's key."""
        self._key += 1
        return self._key


def room_of(rows: list[Row]) -> float:
    """The height in mm of these rows."""
    return sum(row.height for row in rows) * PITCH


def _starts(lines: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(accumulate((len(line) for line in lines[:-1]), initial=0)) if lines else ()


def _trimmed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Without the space at a line's ends."""
    if not spans:
        return ()
    first = replace(spans[0], text=spans[0].text.lstrip())
    rest = (first, *spans[1:])
    return (*rest[:-1], replace(rest[-1], text=rest[-1].text.rstrip()))
