"""Laying a paper out: its rows dealt out to pages of 22 lines, the same for print, screen and file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from app.papers.composing import composed
from app.papers.content import PaperContent
from app.papers.fonts import Role, Shelf
from app.papers.frames import (
    draft_mark,
    foot,
    foot_height,
    foot_rows,
    frame_of,
    page_number,
    seal_place,
    small_baseline,
)
from app.papers.pages import ASCENT, LEFT, LINES, PITCH, TOP, Block, Laid, Line, Page, Rule, Span, Table, TableRow
from app.papers.rows import CELL_INSET, Row, Setter

KEPT = 2
"""Lines of text that go to a new page with the signature, so that no page bears only that (GB/T 9704-2012, 7.3.5.5)."""


def laid(content: PaperContent, shelf: Shelf, *, mark: str | None = None) -> Laid:
    """The pages of a paper; `mark` stands above a paper that is not out yet."""
    said = composed(content)
    frame, feet = frame_of(said, shelf), foot_rows(said, shelf)
    dealt = deal(list(Setter(shelf).rows(said)), first=frame.lines)
    if height_of(dealt[-1]) + foot_height(feet, said.form) > (frame.lines if len(dealt) == 1 else LINES):
        dealt.append([])
    seen: set[int] = set()
    pages = []
    for number, rows in enumerate(dealt, 1):
        top = frame.top if number == 1 else 0.0
        blocks, rules = list(_placed(rows, top, seen)), []
        if number == 1:
            marks = [draft_mark(mark, shelf)] if mark else []
            blocks, rules = [*marks, *frame.blocks, *blocks], [*frame.rules]
        if number == len(dealt):
            more, lines = foot(feet, said.form)
            blocks, rules = [*blocks, *more], [*rules, *lines]
        pages.append(_page(number, (blocks, rules), said, shelf))
    return Laid(said.title, tuple(pages), shelf.families, shelf.is_light)


def _page(number: int, drawn: tuple[list[Block | Table], list[Rule]], said: PaperContent, shelf: Shelf) -> Page:
    """A page with its number, which a letter's first page does not show."""
    blocks, rules = drawn
    if said.form != "letter" or number > 1:
        blocks = [*blocks, page_number(number, shelf)]
    page = Page(number, tuple(blocks), tuple(rules))
    return replace(page, seal=seal_place(page)) if said.sealed else page


def deal(rows: Sequence[Row], *, first: int) -> list[list[Row]]:
    """The rows of each page: `first` lines on the first, 22 on each other; the signature never alone on one."""
    body, tail = [row for row in rows if not row.tail], [row for row in rows if row.tail]
    pages: list[list[Row]] = [[]]
    for row in body:
        if height_of(pages[-1]) + row.height > _room(pages, first):
            pages.append([])
        if pages[-1] or row.kind != "blank" or len(pages) == 1:
            pages[-1].append(row)
    if height_of(pages[-1]) + height_of(tail) > _room(pages, first):
        last = pages[-1]
        count = 1 if last and last[-1].kind == "table" else min(KEPT, max(len(last) - 1, 0))
        kept = last[len(last) - count :]
        del last[len(last) - count :]
        pages.append([row for at, row in enumerate(kept) if at or row.kind != "blank"])
    pages[-1] += tail
    return pages


def height_of(rows: Sequence[Row]) -> int:
    """The lines that rows take."""
    return sum(row.height for row in rows)


def _room(pages: Sequence[object], first: int) -> int:
    return first if len(pages) == 1 else LINES


def _placed(rows: Sequence[Row], top: float, seen: set[int]) -> Iterator[Block | Table]:
    """Blocks at their places; `seen` are the blocks that have begun on an earlier page."""
    y = TOP + top
    for key, together in groupby(rows, key=lambda row: row.key):
        group = list(together)
        if group[0].kind == "table":
            yield _table(group, y)
        elif lines := tuple(_moved(row, y + at * PITCH) for at, row in enumerate(group) if row.line):
            one = group[0]
            yield Block(one.kind, lines, one.size, "ink", one.align, one.level, key in seen)
        seen.add(key)
        y += height_of(group) * PITCH


def _moved(row: Row, y: float) -> Line:
    assert row.line is not None
    return replace(row.line, x=row.line.x + LEFT, y=y + ASCENT)


def _table(rows: Sequence[Row], y: float) -> Table:
    placed, start = [], y
    for row in rows:
        placed.append(TableRow(y, row.height * PITCH, tuple(_cells(row, y)), row.is_head))
        y += row.height * PITCH
    return Table(LEFT, start, rows[0].widths, tuple(placed))


def _cells(row: Row, y: float) -> Iterator[tuple[Line, ...]]:
    x = LEFT + CELL_INSET
    role: Role = "hei" if row.is_head else "fang"
    for lines, width in zip(row.cells, row.widths, strict=True):
        yield tuple(Line((Span(text, role),), x, y + at * PITCH + small_baseline()) for at, text in enumerate(lines))
        x += width
