"""Breaking a paragraph into lines: as full as they go, no mark at the wrong end of a line (GB/T 15834, 5.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

NOT_FIRST = "。，、；：？！）》〉”’〕」』】…—·％%℃)]},.;:!?"
NOT_LAST = "（《〈“‘〔「『【([{"
_PIECES = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/@%+#&=_~\-]*|——|……|\s+|.", re.DOTALL)
_SLACK = 1e-6


@dataclass(frozen=True)
class Piece:
    """Characters that stay together on a line, and their width."""

    text: str
    width: float

    @property
    def is_blank(self) -> bool:
        """Whether it is only space, which no line begins or ends with."""
        return not self.text.strip()


def pieces(text: str) -> tuple[str, ...]:
    """A text in the smallest parts that a line may end after, marks at their words."""
    joined: list[str] = []
    for part in _PIECES.findall(text):
        if joined and (part[0] in NOT_FIRST or joined[-1][-1] in NOT_LAST) and not joined[-1].isspace():
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def broken(parts: Sequence[Piece], *, first: float, rest: float) -> tuple[int, ...]:
    """Where lines end, as counts of parts: the first line holds `first`, each other `rest`, in the width's unit.

    A part that is wider than a line stands alone on one.
    """
    ends, room, used = [], first, 0.0
    for at, part in enumerate(parts):
        if at and used and used + part.width > room + _SLACK and not part.is_blank:
            ends.append(at)
            room, used = rest, 0.0
        used += part.width
    return (*ends, len(parts)) if parts else ()


def measured(text: str, width: Callable[[int, str], float], *, most: float) -> Iterator[Piece]:
    """The parts of a text with their widths; one that is wider than `most` is cut between all its characters.

    `width` says how wide characters are that begin at an offset of the text.
    """
    at = 0
    for part in pieces(text):
        whole = width(at, part)
        if whole <= most:
            yield Piece(part, whole)
        else:
            yield from (Piece(sign, width(at + offset, sign)) for offset, sign in enumerate(part))
        at += len(part)


def lines_of(text: str, width: Callable[[int, str], float], *, first: float, rest: float) -> tuple[str, ...]:
    """A text's lines, without the space at their ends."""
    parts = tuple(measured(text, width, most=min(first, rest)))
    ends = broken(parts, first=first, rest=rest)
    starts = (0, *ends)
    return tuple(
        "".join(part.text for part in parts[start:end]) for start, end in zip(starts, ends, strict=False) if end > start
    )
