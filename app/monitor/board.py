"""The board: cases in flight by process, step and agency with their colours, each view one statement of fixed cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.cases.models import Case, Task
from app.clock import in_office
from app.limits.clocks import FACT as CLOCKS
from app.monitor.colours import COLOURS, Marks
from app.monitor.scope import Period, filled, how_many, in_flight, office_day
from app.people.access import Actor
from app.people.models import Organisation, Person

PAGE = 50
DEEPEST = 1_000
MOST_STEPS = 500
Sort = Literal["due", "started", "number"]


@dataclass(frozen=True)
class BoardQuery:
    """What is looked for: a kind of case (`process`), an open step, an agency by its ref, a colour, days, words."""

    process: str = ""
    step: tuple[str, str] | None = None
    """Process and element of an open step."""
    agency: str = ""
    colour: str = ""
    """One of `app.monitor.colours.WITHIN`, or `stopped`: cases with an incident."""
    started: Period = field(default_factory=Period)
    search: str = ""
    sort: Sort = "due"
    falling: bool = False
    page: int = 1


@dataclass(frozen=True)
class BoardCounts:
    """The four numbers: cases in flight, due this week, overdue, stopped by an incident."""

    in_flight: int
    this_week: int
    late: int
    stopped: int


@dataclass(frozen=True)
class Tally:
    """How many cases of a group there are, by the colour of the earliest due date of their open steps."""

    key: str
    name: str
    total: int
    colours: dict[str, int]

    @property
    def late(self) -> int:
        """Cases past a due date, of both levels."""
        return self.colours["level1"] + self.colours["level2"]


@dataclass(frozen=True)
class OpenStep:
    """An open step of a listed case."""

    process: str
    element: str
    lane: str
    due: date | None
    opened_at: datetime
    place: str
    place_ref: str
    holder: str | None


@dataclass(frozen=True)
class BoardCase:
    """A case of the list. `due`: the earliest due date among the open steps that were asked for."""

    id: int
    ref: str
    process: str
    title: str
    number: str
    status: str
    started_at: datetime
    incident: dict[str, Any] | None
    release_id: int
    due: date | None
    steps: tuple[OpenStep, ...] = ()
    clocks: tuple[dict[str, Any], ...] = ()
    """The clocks that stand still: {org (None: the whole case), since}."""

    def stands_still(self, place_ref: str) -> date | None:
        """The day since which the clock of a place stands still."""
        found = [one["since"] for one in self.clocks if one["org"] in (None, place_ref)]
        return in_office(datetime.fromisoformat(min(found))).date() if found else None


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many cases there are on all pages."""

    rows: tuple[BoardCase, ...]
    total: int


def counts(db: Session, by: Actor, marks: Marks) -> BoardCounts:
    """The four numbers; one statement."""
    each = _each_case(by).subquery()
    query = select(
        func.count(),
        how_many(marks.within("week", each.c.due)),
        how_many(marks.within("red", each.c.due)),
        how_many(each.c.stopped),
    ).select_from(each)
    return BoardCounts(*(number or 0 for number in db.execute(query).one()))


def groups(db: Session, by: Actor, marks: Marks, along: Literal["process", "agency"]) -> list[Tally]:
    """The cases in flight by their process, or by the agency at which an open step stands; one statement."""
    if along == "process":
        each = _each_case(by).add_columns(Case.process.label("key"), Case.process.label("name")).subquery()
    else:
        each = _each_at_agency(by).subquery()
    numbers = [how_many(marks.within(colour, each.c.due)) for colour in COLOURS]
    query = select(each.c.key, func.max(each.c.name), func.count(), *numbers).group_by(each.c.key).order_by(each.c.key)
    return [
        Tally(key, name, total, dict(zip(COLOURS, colours, strict=True)))
        for key, name, total, *colours in db.execute(query)
    ]


def listed(db: Session, by: Actor, marks: Marks, asked: BoardQuery, *, size: int = PAGE) -> Page:
    """One page of the cases in flight that were asked for, with their open steps; two statements."""
    query = _narrowed(_each_case(by, asked), asked, marks).order_by(*_order(asked)).limit(size)
    page = min(max(asked.page, 1), DEEPEST)
    found = db.execute(query.offset((page - 1) * size)).all()
    steps = _steps_of(db, [row.id for row in found], most=MOST_STEPS + 4 * size)
    return Page(tuple(_row(row, steps.get(row.id, [])) for row in found), found[0].total if found else 0)


