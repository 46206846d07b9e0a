"""What a dot reaches: entries of contexts, properties of dates, times, durations and intervals (table 62 to 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.errors import words

from .far import FarDate, FarDateTime
from .run import Run
from .values import Months, NoValue, Range, Value, kind

Property = Callable[[Value], Value]


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset()


def _zone(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _second(value: datetime | time) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond) / 1_000_000


def _signed(span: timedelta, part: Callable[[timedelta], Decimal]) -> Decimal:
    found = part(abs(span))
    return -found if span < timedelta(0) else found


_DAY: dict[str, Property] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Property] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": _offset,
    "timezone": _zone,
}
_SPAN: dict[str, Property] = {
    "days": lambda value: _signed(value, lambda span: Decimal(span.days)),
    "hours": lambda value: _signed(value, lambda span: Decimal(span.seconds // 3600)),
    "minutes": lambda value: _signed(value, lambda span: Decimal(span.seconds % 3600 // 60)),
    "seconds": lambda value: _signed(
        value, lambda span: Decimal(span.seconds % 60) + Decimal(span.microseconds) / 1_000_000
    ),
}
_MONTHS: dict[str, Property] = {
    "years": lambda value: Decimal(int(value.months / 12)),
    "months": lambda value: Decimal(value.months - int(value.months / 12) * 12),
}
_RANGE: dict[str, Property] = {
    "start": lambda value: value.low,
    "end": lambda value: value.high,
    "start included": lambda value: value.low_closed,
    "end included": lambda value: value.high_closed,
}
PROPERTIES: dict[type, dict[str, Property]] = {
    date: _DAY,
    FarDate: _DAY,
    datetime: {**_DAY, **_CLOCK},
    FarDateTime: {**_DAY, **_CLOCK},
    time: _CLOCK,
    timedelta: _SPAN,
    Months: _MONTHS,
    Range: _RANGE,
}


def step(run: Run, value: Value, name: str) -> Value:
    """Return `value.name`, for a list that of each element; raises NoValue when there is none."""
    if isinstance(value, list):
        run.burn(len(value))
        return [_step_or_null(run, item, name) for item in value]
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise NoValue(words("The context has no entry {name}", name=name))
    found = PROPERTIES.get(type(value), {}).get(name)
    if found is None:
        raise NoValue(words("{kind} has no {name}", kind=kind(value), name=name))
    return found(value)


def _step_or_null(run: Run, value: Value, name: str) -> Value:
    try:
        return step(run, value, name)
    except NoValue:
        return None
