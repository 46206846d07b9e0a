"""Heads and feet of papers: red head, letter head, notes at the foot, page numbers (GB/T 9704-2012, 7.2 to 10.1)."""

from __future__ import annotations

from dataclasses import dataclass

from app.papers.breaking import lines_of
from app.papers.content import PaperContent
from app.papers.fonts import Role, Shelf
from app.papers.pages import (
    BODY,
    CELL,
    HEIGHT,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    POINT,
    RIGHT,
    SMALL,
    TOP,
    TRACKING,
    WIDTH,
    Block,
    Line,
    Page,
    Rule,
    Span,
)
from app.papers.wording import chinese_date

HEAD_MOST, LETTER_MOST = 62.0, 46.0
"""Sizes in points of a head that the line has room for: not higher than 22 mm, and smaller on a letter."""
RISE = 0.86
"""From the top of a character to the baseline, in ems."""
RED_LINE, THICK, THIN = 0.5, 0.35, 0.25
LETTER_TOP, LETTER_BOTTOM, LETTER_WIDTH = 30.0, 20.0, 170.0


@dataclass(frozen=True)
class Frame:
    """What stands around the text of the first page, and how far under the text area's top its first line begins."""

    blocks: tuple[Block, ...] = ()
    rules: tuple[Rule, ...] = ()
    top: float = 0.0

    @property
    def lines(self) -> int:
        """How many lines the first page still holds."""
        return int((HEIGHT - self.top + 0.01) / PITCH)


def frame_of(content: PaperContent, shelf: Shelf) -> Frame:
    """The head that the paper's form asks for; other forms say who writes in their text."""
    if content.form == "document":
        return _document(content, shelf)
    return _letter(content, shelf) if content.form == "letter" else Frame()


def _document(content: PaperContent, shelf: Shelf) -> Frame:
    """Red head 35 mm under the text area's top, number two lines below, red line 4 mm under it (7.2.4–7.2.7)."""
    text = shelf.shown(content.issuer if content.issuer.endswith("文件") else f"{content.issuer}文件")
    head, size = _head(text, shelf, top=TOP + 35, most=HEAD_MOST)
    top = 35 + size * POINT + 2 * PITCH
    number, signer = shelf.shown(content.number or ""), content.signer
    wide = _width(number, shelf)
    x = CELL if signer else (WIDTH - wide) / 2
    blocks = [head, _one("number", number, "fang", x, TOP + top)]
    if signer:
        said, name = "签发人：", shelf.shown(signer)
        start = WIDTH - CELL - _width(said, shelf) - shelf.width(name, "kai", BODY * POINT, TRACKING)
        spans = (Span(said, "fang"), Span(name, "kai"))
        blocks.append(Block("signer", (Line(spans, LEFT + start, _baseline(TOP + top)),), align="at"))
    below = top + BODY * POINT + 4
    rules = (Rule(LEFT, TOP + below, WIDTH, RED_LINE, "red"),)
    return Frame(tuple(one for one in blocks if one.lines), rules, below + 2 * PITCH)


def _letter(content: PaperContent, shelf: Shelf) -> Frame:
    """Head 30 mm under the page's edge, double lines under it and at the foot, number at the right (10.1)."""
    head, size = _head(shelf.shown(content.issuer), shelf, top=LETTER_TOP, most=LETTER_MOST)
    line, end = LETTER_TOP + size * POINT + 4, PAGE_HEIGHT - LETTER_BOTTOM
    x = (PAGE_WIDTH - LETTER_WIDTH) / 2
    rules = (
        Rule(x, line, LETTER_WIDTH, 0.9, "red"),
        Rule(x, line + 1.5, LETTER_WIDTH, THICK, "red"),
        Rule(x, end - 1.5, LETTER_WIDTH, THICK, "red"),
        Rule(x, end, LETTER_WIDTH, 0.9, "red"),
    )
    top = line + 1.5 + BODY * POINT * 7 / 8
    number = shelf.shown(content.number or "")
    block = _one("number", number, "fang", WIDTH - _width(number, shelf), top)
    below = top + BODY * POINT + 2 * PITCH - TOP
    return Frame(tuple(one for one in (head, block) if one.lines), rules, below)


def _head(text: str, shelf: Shelf, *, top: float, most: float) -> tuple[Block, float]:
    """A head in one line as large as fits, its size in points."""
    count = sum(shelf.advance(sign, "song") or 1.0 for sign in text) or 1.0
    size = min(most, WIDTH / count / POINT)
    x = LEFT + (WIDTH - count * size * POINT) / 2
    line = Line((Span(text, "song"),), x, top + RISE * size * POINT)
    return Block("head", (line,), size, "red", "at"), size


