"""Functions about days: now, today, weekday, month, week (DMN 1.5, 10.3.4.8 and 10.3.4.9)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from ..compare import equal
from ..far import FarDateTime
from ..run import Run
from ..values import Value
from .registry import builtin

CHINA = timezone(timedelta(hours=8))  # where the host binds no `now`: the one zone of the regulations
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: tuple[str, ...] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
)
_MONTHS += ("November", "December")
DAY = "date: date|date and time"


@builtin("now")
def now(run: Run) -> datetime:
    """This instant; the host's `now` goes before."""
    return datetime.now(CHINA)


@builtin("today")
def today(run: Run) -> date:
    """This day, by the host's clock if it lends `now`; the host's `today` goes before."""
    instant = run.functions.get("now", lambda: datetime.now(CHINA))()
    return instant.date() if isinstance(instant, datetime) else datetime.now(CHINA).date()


@builtin("day of week", DAY)
def day_of_week(run: Run, day: date) -> str:
    """The English name of the weekday."""
    return _WEEKDAYS[day.weekday()]


@builtin("day of year", DAY)
def day_of_year(run: Run, day: date) -> Decimal:
    """The number of the day in its year."""
    return Decimal(day.timetuple().tm_yday)


@builtin("week of year", DAY)
def week_of_year(run: Run, day: date) -> Decimal:
    """The number of the week (ISO 8601)."""
    return Decimal(day.isocalendar().week)


@builtin("month of year", DAY)
def month_of_year(run: Run, day: date) -> str:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("is", "value1: any, value2: any")
def is_same(run: Run, one: Value, other: Value) -> bool:
    """Whether two values are the same in type, value and time zone."""
    if equal(run, one, other) is not True:
        return False
    if isinstance(one, datetime | time | FarDateTime):
        offsets, clocks = (one.utcoffset(), other.utcoffset()), (one.replace(tzinfo=None), other.replace(tzinfo=None))
        return bool(offsets[0] == offsets[1] and clocks[0] == clocks[1])
    return True
