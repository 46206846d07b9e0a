"""Addition, subtraction, multiplication, division and powers of FEEL values (DMN 1.5, 10.3.2.13, tables 54 to 59)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from app.errors import words

from . import far
from .far import Far, FarDate, FarDateTime, later
from .run import Run
from .values import NUMBERS, Months, NoValue, Value, kind

Operation = Callable[[Run, Value, Value], Value]

_NAMES = {date: "d", FarDate: "d", datetime: "dt", FarDateTime: "dt"}
_NAMES |= {time: "t", timedelta: "span", Months: "months", Decimal: "n", str: "s"}


def add_months(day: Value, months: int) -> Value:
    """Return the date or date and time so many months later, on the last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if isinstance(day, Far) or not 1 <= year <= 9999:
        return far.on(day, year, month + 1)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _add_clock(clock: time, span: timedelta) -> time:
    moved = datetime(2000, 1, 1, clock.hour, clock.minute, clock.second, clock.microsecond, UTC)
    passed = timedelta(seconds=span.days * 86400 % 86400 + span.seconds, microseconds=span.microseconds)
    return (moved + passed).time().replace(tzinfo=clock.tzinfo)


def between(left: Value, right: Value) -> timedelta:
    """Return the time from right to left; raises NoValue when only one has a zone."""
    if (left.utcoffset() is None) != (right.utcoffset() is None):
        raise NoValue(words("One time has a zone and the other has none"))
    if isinstance(left, datetime) and isinstance(right, datetime) and left.tzinfo is not None:
        return left.astimezone(UTC) - right.astimezone(UTC)
    return far.between(left, right)


def _between_clocks(left: time, right: time) -> timedelta:
    day = date(2000, 1, 1)
    return between(datetime.combine(day, left), datetime.combine(day, right))


def midnight(day: Value) -> Value:
    """Return the date as a date and time at 00:00 UTC."""
    return far.at(day, time(0, tzinfo=UTC))


def _span_times(span: timedelta, factor: Decimal) -> timedelta:
    return _span(NUMBERS.multiply(_micros(span), factor))


def _span_over(span: timedelta, divisor: Decimal) -> timedelta:
    return _span(NUMBERS.divide(_micros(span), divisor))


def _micros(span: timedelta) -> Decimal:
    return Decimal((span.days * 86400 + span.seconds) * 1_000_000 + span.microseconds)


def _span(micros: Decimal) -> timedelta:
    return timedelta(microseconds=int(micros))


def _months_times(months: Months, factor: Decimal) -> Months:
    return _whole_months(NUMBERS.multiply(Decimal(months.months), factor))


def _months_over(months: Months, divisor: Decimal) -> Months:
    return _whole_months(NUMBERS.divide(Decimal(months.months), divisor))


def _whole_months(count: Decimal) -> Months:
    if abs(count) > 10**12:
        raise NoValue(words("The duration is too long"))
    return Months(int(count))


def _swapped(operation: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    return lambda one, other: operation(other, one)


_TABLES: dict[str, dict[tuple[str, str], Callable[[Value, Value], Value]]] = {
    "+": {
        ("d", "months"): lambda day, span: add_months(day, span.months),
        ("dt", "months"): lambda day, span: add_months(day, span.months),
        ("months", "months"): lambda one, other: Months(one.months + other.months),
        ("span", "span"): lambda one, other: one + other,
        ("d", "span"): later,
        ("dt", "span"): later,
        ("t", "span"): _add_clock,
    },
    "-": {
        ("d", "months"): lambda day, span: add_months(day, -span.months),
        ("dt", "months"): lambda day, span: add_months(day, -span.months),
        ("months", "months"): lambda one, other: Months(one.months - other.months),
        ("span", "span"): lambda one, other: one - other,
        ("d", "span"): lambda day, span: later(day, -span),
        ("dt", "span"): lambda instant, span: later(instant, -span),
        ("t", "span"): lambda clock, span: _add_clock(clock, -span),
        ("d", "d"): far.between,
        ("dt", "dt"): between,
        ("t", "t"): _between_clocks,
        ("dt", "d"): lambda instant, day: between(instant, midnight(day)),
        ("d", "dt"): lambda day, instant: between(midnight(day), instant),
    },
    "*": {("span", "n"): _span_times, ("months", "n"): _months_times},
    "/": {
        ("span", "n"): _span_over,
        ("months", "n"): _months_over,
        ("span", "span"): lambda one, other: NUMBERS.divide(_micros(one), _micros(other)),
        ("months", "months"): lambda one, other: NUMBERS.divide(Decimal(one.months), Decimal(other.months)),
    },
    "**": {},
}
for _table in (_TABLES["+"], _TABLES["*"]):
    for _pair, _operation in list(_table.items()):
        _table.setdefault((_pair[1], _pair[0]), _swapped(_operation))

POWER_COST = 50  # powers and logarithms take some fifty times as long as a sum
ON_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": NUMBERS.power,
}


def calculate(run: Run, operator: str, left: Value, right: Value) -> Value:
    """Return the result for operands that are not both numbers; raises NoValue when there is none."""
    if operator == "+" and type(left) is str and type(right) is str:
        return run.keep(left + right)
    operation = _TABLES[operator].get((_NAMES.get(type(left), ""), _NAMES.get(type(right), "")))
    if operation is None:
        raise NoValue(
            words("{left} {operator} {right} has no result", left=kind(left), operator=operator, right=kind(right))
        )
    return operation(left, right)


def negative(value: Value) -> Value:
    """Return `-value`; raises NoValue for anything but numbers and durations."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, Months):
        return Months(-value.months)
    raise NoValue(words("{kind} has no negative", kind=kind(value)))
