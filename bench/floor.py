"""The SQL of one request, recorded and played again without any rule: what a step over HTTP is measured against."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Protocol

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.db import Database

TABLE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|FROM) "?(\w+)"?')
NUMBER = re.compile(r"(_+\d+)+$")
Values = Mapping[str, Any] | Sequence[Any]


class Fill(Protocol):
    """Fresh values: verb, table, name of the parameter and recorded value to the value that is sent in its place."""

    case_id: int | None

    def __call__(self, verb: str, table: str, name: str, value: Any) -> Any: ...


@dataclass(frozen=True)
class Statement:
    """One statement as the driver got it, with the names of its parameters."""

    text: str
    names: tuple[str, ...]
    values: Values | list[Values]

    @property
    def verb(self) -> str:
        """`SELECT`, `INSERT`, `UPDATE` or `DELETE`."""
        return self.text.split(None, 1)[0].upper()

    @property
    def table(self) -> str:
        """The table that it is about first of all."""
        found = TABLE.search(self.text)
        return found[1] if found else ""

    def filled(self, fill: Fill) -> Any:
        """Its parameters with fresh values where `fill` gives some."""
        if isinstance(self.values, list):
            return [self._row(row, fill) for row in self.values]
        return self._row(self.values, fill)

    def _row(self, row: Values, fill: Fill) -> Values:
        verb, table = self.verb, self.table
        if isinstance(row, Mapping):
            return {name: fill(verb, table, name, value) for name, value in row.items()}
        assert len(row) % len(self.names) == 0, self.text  # several rows in one statement name their columns once
        return tuple(fill(verb, table, name, value) for name, value in zip(cycle(self.names), row, strict=False))


@contextmanager
def recorded(database: Database) -> Iterator[list[Statement]]:
    """What is sent to the database meanwhile."""
    seen: list[Statement] = []

    def note(_connection, _cursor, text, values, context, _many):  # type: ignore[no-untyped-def]
        names = tuple(getattr(context.compiled, "positiontup", None) or ()) if context else ()
        if not text.startswith(("BEGIN", "PRAGMA")):
            seen.append(Statement(text, names, values))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def play(db: Session, statements: Sequence[Statement], fill: Fill) -> None:
    """Send them again in this transaction, results fetched; `fill` learns the id of a case that one of them inserts."""
    connection = db.connection()
    for one in statements:
        result = connection.exec_driver_sql(one.text, one.filled(fill))
        rows = result.all() if result.returns_rows else []
        if one.verb == "INSERT" and one.table == "case":
            fill.case_id = rows[0][0] if rows else result.lastrowid


def column_of(name: str) -> str:
    """The column that a parameter is named after."""
    return NUMBER.sub("", name)


def is_case(verb: str, table: str, name: str) -> bool:
    """Whether the parameter is the id of the case."""
    column = column_of(name)
    return column == "case_id" or (verb == "UPDATE" and table == "case" and column == "id")


class Started:
    """Fresh values of a start: refs and the key; ids of rows come from the case that is inserted."""

    def __init__(self, key: str) -> None:
        self._key, self._fresh = key, secrets.token_urlsafe(12)
        self.case_id: int | None = None

    def __call__(self, verb: str, table: str, name: str, value: Any) -> Any:
        if value == self._key:
            return self._fresh
        if isinstance(value, str) and self._key in value:
            return value.replace(self._key, self._fresh)
        if self.case_id is not None and is_case(verb, table, name):
            return self.case_id
        return secrets.token_urlsafe(12) if column_of(name) == "ref" and verb == "INSERT" else value


@dataclass
class Completed:
    """Fresh values of the n-th completion of a scratch case; whoever plays counts."""

    key: str
    case_id: int | None
    number: int
    entries: list[int]
    """How many journal entries have been numbered so far; grows while it plays."""

    def __call__(self, verb: str, table: str, name: str, value: Any) -> Any:  # noqa: PLR0911 - a table of cases
        column = column_of(name)
        if value == self.key:
            return f"{self.case_id}-{self.number}"
        if column == "ref" and table in ("case", "task"):
            return f"bench-{self.case_id}-{self.number + (verb == 'INSERT')}"
        if is_case(verb, table, name):
            return self.case_id
        if column == "version":
            return self.number + (name == "version")
        if column == "work_id":
            return WORKS + self.number + (verb == "INSERT" and table == "task")
        if column == "seq":
            self.entries[0] += 1
            return (self.number + 1) * PER_STEP + self.entries[0]
        return value


WORKS, PER_STEP = 5_000_000, 100
"""Numbers of work in a scratch case, and of journal entries a step: far from those of real ones."""
