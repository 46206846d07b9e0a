"""Which rules of a large table can match at all: an index over the column whose cells name the most constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.feel import UnaryTests
from app.feel.values import Value

SMALLEST = 4  # rules; below, trying them all is as quick
_KEYS = frozenset((str, bool, Decimal, type(None)))  # equal by FEEL exactly when equal by Python and of one type
Key = tuple[type, Value]


@dataclass(frozen=True, slots=True)
class Index:
    """Positions of rules: by the constant in their cell, and those whose cell says something else."""

    column: int
    exact: Mapping[Key, tuple[int, ...]]
    rest: tuple[int, ...]

    def candidates(self, inputs: Sequence[Value]) -> Sequence[int]:
        """Return the positions of the rules that may match, in order; all others certainly do not."""
        value = inputs[self.column]
        found = self.exact.get((type(value), value), ()) if type(value) in _KEYS else ()
        return sorted(found + self.rest) if found and self.rest else found or self.rest


def index_of(rows: Sequence[Sequence[UnaryTests]]) -> Index | None:
    """Return the index over the best column of the rules' cells; None where it would not spare half of the rules."""
    if len(rows) < SMALLEST:
        return None
    indexes = [_over(number, column) for number, column in enumerate(zip(*rows, strict=True))]
    best = min(indexes, key=_worst, default=None)
    return best if best is not None and _worst(best) * 2 <= len(rows) else None


def _worst(index: Index) -> int:
    return len(index.rest) + max(map(len, index.exact.values()), default=0)


def _over(number: int, cells: Sequence[UnaryTests]) -> Index:
    exact: dict[Key, list[int]] = {}
    rest = []
    for position, cell in enumerate(cells):
        if cell.constants is None or not all(type(value) in _KEYS for value in cell.constants):
            rest.append(position)
            continue
        for key in {(type(value), value) for value in cell.constants}:
            exact.setdefault(key, []).append(position)
    return Index(number, {key: tuple(found) for key, found in exact.items()}, tuple(rest))
