"""Dates outside the years 1 to 9999, at which Python's own end (DMN 1.5, 10.3.2.3.5 asks for up to nine digits).

The calendar repeats itself every 400 years, weekdays too. A far date is its twin in the years 2000 to 2399 and the
number of such cycles between them; whatever is asked but the year, the twin answers.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

LAST_YEAR = 999_999_999
_CYCLE = 400
_CYCLE_DAYS = 146_097
_START = datetime(2000, 1, 1, tzinfo=UTC)


class Far:
    """A date, or date and time, that lies far away."""

    __slots__ = ("cycle", "near")

    def __init__(self, cycle: int, near: date) -> None:
        self.cycle = cycle
        self.near: Any = near

    @property
    def year(self) -> int:
        """The astronomical year: before the year 1 comes 0."""
        return int(self.near.year) + self.cycle * _CYCLE

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in Far.__slots__:
            raise AttributeError(name)
        return getattr(self.near, name)

    def replace(self, **parts: Any) -> Any:
        """With other parts; never another year (see `on`)."""
        return moved(self.cycle, self.near.replace(**parts))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.cycle}, {self.near!r})"

    def __eq__(self, other: object) -> bool:
        return _alike(self, other) and measure(self) == measure(other)

    def __hash__(self) -> int:
        return hash(measure(self))

    def __lt__(self, other: object) -> bool:
        return measure(self) < measure(other) if _alike(self, other) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return measure(self) > measure(other) if _alike(self, other) else NotImplemented


class FarDate(Far):
    """A far day."""

    __slots__ = ()


class FarDateTime(Far):
    """A far day with a time of day."""

    __slots__ = ()

    def date(self) -> Any:
        """The day."""
        return moved(self.cycle, self.near.date())


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two can be compared: both days, or both instants with a zone or both without."""
    if _is_instant(one) and _is_instant(other):
        return (one.utcoffset() is None) == (other.utcoffset() is None)
    return isinstance(other, date | Far) and not _is_instant(one) and not _is_instant(other)


def _is_instant(value: Any) -> bool:
    return isinstance(value, datetime | FarDateTime)


def measure(value: Any) -> int:
    """Return the microseconds since the year 2000; a wall clock without zone is taken as UTC."""
    cycle, near = _split(value)
    if not isinstance(near, datetime):
        near = datetime.combine(near, time(0))
    near = near.astimezone(UTC) if near.tzinfo else near.replace(tzinfo=UTC)
    return (near - _START) // timedelta(microseconds=1) + cycle * _CYCLE_DAYS * 86_400_000_000


def _split(value: Any) -> tuple[int, Any]:
    if isinstance(value, Far):
        return value.cycle, value.near
    cycle, year = divmod(value.year, _CYCLE)
    return cycle - 5, value.replace(year=2000 + year)


def moved(cycle: int, near: Any) -> Any:
    """Return the date so many cycles from a near one, far or not; raises OverflowError beyond nine digits."""
    year = near.year + cycle * _CYCLE
    if 1 <= year <= 9999:
        return near.replace(year=year)
    if abs(year) > LAST_YEAR:
        raise OverflowError(year)
    more, rest = divmod(near.year, _CYCLE)
    twin = near.replace(year=2000 + rest)
    return (FarDateTime if isinstance(near, datetime) else FarDate)(cycle + more - 5, twin)


def day(year: int, month: int, number: int) -> Any:
    """Return the day; raises ValueError or OverflowError when there is none."""
    cycle, rest = divmod(year, _CYCLE)
    return moved(cycle - 5, date(2000 + rest, month, number))


def on(value: Any, year: int, month: int) -> Any:
    """Return a date or date and time in another month, on its last day where that month is shorter."""
    cycle, near = _split(value)
    cycles, rest = divmod(year, _CYCLE)
    last = monthrange(2000 + rest, month)[1]
    return moved(cycles - 5, near.replace(year=2000 + rest, month=month, day=min(near.day, last)))


def at(day: Any, clock: time) -> Any:
    """Return the instant of a day and a time."""
    cycle, near = _split(day)
    return moved(cycle, datetime.combine(near, clock))


def later(value: Any, span: timedelta) -> Any:
    """Return a day or an instant so much later; real time passes, also over a change of summer time."""
    if not isinstance(value, Far):
        try:
            return _later(value, span)
        except OverflowError:
            pass
    cycle, near = _split(value)
    cycles, days = divmod(span.days, _CYCLE_DAYS)
    return moved(cycle + cycles, _later(near, timedelta(days, span.seconds, span.microseconds)))


def _later(value: Any, span: timedelta) -> Any:
    if not isinstance(value, datetime):
        return (datetime(value.year, value.month, value.day, tzinfo=UTC) + span).date()
    if value.tzinfo is None:
        return value + span
    return (value.astimezone(UTC) + span).astimezone(value.tzinfo)


def between(left: Any, right: Any) -> timedelta:
    """Return the time from right to left; raises OverflowError when it is too long."""
    if isinstance(left, Far) or isinstance(right, Far):
        return timedelta(microseconds=measure(left) - measure(right))
    found: timedelta = left - right
    return found
