"""FEEL values → JSON data and JSON text: numbers leave with all their digits; what cannot be JSON is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from app.errors import words

from .temporal import write
from .values import KINDS, MAX_NODES, Range, Value, kind, refuse, text_of_number

MOST_DIGITS = 400  # of a whole number written out
FACT_LIMIT = 2**63


def to_json(value: Value) -> object:
    """Return the value as JSON data: dates, times and durations as ISO text, numbers exactly.

    A whole number is an int of any size. A fraction is a float where the float is written with the same digits, else it
    stays a Decimal, which `json_text` writes out. Raises Invalid for intervals and functions, and when it is too large.
    """
    return _written(value, exact_number)


def to_fact(value: Value) -> object:
    """Return the value as a case keeps it: as `to_json`, but a fraction is the nearest float (15 to 17 digits).

    Facts are read by databases and browsers, whose numbers are floats. Raises Invalid beyond 64 bits.
    """
    return _written(value, fact_number)


def json_text(value: object) -> str:
    """Return JSON data as one line of text, each number with all its digits."""
    if isinstance(value, Decimal):
        return text_of_number(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(str(key))}: {json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def exact_number(value: Decimal) -> int | float | Decimal:
    """Return the number as JSON data without the loss of a digit; raises Invalid beyond 400 digits."""
    if value.adjusted() >= MOST_DIGITS:
        raise refuse(words("The number is too large to be stored"))
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else value


def fact_number(value: Decimal) -> int | float:
    """Return the number as a fact; raises Invalid for a whole number that 64 bits do not hold."""
    exact = exact_number(value)
    if isinstance(exact, int) and not -FACT_LIMIT <= exact < FACT_LIMIT:
        raise refuse(words("The number {number} is too large to be kept in a case", number=text_of_number(value)[:40]))
    return float(exact) if isinstance(exact, Decimal) else exact


def _written(value: Value, number: Callable[[Decimal], object]) -> object:
    try:
        return _Writer(number).write(value)
    except RecursionError:
        raise refuse(words("The values or functions are nested too deeply")) from None


class _Writer:
    def __init__(self, number: Callable[[Decimal], object]) -> None:
        self.nodes = 0
        self.number = number

    def write(self, value: Value) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise refuse(words("The value is too large to be stored"))
        if value is None or isinstance(value, bool | str | int | float):
            return value
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, list):
            return [self.write(item) for item in value]
        if isinstance(value, dict):
            return {key: self.write(item) for key, item in value.items()}
        if type(value) not in KINDS or isinstance(value, Range):
            raise refuse(words("A value of type {type} cannot be stored", type=kind(value)), "feel.data")
        return write(value)
