"""Columns of a register: one declaration gives the database its type and readers their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Date, Numeric, String, Text
from sqlalchemy.orm import MappedColumn, mapped_column

from app.db import Instant
from app.forms import Said

Kind = Literal["text", "day", "instant", "number", "amount", "flag", "choice", "person", "agency", "several"]
DECLARED = "column"
LONGEST_REF = 64
AMOUNT_DIGITS, AMOUNT_PLACES = 12, 2


@dataclass(frozen=True)
class Column:
    """A column as people meet it.

    `personal`: encrypted, masked, read on need only. `internal`: for the bureau's own lanes, not for a supervisor or an
    agency reading a row about themselves. `filtered`, `sorted`, `listed`: what a list offers and shows. `required`:
    what a person who enters a row must give; a diagram may enter it later.
    """

    said: Said
    kind: Kind
    name: str = ""
    choices: Mapping[str, Said] = field(default_factory=dict)
    size: int | None = None
    personal: bool = False
    internal: bool = False
    filtered: bool = False
    sorted: bool = False
    listed: bool = True
    required: bool = False


def text(zh: str, en: str, *, size: int | None = 200, **marks: bool) -> MappedColumn[Any]:
    """A line of text; without `size` as long as it comes. A personal one is stored encrypted."""
    stored = Text() if size is None or marks.get("personal") else String(size)
    return _declared(stored, Column(Said(zh, en), "text", size=size, **marks))  # type: ignore[arg-type]


def day(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """A date."""
    return _declared(Date(), Column(Said(zh, en), "day", **marks))  # type: ignore[arg-type]


def instant(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """A moment with its offset."""
    return _declared(Instant(), Column(Said(zh, en), "instant", **marks))  # type: ignore[arg-type]


def number(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """A whole number."""
    return mapped_column(nullable=True, info={DECLARED: Column(Said(zh, en), "number", **marks)})  # type: ignore[arg-type]


def amount(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """An amount to two places: yuan or points."""
    return _declared(Numeric(AMOUNT_DIGITS, AMOUNT_PLACES), Column(Said(zh, en), "amount", **marks))  # type: ignore[arg-type]


def flag(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """Yes or no."""
    return mapped_column(nullable=True, info={DECLARED: Column(Said(zh, en), "flag", **marks)})  # type: ignore[arg-type]


def choice(zh: str, en: str, choices: Mapping[str, tuple[str, str]], **marks: bool) -> MappedColumn[Any]:
    """One of the given values, each with its words."""
    said = {value: Said(*pair) for value, pair in choices.items()}
    return _declared(String(64), Column(Said(zh, en), "choice", choices=said, **marks))  # type: ignore[arg-type]


def person(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """A person of the bureau, by ref."""
    return _declared(String(LONGEST_REF), Column(Said(zh, en), "person", **marks), index=True)  # type: ignore[arg-type]


def agency(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """An agency of the bureau, by ref."""
    return _declared(String(LONGEST_REF), Column(Said(zh, en), "agency", **marks), index=True)  # type: ignore[arg-type]


def several(zh: str, en: str, **marks: bool) -> MappedColumn[Any]:
    """A list of texts or rows, kept as it was given; not in lists unless `listed`."""
    column = Column(Said(zh, en), "several", **{"listed": False, **marks})  # type: ignore[arg-type]
    return mapped_column(nullable=True, info={DECLARED: column})


def _declared(stored: Any, column: Column, *, index: bool = False) -> MappedColumn[Any]:
    return mapped_column(stored, nullable=True, index=index, info={DECLARED: column})
