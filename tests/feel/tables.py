"""Reads the tables of the FEEL tests: `expression => expected expression`, both FEEL, compared by value and type."""

from __future__ import annotations

from app.feel import compile
from app.feel.values import Range, Value, kind


def rows(table: str) -> list[tuple[str, str]]:
    """Return the pairs of a table; empty lines and lines that start with `#` are left out."""
    lines = (line.strip() for line in table.splitlines())
    pairs = (line.partition(" => ") for line in lines if line and not line.startswith("#"))
    return [(source.strip(), expected.strip()) for source, _, expected in pairs]


def value(source: str, **context: object) -> Value:
    """Return the value of an expression."""
    return compile(source, context)(context)


def check(source: str, expected: str) -> None:
    """Assert that both sides have the same value of the same kind."""
    found, wanted = value(source), value(expected)
    assert (kind(found), found) == (kind(wanted), wanted) or (isinstance(found, Range) and found == wanted), source
