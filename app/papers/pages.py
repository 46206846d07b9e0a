"""Pages of a paper as values: what stands where, in millimetres from the page's upper left corner (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from app.papers.fonts import Role

POINT = 25.4 / 72
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
WIDTH, HEIGHT = PAGE_WIDTH - LEFT - RIGHT, PAGE_HEIGHT - TOP - BOTTOM
LINES, SIGNS = 22, 28
PITCH, CELL = HEIGHT / LINES, WIDTH / SIGNS
BODY, TITLE, SMALL = 16.0, 22.0, 14.0
"""Sizes 3号, 2号 and 4号 in points."""
ASCENT = 14 * POINT
"""From the top of a line to its baseline, whatever stands on it: so that all lines keep the same distance."""
TRACKING = CELL - BODY * POINT - 0.008
"""What is taken from each character of the text, so that 28 stand in 156 mm with a hair to spare."""

Colour = Literal["ink", "red", "grey"]
Align = Literal["text", "center", "at"]


@dataclass(frozen=True)
class Span:
    """Characters of one font."""

    text: str
    role: Role


@dataclass(frozen=True)
class Line:
    """A line: where it begins, where its baseline lies, and the width that it is stretched to, if it is."""

    spans: tuple[Span, ...]
    x: float
    y: float
    width: float | None = None

    @property
    def text(self) -> str:
        """All its characters."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Block:
    """Lines that belong together: a paragraph, a heading, the head.

    `kind` says what it is (head number signer title to text heading attachment name date note copies page mark cell),
    `level` the depth of a heading, `goes_on` that it continues a paragraph of the page before.
    """

    kind: str
    lines: tuple[Line, ...]
    size: float = BODY
    colour: Colour = "ink"
    align: Align = "text"
    level: int = 0
    goes_on: bool = False


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its height and the lines of each cell."""

    y: float
    height: float
    cells: tuple[tuple[Line, ...], ...]
    is_head: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under each other, with the widths of their columns."""

    x: float
    y: float
    widths: tuple[float, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Rule:
    """A line drawn across."""

    x: float
    y: float
    width: float
    thick: float
    colour: Colour = "ink"


@dataclass(frozen=True)
class Page:
    """One page: texts and tables from top to bottom, and rules. `seal`: the middle of the seal's place."""

    number: int
    blocks: tuple[Block | Table, ...]
    rules: tuple[Rule, ...] = ()
    seal: tuple[float, float] | None = None


@dataclass(frozen=True)
class Laid:
    """A whole paper, laid out."""

    title: str
    pages: tuple[Page, ...]
    families: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    is_light: bool = False

    def to_json(self) -> dict[str, object]:
        """All of it in plain values."""
        return asdict(self)
