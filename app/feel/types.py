"""FEEL types: what `instance of` asks, and how values are fitted to a declared type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from app.errors import words

from .values import Function, NoValue, Range, Value, kind


@dataclass(frozen=True, slots=True)
class Type:
    """A simple type by its FEEL name (`number`, `Any`), or a name that the host must know."""

    name: str

    def holds(self, value: Value) -> bool:
        """Tell whether a value other than null is of this type."""
        return self.name == "Any" or kind(value) == self.name


@dataclass(frozen=True, slots=True)
class ListType(Type):
    item: Type

    def holds(self, value: Value) -> bool:
        return isinstance(value, list) and all(item is None or self.item.holds(item) for item in value)


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    entries: tuple[tuple[str, Type], ...]

    def holds(self, value: Value) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or wanted.holds(value[name])) for name, wanted in self.entries
        )


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    item: Type

    def holds(self, value: Value) -> bool:
        ends = (value.low, value.high) if isinstance(value, Range) else ()
        return bool(ends) and all(end is None or self.item.holds(end) for end in ends)


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    parameters: tuple[Type, ...]
    result: Type

    def holds(self, value: Value) -> bool:
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        return all(map(_takes, value.types, self.parameters))


def _takes(declared: Type | None, given: Type) -> bool:
    """Tell whether a parameter takes values of a type (contravariance, 10.3.2.9.2), as far as it was declared."""
    return declared is None or "Any" in (declared.name, given.name) or declared.name == given.name


ANY = Type("Any")
NAMES = (
    "years and months duration",
    "days and time duration",
    "date and time",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "list",
    "context",
    "range",
    "function",
    "Null",
    "Any",
)
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "Null": "null",
    "duration": "days and time duration",
}


def named(name: str) -> Type:
    """Return the simple type of this name."""
    return Type(ALIASES.get(name, name))


def instance_of(value: Value, wanted: Type) -> bool:
    """Tell whether the value is of the type; null is of `Null` only."""
    if value is None:
        return wanted.name == "null"
    return wanted.holds(value)


def fit(value: Value, wanted: Type | None) -> Value:
    """Return the value as the type wants it: itself, a list of it, or the one element of a list (10.3.2.9.4).

    Raises NoValue when it does not fit.
    """
    if value is None or wanted is None or wanted.holds(value):
        return value
    if isinstance(wanted, ListType) and not isinstance(value, list) and wanted.item.holds(value):
        return [value]
    if isinstance(value, list) and len(value) == 1 and (value[0] is None or wanted.holds(value[0])):
        return value[0]
    if wanted.name == "date and time" and type(value) is date:
        return datetime(value.year, value.month, value.day, tzinfo=timezone(timedelta(0)))
    raise NoValue(words("{kind} is not of type {type}", kind=kind(value), type=wanted.name))
