"""The values of FEEL, and how JSON data becomes values and values become JSON data (DMN 1.5, 10.3.2).

number = Decimal (34 digits) · string = str · boolean = bool · null = None · list = list · context = dict
date, time, date and time = those of `datetime`, or of `far` · days and time duration = timedelta
years and months duration = Months
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from app.errors import Finding, Invalid, Words, words

from .far import FarDate, FarDateTime

Value = Any  # one of the types above, a Range, or a Function (app.feel.functions)

MAX_STRING = 100_000
LEAST, MOST = -(10**34), 10**34  # whole numbers between need no rounding
HUGE = 1e300
SHORT = 1_000  # elements
_INTEGERS = {int}
WHOLE = {number: Decimal(number) for number in range(-1_000, 10_000)}  # most of those that people write
MAX_NODES = 500_000  # of data coming in or going out
NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
    flags=[],
    clamp=0,
    capitals=1,
)
NUMBERS.clear_traps()
for _signal in (InvalidOperation, DivisionByZero, Overflow):
    NUMBERS.traps[_signal] = True
NUMBERS.traps[Clamped] = False


class NoValue(Exception):
    """Why an operation gives null; never leaves the package, it becomes a warning for the process owner."""

    def __init__(self, text: Words) -> None:
        super().__init__(text)
        self.words = text


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, counted in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open without bound. `operator` is set when it was written `(< 10)`."""

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    operator: str = ""


class Function:
    """A FEEL function: built in, written in an expression, or lent by the host. Compared by identity."""

    name: str = "function"
    parameters: tuple[str, ...] = ()
    types: tuple[Any, ...] = ()  # of the parameters, None where none is declared

    def invoke(self, run: Any, arguments: list[Value]) -> Value:
        """Return the result for positional arguments; raises NoValue when they do not suit."""
        raise NotImplementedError

    def call(self, run: Any, arguments: list[Value], names: tuple[str, ...] = ()) -> Value:
        """Return the result; `names` are those of the arguments when they were given by name. Raises NoValue."""
        return self.invoke(run, self.arrange(arguments, names) if names else arguments)

    def arrange(self, arguments: list[Value], names: tuple[str, ...]) -> list[Value]:
        """Return named arguments in the order of the parameters; raises NoValue when the names differ."""
        given = dict(zip(names, arguments, strict=True))
        if len(given) != len(names) or set(given) != set(self.parameters):
            raise NoValue(words("{name} has other parameters", name=self.name))
        return [given[name] for name in self.parameters]


KINDS: dict[type, str] = {
    type(None): "null",
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    datetime: "date and time",
    FarDate: "date",
    FarDateTime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}
PLAIN = frozenset(KINDS) - {list, dict}


def kind(value: Value) -> str:
    """Return the FEEL name of the value's type."""
    return KINDS.get(type(value), "function")


def number(value: int | float | Decimal | str) -> Decimal:
    """Return the FEEL number: at most 34 digits; raises ArithmeticError when it does not fit."""
    return NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)


def refuse(text: Words, rule: str = "feel.limit", position: int | None = None) -> Invalid:
    """Return the error for an expression that cannot be read or passes a limit."""
    return Invalid(text, [Finding(text, rule=rule, position=position)])


def from_data(value: object) -> Value:
    """Return the FEEL value of JSON data (or of a FEEL value). The data is copied, never changed or shared.

    Raises Invalid for anything that is neither, and when it is too large.
    """
    found = type(value)
    if found in PLAIN:
        return value
    if found is float and -HUGE < value < HUGE:  # type: ignore[operator]
        return Decimal(repr(value))  # at most 17 digits
    if found is list and len(value) <= SHORT:  # type: ignore[arg-type]
        flat = _flat(value)  # type: ignore[arg-type]
        if flat is not None:
            return flat
    return number_of(value) if isinstance(value, int | float) else _Copier().copy(value)


def _flat(values: list[object]) -> list[Value] | None:
    """The copy of a short list of usual whole numbers, or of FEEL values that are no lists; None for any other."""
    kinds = set(map(type, values))
    if kinds == _INTEGERS:
        try:
            return [WHOLE[value] for value in values]  # type: ignore[index]
        except KeyError:
            return None
    return values.copy() if kinds <= PLAIN else None


def number_of(value: int | float) -> Decimal | None:
    """Return the FEEL number of a Python number, null when it is not finite or too large."""
    if type(value) is int and LEAST < value < MOST:
        return Decimal(value)
    try:
        result = number(value)
    except (ArithmeticError, ValueError):
        return None
    return result if result.is_finite() else None


class _Copier:
    """Copies data; counts, since a small value that holds itself twice, many times over, is large when copied."""

    def __init__(self) -> None:
        self.count = 0

    def copy(self, value: object) -> Value:
        self.count += 1
        if self.count > MAX_NODES:
            raise refuse(words("The data is too large"), "feel.data")
        if type(value) is list:
            return self._list(value)
        if type(value) in PLAIN or isinstance(value, Function):
            return value
        if isinstance(value, int | float):
            return number_of(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, Mapping):
            return {str(key): self.copy(item) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            return self._list(value)
        raise refuse(words("A value of type {type} is not data", type=type(value).__name__), "feel.data")

    def _list(self, values: Sequence[object]) -> list[Value]:
        if self.count + len(values) > MAX_NODES:
            raise refuse(words("The data is too large"), "feel.data")
        made: list[Value] = []
        for value in values:
            if type(value) is int and LEAST < value < MOST:
                self.count += 1
                made.append(Decimal(value))
            else:
                made.append(self.copy(value))
        return made


def text_of_number(value: Decimal) -> str:
    """Return the number in plain digits, without an exponent and without trailing zeros of no meaning."""
    text = format(value, "f")
    return "0" if value == 0 else text.rstrip("0").rstrip(".") if "." in text else text
