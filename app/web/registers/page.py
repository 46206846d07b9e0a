"""Registers as their pages show them: an index, a list with its filters, and a row with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from app.cases.register_history import MOST, FollowedChange, history_of_row
from app.db import Session
from app.errors import NotFound, words
from app.forms import Said
from app.people import directory
from app.people.access import Actor
from app.registers import reading
from app.registers.catalogue import register_named
from app.registers.columns import Column
from app.registers.listing import (
    FROM,
    KEY,
    TO,
    RegisterQuery,
    Sorting,
    filters_of,
    row_of,
    rows_listed,
    sorts_of,
)
from app.registers.patching import Kept
from app.registers.register import Register
from app.web import texts
from app.web.texts import gettext

REFS = frozenset({"person", "agency"})


@dataclass(frozen=True)
class RegisterLink:
    """A register of the index."""

    name: str
    said: str


@dataclass(frozen=True)
class RegisterFilter:
    """A field of the filters. `kind`: text, choice or day; `choices`: values with their words."""

    name: str
    said: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RegisterHead:
    """The head of a column. `order`: the value of `sort` that its link asks for; empty where it is not sorted by."""

    said: str
    order: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class RegisterLine:
    """A row of the list."""

    ref: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class RegisterListPage:
    """A list. `asked`: what the address said, to be said again by the links."""

    name: str
    said: str
    heads: tuple[RegisterHead, ...]
    lines: tuple[RegisterLine, ...]
    filters: tuple[RegisterFilter, ...]
    asked: Mapping[str, str]
    next: str
    narrowed: bool


@dataclass(frozen=True)
class RowField:
    """A field of a row."""

    name: str
    said: str
    value: str
    personal: bool


@dataclass(frozen=True)
class RowChange:
    """A line of the history."""

    when: str
    who: str
    case_ref: str
    case_name: str
    field: str
    old: str
    new: str
    personal: bool


@dataclass(frozen=True)
class RegisterRowPage:
    """A row with its history."""

    name: str
    said: str
    key_said: str
    key: str
    fields: tuple[RowField, ...]
    history: tuple[RowChange, ...]
    more: bool


def index(db: Session, by: Actor) -> tuple[RegisterLink, ...]:
    """The registers in which this person may read anything; at most one statement."""
    return tuple(RegisterLink(one.name, said(one)) for one in reading.readable(db, by))


def said(register: Register) -> str:
    """The register's name in the reader's language."""
    return register.said.in_language(texts.language())


def open_register(name: str, by: Actor) -> Register:
    """The register of that name where this person may read or follow rows of it at all. Raises NotFound."""
    register = register_named(name)
    mine = register.readers.own or register.readers.agency
    if not (reading.reads_every(register, by) or reading.reads_log(by) or mine):
        raise NotFound(words('There is no register "{name}".', name=name))
    return register


def query_of(args: Mapping[str, str]) -> RegisterQuery:
    """What an address asks: `sort=term_end,-status`, `after`, and the filters."""
    parts = [one for one in args.get("sort", "").split(",") if one]
    sorts = tuple(Sorting(one.removeprefix("-"), one.startswith("-")) for one in parts)
    return RegisterQuery({name: value for name, value in args.items() if value}, sorts, args.get("after", ""))


def list_page(db: Session, by: Actor, name: str, args: Mapping[str, str]) -> RegisterListPage:
    """A page of a list; two statements. Raises NotFound and Invalid."""
    register = open_register(name, by)
    asked = query_of(args)
    found = rows_listed(db, register, by, asked)
    columns = [one for one in reading.columns_open(register, by).values() if one.listed and not one.personal]
    names = _names(db, by, columns, found.rows)
    sortable = sorts_of(register, by)
    key = Column(register.key, "text", name=KEY)
    filters = tuple(_filter(one, edge, asked) for one in filters_of(register, by).values() for edge in _edges(one))
    known = {one.name: one.value for one in filters if one.value} | {"sort": args.get("sort", "")}
    lines = (
        RegisterLine(row.ref, row.key, tuple(value_said(one, getattr(row, one.name), names) for one in columns))
        for row in found.rows
    )
    return RegisterListPage(
        name=name,
        said=said(register),
        heads=tuple(_head(one, sortable, asked.sorts) for one in (key, *columns)),
        lines=tuple(lines),
        filters=filters,
        asked={key: value for key, value in known.items() if value},
        next=found.next,
        narrowed=any(one.value for one in filters),
    )


def row_page(db: Session, by: Actor, name: str, ref: str) -> RegisterRowPage:
    """A row with its history; three statements. Raises NotFound for what is not there or not open, alike."""
    register = open_register(name, by)
    row = row_of(db, register, by, ref)
    if row is None:
        raise NotFound(words("There is no such row here."))
    columns = reading.columns_open(register, by)
    history = history_of_row(db, register, row.key, by=by)
    refs = {str(value) for one in history for value in _both(one) if _column(register, one).kind in REFS and value}
    names = _names(db, by, columns.values(), [row], refs)
    fields = (
        RowField(
            one.name,
            one.said.in_language(texts.language()),
            value_said(one, reading.shown(one, row), names),
            one.personal,
        )
        for one in columns.values()
    )
    changes = tuple(_change(by, _column(register, one), one, names) for one in history[:MOST])
    head = register.key.in_language(texts.language())
    return RegisterRowPage(name, said(register), head, row.key, tuple(fields), changes, len(history) > MOST)


def value_said(column: Column, value: object, names: Mapping[str, str]) -> str:
    """A value in the reader's language; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if column.kind == "choice" and value in column.choices:
        return column.choices[str(value)].in_language(texts.language())
    if isinstance(value, datetime):
        return texts.moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return texts.listed(
            [
                str(one) if not isinstance(one, dict) else texts.listed([str(part) for part in one.values()])
                for one in value
            ]
        )
    return names.get(str(value), str(value)) if column.kind in REFS else str(value)


