"""FEEL values → JSON values, for storing."""

from __future__ import annotations

from decimal import Decimal

from app.errors import words

from .temporal import write
from .values import KINDS, MAX_NODES, Range, Value, kind, refuse, to_number


def to_json(value: Value) -> object:
    """Return the value as JSON data: dates, times and durations as ISO text, numbers as int when whole, else float.

    Raises Invalid for intervals and functions, and when the value is too large.
    """
    try:
        return _Writer().write(value)
    except RecursionError:
        raise refuse(words("The values or functions are nested too deeply")) from None


class _Writer:
    def __init__(self) -> None:
        self.nodes = 0

    def write(self, value: Value) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise refuse(words("The value is too large to be stored"))
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, Decimal | int | float):
            return to_number(value) if isinstance(value, Decimal) else value
        if isinstance(value, list):
            return [self.write(item) for item in value]
        if isinstance(value, dict):
            return {key: self.write(item) for key, item in value.items()}
        if type(value) not in KINDS or isinstance(value, Range):
            raise refuse(words("A value of type {type} cannot be stored", type=kind(value)), "feel.data")
        return write(value)