def _row(found: Any, steps: list[OpenStep]) -> BoardCase:
    """The step to which the row's date belongs stands first."""
    steps = sorted(steps, key=lambda step: step.due != found.due)
    return filled(BoardCase, found[:9], found.due, tuple(steps), tuple(found.clocks or ()))


def _each_case(by: Actor, asked: BoardQuery = BoardQuery()) -> Select[Any]:  # noqa: B008 - frozen
    """Each case in flight with the earliest due date of its open steps, those of another step or agency left out."""
    due = func.min(Task.due).label("due")
    columns = (Case.id, Case.ref, Case.process, Case.title, Case.number, Case.status, Case.started_at, Case.incident)
    stopped = Case.incident.is_not(None).label("stopped")
    clocks = Case.facts[CLOCKS].label("clocks")
    narrow = asked.step is not None or bool(asked.agency)
    joined = and_(Task.case_id == Case.id, Task.closed_at.is_(None), *_of_step(asked))
    return (
        select(*columns, Case.release_id, due, stopped, func.count().over().label("total"), clocks)
        .join(Task, joined, isouter=not narrow)
        .where(in_flight(by))
        .group_by(Case.id)
    )


def _each_at_agency(by: Actor) -> Select[Any]:
    columns: tuple[Any, ...] = (Organisation.ref.label("key"), Organisation.name.label("name"))
    return (
        select(*columns, func.min(Task.due).label("due"))
        .join(Task, Task.organisation_id == Organisation.id)
        .join(Case, Case.id == Task.case_id)
        .where(in_flight(by), Task.closed_at.is_(None), Organisation.kind == "agency")
        .group_by(Organisation.id, Case.id)
    )


def _of_step(asked: BoardQuery) -> list[ColumnElement[bool]]:
    conditions = []
    if asked.step is not None:
        conditions += [Task.process == asked.step[0], Task.element == asked.step[1]]
    if asked.agency:
        place = select(Organisation.id).where(Organisation.ref == asked.agency)
        conditions.append(Task.organisation_id.in_(place))
    return conditions


def _narrowed(query: Select[Any], asked: BoardQuery, marks: Marks) -> Select[Any]:
    if asked.process:
        query = query.where(Case.process == asked.process)
    if asked.search:
        words = asked.search.strip()
        alike = [column.icontains(words, autoescape=True) for column in (Case.title, Case.number)]
        query = query.where(or_(*alike))
    if asked.started != Period():
        query = query.where(asked.started.holds(office_day(Case.started_at)))
    if asked.colour == "stopped":
        return query.where(Case.incident.is_not(None))
    return query.having(marks.within(asked.colour, func.min(Task.due))) if asked.colour else query


def _order(asked: BoardQuery) -> tuple[ColumnElement[Any], ...]:
    columns: dict[str, InstrumentedAttribute[Any] | ColumnElement[Any]] = {
        "due": func.min(Task.due),
        "started": Case.started_at,
        "number": Case.number,
    }
    chosen = columns[asked.sort]
    last = chosen.is_(None) if asked.sort == "due" else Case.number == "" if asked.sort == "number" else None
    order = (chosen.desc() if asked.falling else chosen.asc(), Case.id.desc() if asked.falling else Case.id.asc())
    return order if last is None else (last, *order)


def _steps_of(db: Session, cases: Sequence[int], *, most: int) -> dict[int, list[OpenStep]]:
    columns = (Task.case_id, Task.process, Task.element, Task.lane, Task.due, Task.opened_at)
    query = (
        select(*columns, Organisation.name, Organisation.ref, Person.name)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(Person, Person.id == Task.holder_id)
        .where(Task.case_id.in_(cases), Task.closed_at.is_(None))
        .order_by(Task.due.is_(None), Task.due, Task.id)
        .limit(most)
    )
    found: dict[int, list[OpenStep]] = {}
    for row in db.execute(query) if cases else ():
        found.setdefault(row.case_id, []).append(filled(OpenStep, row[1:]))
    return found
