"""The course of a case: every step that was put to somebody, done or open, in the order in which it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.cases.models import Case, Task
from app.people.models import Organisation, Person


@dataclass(frozen=True)
class CourseStep:
    """One task of a case. `who` is the person who has done it, or holds it; None while it waits for its lane."""

    ref: str
    work_id: int
    process: str
    element: str
    lane: str
    organisation_id: int
    organisation: str
    due: date | None
    opened_at: datetime
    closed_at: datetime | None
    ending: str | None
    who_id: int | None
    who: str | None


def steps(db: Session, case_id: int) -> list[CourseStep]:
    """All tasks of a case that the caller has found to be visible; one statement."""
    return [CourseStep(*row) for row in db.execute(_put().where(Task.case_id == case_id).order_by(Task.id))]


def after(db: Session, task_ref: str) -> list[CourseStep]:
    """The tasks that completing this one has opened; one statement, the same answer however often it is asked."""
    done = aliased(Task)
    came = (done.case_id == Task.case_id) & (done.closed_at == Task.opened_at) & (done.id < Task.id)
    query = _put().join(done, came).where(done.ref == task_ref).order_by(Task.id)
    return [CourseStep(*row) for row in db.execute(query)]


def first_ref(db: Session, case_ref: str) -> str | None:
    """The first task of a case."""
    query = select(Task.ref).join(Case, Case.id == Task.case_id).where(Case.ref == case_ref)
    return db.scalar(query.order_by(Task.id).limit(1))


def _put() -> Select[Any]:
    holder, doer = aliased(Person), aliased(Person)
    where: tuple[Any, ...] = (
        Task.ref,
        Task.work_id,
        Task.process,
        Task.element,
        Task.lane,
        Task.organisation_id,
        Organisation.name,
    )
    when = (Task.due, Task.opened_at, Task.closed_at, Task.ending)
    who_id, who = func.coalesce(doer.id, holder.id), func.coalesce(doer.name, holder.name)
    return (
        select(*where, *when, who_id, who)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(holder, holder.id == Task.holder_id)
        .outerjoin(doer, doer.id == Task.closed_by)
    )