def foot_rows(content: PaperContent, shelf: Shelf) -> tuple[tuple[Line, ...], ...]:
    """The notes at a paper's foot, each with its lines: copies, and for a document who printed it when (7.4)."""
    rows = []
    if content.copies:
        said = "抄送："
        hang = shelf.width(said, "fang", SMALL * POINT)
        room = WIDTH - 2 * SMALL * POINT - hang
        names = shelf.shown(f"{'，'.join(content.copies)}。")
        lines = lines_of(names, lambda _at, part: shelf.width(part, "fang", SMALL * POINT), first=room, rest=room)
        x = LEFT + SMALL * POINT
        first = Line((Span(said + lines[0], "fang"),), x, 0.0)
        rows.append((first, *(Line((Span(line, "fang"),), x + hang, 0.0) for line in lines[1:])))
    if content.form == "document":
        printed = f"{chinese_date(content.signed_on)}印发" if content.signed_on else "印发"
        end = LEFT + WIDTH - SMALL * POINT - shelf.width(printed, "fang", SMALL * POINT)
        issuer = Line((Span(shelf.shown(content.issuer), "fang"),), LEFT + SMALL * POINT, 0.0)
        rows.append((issuer, Line((Span(printed, "fang"),), end, 0.0)))
    return tuple(rows)


def foot_height(rows: tuple[tuple[Line, ...], ...], form: str) -> int:
    """How many lines of the page the foot takes."""
    return sum(_lines(row, form, last=at == len(rows)) for at, row in enumerate(rows, 1))


def foot(rows: tuple[tuple[Line, ...], ...], form: str) -> tuple[tuple[Block, ...], tuple[Rule, ...]]:
    """The foot at its place: its last line ends with the text area; a document's lies between lines."""
    blocks: list[Block] = []
    rules: list[Rule] = []
    y = TOP + HEIGHT - foot_height(rows, form) * PITCH
    for at, row in enumerate(rows, 1):
        if form == "document":
            rules.append(Rule(LEFT, y, WIDTH, THICK if at == 1 else THIN))
        beside = form == "document" and at == len(rows)
        placed = []
        for line in row:
            placed.append(Line(line.spans, line.x, y + small_baseline()))
            y += 0 if beside and line is row[0] else PITCH
        blocks.append(Block("printed" if beside else "copies", tuple(placed), SMALL, align="at"))
    if form == "document" and rows:
        rules.append(Rule(LEFT, TOP + HEIGHT, WIDTH, THICK))
    return tuple(blocks), tuple(rules)


def _lines(row: tuple[Line, ...], form: str, *, last: bool) -> int:
    return 1 if form == "document" and last else len(row)


def page_number(number: int, shelf: Shelf) -> Block:
    """— 1 — 7 mm under the text area, a character in: at the right on odd pages, at the left on even ones (7.5)."""
    text = f"— {number} —"
    size = SMALL * POINT
    wide = shelf.width(text, "digits", size)
    x = LEFT + WIDTH - size - wide if number % 2 else LEFT + size
    return Block("page", (Line((Span(text, "digits"),), x, TOP + HEIGHT + 7 + 0.38 * size),), SMALL, align="at")


def draft_mark(text: str, shelf: Shelf) -> Block:
    """草稿 or 送审稿, above the text at the left, where a paper's copy number would stand."""
    return Block("mark", (Line((Span(shelf.shown(text), "hei"),), LEFT, _baseline(14)),), colour="grey", align="at")


def seal_place(page: Page) -> tuple[float, float] | None:
    """The middle of the seal: on the date's axis, so that name and date lie a little under its middle."""
    lines = {block.kind: block.lines[0] for block in page.blocks if isinstance(block, Block) and block.lines}
    if "date" not in lines or "name" not in lines:
        return None
    date, right = lines["date"], PAGE_WIDTH - RIGHT - 4 * CELL
    return (date.x + right) / 2, lines["name"].y


def small_baseline() -> float:
    """From the top of a line to the baseline of 4号 in its middle."""
    return (PITCH - SMALL * POINT) / 2 + 0.88 * SMALL * POINT


def _one(kind: str, text: str, role: Role, x: float, top: float) -> Block:
    lines = (Line((Span(text, role),), LEFT + x, _baseline(top)),) if text else ()
    return Block(kind, lines, align="at")


def _baseline(top: float) -> float:
    return top + 0.88 * BODY * POINT


def _width(text: str, shelf: Shelf) -> float:
    return shelf.width(text, "fang", BODY * POINT, TRACKING)