def _names(
    db: Session, by: Actor, columns: Iterable[Column], rows: Iterable[Kept], more: Iterable[str] = ()
) -> Mapping[str, str]:
    named = [one.name for one in columns if one.kind in REFS]
    refs = {getattr(row, name) for row in rows for name in named} | {*more}
    return directory.names_of(db, by.bureau_id, sorted(ref for ref in refs if ref))


def _edges(column: Column) -> tuple[str, ...]:
    return (FROM, TO) if column.kind in ("day", "instant") else ("",)


def _filter(column: Column, edge: str, asked: RegisterQuery) -> RegisterFilter:
    name = f"{column.name}.{edge}" if edge else column.name
    label = column.said.in_language(texts.language())
    if edge:
        label = gettext("{name} from", name=label) if edge == FROM else gettext("{name} until", name=label)
    choices = tuple((value, one.in_language(texts.language())) for value, one in column.choices.items())
    if column.kind == "flag":
        choices = (("true", gettext("Yes")), ("false", gettext("No")))
    kind = "day" if edge else "choice" if choices else "text"
    return RegisterFilter(name, label, kind, asked.filters.get(name, ""), choices)


def _head(column: Column, sortable: frozenset[str], sorts: tuple[Sorting, ...]) -> RegisterHead:
    """Its link puts the column first and keeps the others behind it; once more turns it round."""
    label = column.said.in_language(texts.language())
    if column.name not in sortable:
        return RegisterHead(label)
    mine = next((one for one in sorts if one.name == column.name), None)
    first = Sorting(column.name, falling=bool(mine and sorts[0] == mine and not mine.falling))
    order = [first, *(one for one in sorts if one.name != column.name)][:3]
    asked = ",".join(f"-{one.name}" if one.falling else one.name for one in order)
    return RegisterHead(label, asked, ("descending" if mine.falling else "ascending") if mine else "")


def _both(one: FollowedChange) -> list[object]:
    return [orjson.loads(value) for value in (one.change.old, one.change.new) if value is not None]


def _column(register: Register, one: FollowedChange) -> Column:
    """The column that was changed; of one that there is no more, its name."""
    name = one.change.field
    return register.columns.get(name) or Column(Said(name, name), "text", name=name)


def _change(by: Actor, column: Column, one: FollowedChange, names: Mapping[str, str]) -> RowChange:
    old, new = (
        value_said(column, orjson.loads(value), names) if value is not None else ""
        for value in (one.change.old, one.change.new)
    )
    at = one.change.at if by.learns_instants else one.change.at.date()
    label = column.said.in_language(texts.language())
    return RowChange(texts.moment(at), one.who, one.case_ref, one.case_name, label, old, new, one.change.personal)
