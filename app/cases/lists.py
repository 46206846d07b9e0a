"""The boxes of the inbox and the list of cases: each one statement, whatever its length, with the visibility filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from app.cases import notices
from app.cases.models import Candidate, Case, Draft, Task
from app.cases.visible import visible
from app.people.access import HEADS, Actor
from app.people.models import Organisation, Person

Box = Literal["todo", "mine", "done", "drafts"]
PAGE = 50


@dataclass(frozen=True)
class ListedTask:
    """A task in a box. `due`: last day; `holder`: who has taken it, None while it waits for its lane."""

    ref: str
    element: str
    process: str
    lane: str
    due: date | None
    opened_at: datetime
    closed_at: datetime | None
    holder_id: int | None
    holder: str | None
    organisation: str
    case_ref: str
    case_title: str
    case_number: str
    case_status: str
    release_id: int
    id: int = 0
    """The place in a list; never shown."""


@dataclass(frozen=True)
class PageStart:
    """Where the next page of a list begins: after the row of this `id`, whose date the list is ordered by."""

    id: int
    day: date | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class BoxCounts:
    """How many tasks stand in each box."""

    todo: int
    done: int
    drafts: int
    late: int
    unread: int = 0
    """Notices not read yet, as far as the bell counts."""


def counts(db: Session, actor: Actor, today: date) -> BoxCounts:
    """The numbers on the boxes; one statement."""
    todo = and_(_waiting(actor), visible(actor))
    query = select(
        _number(todo),
        _number(and_(_done(actor), visible(actor))),
        _number(and_(_drafted(actor), visible(actor))),
        _number(and_(todo, Task.due < today)),
        notices.unread(actor),
    )
    return BoxCounts(*db.execute(query).one())


def tasks(  # noqa: PLR0913 - what a list can be asked
    db: Session,
    actor: Actor,
    box: Box,
    *,
    search: str = "",
    page: int = 1,
    size: int = PAGE,
    process: str | None = None,
    after: PageStart | None = None,
) -> list[ListedTask]:
    """One page of a box: what is due first stands first, what was done last stands first; one statement.

    `after` goes on behind a row that was listed before, whatever has come or gone in the meantime; `page` counts.
    """
    condition = {"todo": _waiting, "mine": _held, "done": _done, "drafts": _drafted}[box](actor)
    query = _listed().where(condition, visible(actor))
    if process:
        query = query.where(Case.process == process)
    if after is not None:
        query = query.where(_behind(after, done=box == "done"))
    if search:
        pattern = f"%{_escaped(search)}%"
        query = query.where(or_(Case.title.like(pattern, escape="\\"), Case.number.like(pattern, escape="\\")))
    order = (Task.closed_at.desc(), Task.id.desc()) if box == "done" else (Task.due.is_(None), Task.due, Task.id)
    query = query.order_by(*order).limit(size).offset((page - 1) * size)
    return [ListedTask(*row) for row in db.execute(query)]


def open_tasks(db: Session, case_id: int) -> list[ListedTask]:
    """The open tasks of a case that the caller has found to be visible."""
    query = _listed().where(Task.case_id == case_id, Task.closed_at.is_(None)).order_by(Task.id)
    return [ListedTask(*row) for row in db.execute(query)]


@dataclass(frozen=True)
class ListedCase:
    """A case in a list."""

    ref: str
    process: str
    title: str
    number: str
    status: str
    started_at: datetime
    closed_at: datetime | None
    incident: dict[str, Any] | None
    release_id: int
    due: date | None
    """The earliest due date of its open tasks."""
    id: int = 0


def cases(  # noqa: PLR0913 - what a list can be asked
    db: Session,
    actor: Actor,
    *,
    search: str = "",
    running: bool | None = None,
    page: int = 1,
    size: int = PAGE,
    process: str | None = None,
    after: PageStart | None = None,
) -> list[ListedCase]:
    """One page of the cases that this person may see, the newest first; one statement."""
    due = (
        select(func.min(Task.due))
        .where(Task.case_id == Case.id, Task.closed_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    columns = (Case.ref, Case.process, Case.title, Case.number, Case.status, Case.started_at, Case.closed_at)
    query = select(*columns, Case.incident, Case.release_id, due, Case.id).where(visible(actor))
    if process:
        query = query.where(Case.process == process)
    if after is not None:
        query = query.where(Case.id < after.id)
    if search:
        pattern = f"%{_escaped(search)}%"
        query = query.where(or_(Case.title.like(pattern, escape="\\"), Case.number.like(pattern, escape="\\")))
    if running is not None:
        query = query.where(Case.closed_at.is_(None) if running else Case.closed_at.is_not(None))
    query = query.order_by(Case.id.desc()).limit(size).offset((page - 1) * size)
    return [ListedCase(*row) for row in db.execute(query)]


def _waiting(actor: Actor) -> ColumnElement[bool]:
    """Open tasks that this person holds, or may take."""
    posts = [and_(Task.lane == post.lane, Task.organisation_id == post.organisation_id) for post in actor.posts]
    named = exists().where(Candidate.task_id == Task.id, Candidate.person_id == actor.id)
    offered = or_(and_(Task.named.is_(False), or_(false(), *posts)), and_(Task.named, named), _to_name(actor))
    return and_(Task.closed_at.is_(None), or_(Task.holder_id == actor.id, and_(Task.holder_id.is_(None), offered)))


def _to_name(actor: Actor) -> ColumnElement[bool]:
    """Tasks that nobody can take until the head of their lane names somebody anew (D-36)."""
    places = [post.organisation_id for post in actor.posts if post.lane in HEADS]
    nobody = ~exists().where(Candidate.task_id == Task.id)
    return and_(Task.named, Task.organisation_id.in_(places), nobody) if places else false()


def _behind(after: PageStart, *, done: bool) -> ColumnElement[bool]:
    """Rows that stand behind that one in the order of their list."""
    if done:
        return or_(Task.closed_at < after.at, and_(Task.closed_at == after.at, Task.id < after.id))
    if after.day is None:
        return and_(Task.due.is_(None), Task.id > after.id)
    return or_(Task.due > after.day, Task.due.is_(None), and_(Task.due == after.day, Task.id > after.id))


def _held(actor: Actor) -> ColumnElement[bool]:
    """Open tasks that this person has taken, or that were put to them by name."""
    return and_(Task.closed_at.is_(None), Task.holder_id == actor.id)


def _done(actor: Actor) -> ColumnElement[bool]:
    return and_(Task.closed_by == actor.id, Task.ending == "completed")


def _drafted(actor: Actor) -> ColumnElement[bool]:
    drafted = exists().where(Draft.task_id == Task.id, Draft.person_id == actor.id)
    return and_(Task.closed_at.is_(None), drafted)


def _number(condition: ColumnElement[bool]) -> Any:
    counted = select(func.count(Task.id)).join(Case, Case.id == Task.case_id).where(condition)
    return counted.scalar_subquery()


def _listed() -> Select[Any]:
    task = (Task.ref, Task.element, Task.process, Task.lane, Task.due, Task.opened_at, Task.closed_at, Task.holder_id)
    case = (Case.ref, Case.title, Case.number, Case.status, Case.release_id, Task.id)
    columns: tuple[Any, ...] = (*task, Person.name, Organisation.name, *case)
    return (
        select(*columns)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(Person, Person.id == Task.holder_id)
    )


def _escaped(search: str) -> str:
    return search.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
