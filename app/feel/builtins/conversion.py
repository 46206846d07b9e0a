"""Conversion functions and `not` (DMN 1.5, 10.3.4.1 and 10.3.4.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

from app.errors import words

from .. import far
from ..far import FarDateTime
from ..run import Run
from ..temporal import MAX_OFFSET, parse_date, parse_date_time, parse_duration, parse_time
from ..values import Months, NoValue, Range, Value, kind, number
from .registry import builtin
from .writing import written


@builtin("date", "from: string")
def date_of_text(run: Run, source: str) -> Value:
    """`date("2026-02-01")`."""
    return parse_date(source)


@builtin("date", "from: date|date and time")
def date_of(run: Run, source: Value) -> Value:
    """The day of a date and time."""
    return source.date() if isinstance(source, datetime | FarDateTime) else source


@builtin("date", "year: number, month: number, day: number")
def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """`date(2026, 2, 1)`."""
    try:
        return far.day(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        raise NoValue(words("There is no such day")) from None


@builtin("date and time", "from: string")
def date_time_of_text(run: Run, source: str) -> Value:
    """`date and time("2026-02-01T09:30:00+08:00")`."""
    return parse_date_time(source)


@builtin("date and time", "from: date and time|date")
def date_time_of(run: Run, source: Value) -> Value:
    """A date alone means its first instant."""
    return source if isinstance(source, datetime | FarDateTime) else far.at(source, time(0))


@builtin("date and time", "date: date|date and time, time: time")
def date_time_of_parts(run: Run, day: Value, clock: time) -> Value:
    """The time on that day."""
    return far.at(date_of(run, day), clock)


@builtin("time", "from: string")
def time_of_text(run: Run, source: str) -> time:
    """`time("09:30:00+08:00")`."""
    return parse_time(source)


@builtin("time", "from: time|date|date and time")
def time_of(run: Run, source: Value) -> Value:
    """The time of day; a date's is 00:00 UTC."""
    if isinstance(source, time):
        return source
    return source.timetz() if isinstance(source, datetime | FarDateTime) else time(0, tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration|null")
def time_of_parts(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """`time(9, 30, 0, duration("PT8H"))`."""
    if offset is not None and abs(offset) > timedelta(seconds=MAX_OFFSET):
        raise NoValue(words("There is no such time zone"))
    try:
        micros = int(second * 1_000_000) % 1_000_000
        place = None if offset is None else timezone(offset)
        return time(int(hour), int(minute), int(second), micros, tzinfo=place)
    except (ValueError, OverflowError):
        raise NoValue(words("There is no such time of day")) from None


@builtin("duration", "from: string")
def duration(run: Run, source: str) -> Months | timedelta:
    """`duration("P5D")`, `duration("P1Y2M")`."""
    return parse_duration(source)


@builtin("duration", "from: days and time duration|years and months duration")
def duration_of(run: Run, source: Months | timedelta) -> Months | timedelta:
    """A duration stays what it is."""
    return source


@builtin("years and months duration", "from: date|date and time, to: date|date and time")
def months_between(run: Run, start: Value, end: Value) -> Months:
    """Whole months between two days, negative when `to` is the earlier."""
    if end < start if kind(start) == kind(end) and _same_zone(start, end) else date_of(run, end) < date_of(run, start):
        return Months(-months_between(run, end, start).months)
    return Months((end.year - start.year) * 12 + end.month - start.month - (end.day < start.day))


def _same_zone(one: Value, other: Value) -> bool:
    zones = [value.tzinfo is None for value in (one, other) if isinstance(value, datetime | FarDateTime)]
    return len(set(zones)) < 2


_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@builtin("number", "from: string")
def number_of(run: Run, source: str) -> Decimal:
    """`number("12.5")`."""
    if not _NUMBER.fullmatch(source.strip()) or len(source) > 100:
        raise NoValue(words("{text} is not a number", text=source[:60]))
    return number(source.strip())


@builtin("number", "from: number")
def number_itself(run: Run, source: Decimal) -> Decimal:
    """A number stays what it is."""
    return source


@builtin("number", "from: string, grouping separator: string|null, decimal separator?: string|null")
def number_with(run: Run, source: str, grouping: str | None, point: str | None = None) -> Decimal:
    """`number("1 000,5", " ", ",")`."""
    if grouping not in (" ", ",", ".", None) or point not in (".", ",", None) or (point and grouping == point):
        raise NoValue(words("The separators of the number cannot be used"))
    text = source.replace(grouping, "") if grouping else source
    return number_of(run, text.replace(point, ".") if point else text)


@builtin("string", "from: any")
def string(run: Run, source: Value) -> str | None:
    """The value as text; null stays null."""
    return None if source is None else run.keep(written(run, source))


_INTERVAL = re.compile(r"\s*([\[(\]])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])\s*", re.DOTALL)
_END = re.compile(r'(?:@|(date|time|date and time|duration)\s*\(\s*)?"([^"\\]*)"\s*\)?')


@builtin("range", "from: string")
def range_of(run: Run, source: str) -> Range:
    """`range("[18..28)")`; the ends are literals."""
    found = _INTERVAL.fullmatch(source)
    if found is None:
        raise NoValue(words("{text} is not an interval", text=source[:60]))
    low, high = _end(run, found[2]), _end(run, found[3])
    closed = (found[1] == "[" and low is not None, found[4] == "]" and high is not None)
    if (low is None and high is None) or (low is not None and high is not None and type(low) is not type(high)):
        raise NoValue(words("{text} is not an interval", text=source[:60]))
    return Range(low, high, *closed)


def _end(run: Run, text: str) -> Value:
    if text in ("", "null"):
        return None
    found = _END.fullmatch(text)
    if found is None:
        return number_of(run, text)
    if text.startswith('"'):
        return found[2]
    readers = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}
    return readers[found[1]](found[2]) if found[1] else _literal(found[2])


def _literal(text: str) -> Value:
    for read in (parse_date, parse_time, parse_duration):
        try:
            return read(text)
        except NoValue:
            continue
    return parse_date_time(text)


@builtin("not", "negand: any")
def not_(run: Run, negand: Value) -> bool | None:
    """True for false, false for true, else null."""
    return (not negand) if isinstance(negand, bool) else None
