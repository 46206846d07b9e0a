"""Lists of a register: filtered and sorted by what its reader may see, a page at a time by keyset, never by offset."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from app.errors import Invalid, words
from app.people.access import Actor
from app.people.models import Organisation, Person
from app.registers.columns import Column
from app.registers.patching import Kept
from app.registers.reading import columns_open, followed
from app.registers.register import Register
from app.registers.values import Unfit, kept, plain

PAGE = 30
KEY = "key"
MOST_SORTS = 3
FROM, TO = "from", "to"
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Sorting:
    """A column by which a list is sorted, or the key; empty values come last either way."""

    name: str
    falling: bool = False


@dataclass(frozen=True)
class RegisterQuery:
    """What a reader asks of a list. `filters`: values by column, of days by `column.from` and `column.to`."""

    filters: Mapping[str, str]
    sorts: tuple[Sorting, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class RegisterList:
    """The rows of a page, and where the next one begins; empty where there is none."""

    rows: Sequence[Kept]
    next: str


def filters_of(register: Register, actor: Actor) -> Mapping[str, Column]:
    """The columns by which this person may filter; never one that they do not see."""
    found = columns_open(register, actor)
    return {name: one for name, one in found.items() if one.filtered and not one.personal}


def sorts_of(register: Register, actor: Actor) -> frozenset[str]:
    """The columns by which this person may sort, and the key."""
    found = columns_open(register, actor)
    return frozenset({KEY, *(name for name, one in found.items() if one.sorted and not one.personal)})


def rows_listed(
    db: Session, register: Register, actor: Actor, asked: RegisterQuery, *, size: int = PAGE
) -> RegisterList:
    """A page of the rows that this person may read or follow, the newest first unless sorted; one statement.

    Raises Invalid, naming the filter or the order that makes no sense.
    """
    refuse_senseless_order(register, actor, asked.sorts)
    model = register.model
    query = followed(register, actor)
    for name, column in filters_of(register, actor).items():
        query = query.where(*_narrowed(register, column, name, asked.filters))
    if asked.after:
        query = query.where(_behind(register, asked))
    for one in asked.sorts:
        sorted_by = getattr(model, one.name)
        query = query.order_by(sorted_by.is_(None), sorted_by.desc() if one.falling else sorted_by)
    rows = db.scalars(query.order_by(model.id.desc()).limit(size + 1)).all()
    return RegisterList(rows[:size], _mark(rows[size - 1], asked.sorts) if len(rows) > size else "")


def refuse_senseless_order(register: Register, actor: Actor, sorts: Sequence[Sorting]) -> None:
    """Raises Invalid for more keys than a list is sorted by, one that comes twice, or one that is not offered."""
    names = [one.name for one in sorts]
    offered = sorts_of(register, actor)
    if len(names) > MOST_SORTS or len({*names}) < len(names) or any(name not in offered for name in names):
        raise Invalid(words("The list cannot be put in this order."), fields=["sort"])


def _narrowed(register: Register, column: Column, name: str, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    stored = getattr(register.model, name)
    if column.kind in ("day", "instant"):
        start, end = (_value(column, filters, f"{name}.{edge}") for edge in (FROM, TO))
        return [test for test in (start and stored >= start, end and stored <= end) if test is not None]
    text = filters.get(name, "").strip()[:LONGEST_SEARCH]
    if not text:
        return []
    if column.kind in ("person", "agency"):
        table = Person if column.kind == "person" else Organisation
        named = select(table.ref).where(table.bureau_id == register.model.bureau_id)
        return [stored.in_(named.where(table.name.contains(text, autoescape=True)))]
    if column.kind == "text":
        return [stored.contains(text, autoescape=True)]
    return [stored == _value(column, filters, name)]


def _value(column: Column, filters: Mapping[str, str], name: str) -> Kept:
    try:
        return kept(column, filters.get(name, ""))
    except Unfit as fault:
        raise Invalid(fault.words, fields=[name]) from None


def _behind(register: Register, asked: RegisterQuery) -> ColumnElement[bool]:
    """What comes after the mark: alike in the first keys and further in the next one, or alike in all and older."""
    values, last = _marked(register, asked)
    alike: list[ColumnElement[bool]] = []
    steps: list[ColumnElement[bool]] = []
    for one, value in zip(asked.sorts, values, strict=True):
        stored = getattr(register.model, one.name)
        further = false()
        if value is not None:
            further = or_(stored < value if one.falling else stored > value, stored.is_(None))
        steps.append(and_(*alike, further))
        alike.append(stored.is_(None) if value is None else stored == value)
    return or_(*steps, and_(*alike, register.model.id < last))


def _mark(row: Kept, sorts: Sequence[Sorting]) -> str:
    said = orjson.dumps([*(plain(getattr(row, one.name)) for one in sorts), row.id])
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _marked(register: Register, asked: RegisterQuery) -> tuple[list[Kept], int]:
    """The values and the id of a mark that an address brings. Raises Invalid for one that no list has given."""
    try:
        *values, last = orjson.loads(base64.urlsafe_b64decode(asked.after + "=" * (-len(asked.after) % 4)))
        read = [
            value if one.name == KEY else kept(register.columns[one.name], value)
            for one, value in zip(asked.sorts, values, strict=True)
        ]
        if not isinstance(last, int) or not all(value is None or isinstance(value, str | int) for value in values):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(words("This page of the list is no longer there; begin again."), fields=["after"]) from None
    return read, last


def row_of(db: Session, register: Register, actor: Actor, ref: str) -> Kept | None:
    """The row of that ref where this person may read or follow it; one statement."""
    query: Select[Kept] = followed(register, actor)
    return db.scalar(query.where(register.model.ref == ref))
