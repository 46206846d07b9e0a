"""Equality and order of FEEL values, null where two values cannot be compared (10.3.2.11, 10.3.2.12)."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from .far import FarDateTime
from .run import Run
from .values import Range, Value, kind

_ORDERED = frozenset(
    ("number", "string", "date", "date and time", "time", "days and time duration", "years and months duration")
)


def equal(run: Run, left: Value, right: Value) -> bool | None:
    """Return `left = right`; null when the types differ. Null equals only null."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right) and kind(left) != kind(right):
        return None
    if isinstance(left, list):
        return _equal_lists(run, left, right)
    if isinstance(left, dict):
        return _equal_contexts(run, left, right)
    return _equal_clocks(left, right) if isinstance(left, datetime | time | FarDateTime) else bool(left == right)


def _equal_clocks(left: Value, right: Value) -> bool:
    """Fractions of a second do not count (table 42: hour, minute, second, offset)."""
    if (left.utcoffset() is None) != (right.utcoffset() is None):
        return False
    return bool(left.replace(microsecond=0) == right.replace(microsecond=0))


def same(run: Run, left: Value, right: Value) -> bool:
    """Tell whether two elements are equal, for `contains`, `distinct` and their kin."""
    return equal(run, left, right) is True


def _equal_lists(run: Run, left: list[Value], right: list[Value]) -> bool:
    if len(left) != len(right):
        return False
    run.burn(len(left))
    return all(same(run, one, other) for one, other in zip(left, right, strict=True))


def _equal_contexts(run: Run, left: dict[str, Value], right: dict[str, Value]) -> bool:
    run.burn(len(left))
    return left.keys() == right.keys() and all(same(run, value, right[key]) for key, value in left.items())


def order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1 as left stands before, with or after right; null when they have no order."""
    if kind(left) not in _ORDERED or (type(left) is not type(right) and kind(left) != kind(right)):
        return None
    try:
        return int(left > right) - int(left < right)
    except TypeError:  # one with a time zone, one without
        return None


def compare(operator: str, left: Value, right: Value) -> bool | None:
    """Return `left < right` and its kin (not `=`)."""
    placed = order(left, right)
    if placed is None:
        return None
    if operator == "<":
        return placed < 0
    if operator == "<=":
        return placed <= 0
    return placed > 0 if operator == ">" else placed >= 0


def within(run: Run, value: Value, interval: Range) -> bool | None:
    """Tell whether the value lies in the interval; null when it cannot be compared with the ends."""
    low, high = interval.low, interval.high
    if type(value) is type(low) is type(high) is Decimal and not interval.operator:
        return (low <= value if interval.low_closed else low < value) and (
            value <= high if interval.high_closed else value < high
        )
    if interval.operator in ("=", "!="):
        found = equal(run, value, interval.low)
        return None if found is None else found is (interval.operator == "=")
    if not interval.operator and (interval.low is None or interval.high is None):
        return None
    above = True if interval.low is None else compare(">=" if interval.low_closed else ">", value, interval.low)
    below = True if interval.high is None else compare("<=" if interval.high_closed else "<", value, interval.high)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True
