"""`sort` with a function of one's own (DMN 1.5, 10.3.4.6)."""

from __future__ import annotations

from functools import cmp_to_key

from app.errors import words

from ..compare import order
from ..run import Run
from ..values import Function, NoValue, Value
from .registry import builtin


@builtin("sort", "list: list, precedes?: function|null")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> list[Value]:
    """Sorted so that `precedes(x, y)` holds, without it ascending; equal elements keep their order."""

    def place(one: Value, other: Value) -> int:
        run.burn(1)
        if precedes is None:
            return _ascending(one, other)
        if precedes.call(run, [one, other]) is True:
            return -1
        return 1 if precedes.call(run, [other, one]) is True else 0

    return sorted(items, key=cmp_to_key(place))


def _ascending(one: Value, other: Value) -> int:
    placed = order(one, other)
    if placed is None:
        raise NoValue(words("Two values cannot be put in order"))
    return placed
