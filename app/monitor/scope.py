"""Whose cases a monitor may count, and instants as days of the office, in SQL of both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, and_, case, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.cases.models import Case
from app.cases.visible import visible
from app.people.access import Actor, admit

Record = TypeVar("Record")
AUDIENCE = "managers"
DRAFT = "draft"
"""A draft is its author's own business: it is neither counted nor listed."""


def seen_by(by: Actor) -> ColumnElement[bool]:
    """The filter of every query here: the cases of the manager's own bureau. Raises NotAllowed for others."""
    admit(AUDIENCE, by)
    return and_(visible(by), Case.status != DRAFT)


def in_flight(by: Actor) -> ColumnElement[bool]:
    """The same, of the cases that are not over."""
    return and_(seen_by(by), Case.closed_at.is_(None))


@dataclass(frozen=True)
class Period:
    """A stretch of days, both of them within; None leaves an end open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: Any) -> ColumnElement[bool]:
        """The condition that a column of days lies within."""
        bounds = [day >= self.start] if self.start else []
        return and_(True, *bounds, *([day <= self.end] if self.end else []))


def filled(kind: Callable[..., Record], columns: Sequence[Any], *more: Any) -> Record:
    """A record of the columns of a row, in their order, and of what is worked out beside them."""
    return kind(*columns, *more)


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The number of rows of which it holds; null where there are no rows at all."""
    return func.sum(case((condition, 1), else_=0))


class office_day(GenericFunction[Any]):
    """The office's date of an instant."""

    type = Date()
    inherit_cache = True
    name = "office_day"


@compiles(office_day, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"date({compiler.process(element.clauses, **words)}, '+8 hours')"


@compiles(office_day, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST(timezone(INTERVAL '8 hours', {compiler.process(element.clauses, **words)}) AS DATE)"


class as_day(GenericFunction[Any]):
    """A date that JSON keeps as text."""

    type = Date()
    inherit_cache = True
    name = "as_day"


@compiles(as_day, "sqlite")
def _text_on_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return str(compiler.process(element.clauses, **words))


@compiles(as_day, "postgresql")
def _text_on_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **words)} AS DATE)"
