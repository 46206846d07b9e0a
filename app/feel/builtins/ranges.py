"""Comparing points and intervals: before, meets, overlaps, during … (DMN 1.5, 10.3.4.9, table 82)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import words

from ..compare import order
from ..run import Run
from ..values import NoValue, Range, Value
from .registry import builtin

POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


@dataclass(frozen=True, slots=True)
class End:
    """One end of an interval; `side` is -1 or 1 when it has no bound there."""

    value: Value
    closed: bool
    side: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A point, as the interval of itself, or an interval."""

    low: End
    high: End


def span(value: Value) -> Span:
    """Return the ends; raises NoValue for the interval of a test `!=`."""
    if not isinstance(value, Range):
        return Span(End(value, True), End(value, True))
    if value.operator == "!=":
        raise NoValue(words("The interval has no ends"))
    return Span(
        End(value.low, value.low_closed, -1 if value.low is None else 0),
        End(value.high, value.high_closed, 1 if value.high is None else 0),
    )


def placed(one: End, other: End) -> int:
    """Return -1, 0 or 1 as one end's value is less, equal or greater; raises NoValue when not comparable."""
    if one.side or other.side:
        return (one.side > other.side) - (one.side < other.side)
    found = order(one.value, other.value)
    if found is None:
        raise NoValue(words("Two values cannot be put in order"))
    return found


def before(a: Span, b: Span) -> bool:
    found = placed(a.high, b.low)
    return found < 0 or (found == 0 and not (a.high.closed and b.low.closed))


def meets(a: Span, b: Span) -> bool:
    return a.high.closed and b.low.closed and placed(a.high, b.low) == 0


def overlaps(a: Span, b: Span) -> bool:
    return not before(a, b) and not before(b, a)


def starts_first(a: Span, b: Span) -> bool:
    found = placed(a.low, b.low)
    return found < 0 or (found == 0 and a.low.closed and not b.low.closed)


def ends_within(a: Span, b: Span) -> bool:
    found = placed(a.high, b.high)
    return found < 0 or (found == 0 and (not a.high.closed or b.high.closed))


def starts_within(a: Span, b: Span) -> bool:
    found = placed(a.low, b.low)
    return found > 0 or (found == 0 and (not a.low.closed or b.low.closed))


def overlaps_before(a: Span, b: Span) -> bool:
    return starts_first(a, b) and not before(a, b) and ends_within(a, b)


def finishes(a: Span, b: Span) -> bool:
    return a.high.closed == b.high.closed and placed(a.high, b.high) == 0 and starts_within(a, b)


def starts(a: Span, b: Span) -> bool:
    return a.low.closed == b.low.closed and placed(a.low, b.low) == 0 and ends_within(a, b)


def during(a: Span, b: Span) -> bool:
    return starts_within(a, b) and ends_within(a, b)


def coincides(a: Span, b: Span) -> bool:
    return starts(a, b) and finishes(a, b)


Relation = Callable[[Span, Span], bool]
Pairs = tuple[tuple[str, str], ...]
_RANGES: Pairs = (("range1", "range2"),)
_INSIDE: Pairs = (("point", "range"), *_RANGES)
_POINTS: Pairs = (("point1", "point2"), *_RANGES)
_ALL: Pairs = (("point1", "point2"), ("range", "point"), *_INSIDE)
_RELATIONS: tuple[tuple[str, str, Pairs, Relation], ...] = (
    ("before", "after", _ALL, before),
    ("meets", "met by", _RANGES, meets),
    ("overlaps", "", _RANGES, overlaps),
    ("overlaps before", "overlaps after", _RANGES, overlaps_before),
    ("finishes", "finished by", _INSIDE, finishes),
    ("during", "includes", _INSIDE, during),
    ("starts", "started by", _INSIDE, starts),
    ("coincides", "", _POINTS, coincides),
)


def _swapped(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _declare(name: str, names: tuple[str, str], relation: Relation) -> None:
    def body(run: Run, one: Value, other: Value) -> bool:
        return relation(span(one), span(other))

    kinds = ["range" if given.startswith("range") else POINT for given in names]
    builtin(name, f"{names[0]}: {kinds[0]}, {names[1]}: {kinds[1]}")(body)


for _name, _converse, _pairs, _relation in _RELATIONS:
    for _pair in _pairs:
        _declare(_name, _pair, _relation)
        if _converse:
            _declare(_converse, _pair if _pair in _POINTS else (_pair[1], _pair[0]), _swapped(_relation))
