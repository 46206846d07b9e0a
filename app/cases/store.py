"""The turn's SQL, in one place: locking a case, keeping it, and projecting what its instance says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, delete, insert, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from app.cases.models import Candidate, Case, Letter, Party, Subscription, Task, Timer
from app.db import insert_rows, table_of
from app.engine import Message, Work
from app.engine import Subscription as Waited
from app.engine import Timer as Armed
from app.errors import Conflict, words
from app.people.models import Organisation, new_ref


@dataclass(frozen=True)
class Locked:
    """A case row held for this transaction, with its bureau's name and settings."""

    case: Case
    bureau_name: str
    bureau_ref: str
    bureau_settings: Mapping[str, Any]


@dataclass(frozen=True)
class LockedTask(Locked):
    """A task row held together with its case."""

    task: Task


def lock_case(db: Session, case_id: int) -> Locked | None:
    """Hold the case until the transaction ends."""
    query = (
        select(Case, Organisation.name, Organisation.ref, Organisation.settings)
        .join(Organisation, Organisation.id == Case.bureau_id)
        .where(Case.id == case_id)
        .with_for_update(of=Case)
    )
    row = db.execute(query.execution_options(populate_existing=True)).first()
    return Locked(*row) if row else None


def lock_task(db: Session, task_ref: str) -> LockedTask | None:
    """Hold a task and its case; of two who come at once, the second reads what the first has done."""
    row = db.execute(_task_held(), {"task_ref": task_ref}).first()
    return LockedTask(*row) if row else None


@cache  # built once, as are the other statements of every turn
def _task_held() -> Select[tuple[Case, str, str, dict[str, Any], Task]]:
    return (
        select(Case, Organisation.name, Organisation.ref, Organisation.settings, Task)
        .join(Task, Task.case_id == Case.id)
        .join(Organisation, Organisation.id == Case.bureau_id)
        .where(Task.ref == bindparam("task_ref"))
        .with_for_update(of=[Case, Task])
        .execution_options(populate_existing=True)
    )


def keep_case(db: Session, case: Case, changes: Mapping[str, Any]) -> None:
    """Write the case's new state where nobody else has; a lost race is a Conflict."""
    held = {"held_id": case.id, "held_version": case.version}
    kept = db.execute(_case_kept(), {**held, "version": case.version + 1, **changes})
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(words("Somebody else has just changed this case."))


@cache
def _case_kept() -> Update:
    columns = table_of(Case).c
    held = columns.id == bindparam("held_id"), columns.version == bindparam("held_version")
    return update(table_of(Case)).where(*held)


@dataclass(frozen=True)
class Place:
    """Whom a task is put to: organisation, and the persons that the diagram names."""

    organisation_id: int
    persons: tuple[int, ...]


def open_tasks(
    db: Session, case_id: int, works: Sequence[tuple[Work, Place]], *, at: datetime
) -> dict[int, tuple[int, str]]:
    """Insert a row for each new work; gives task id and ref by work id."""
    if not works:
        return {}
    rows = [_task_row(case_id, work, place, at) for work, place in works]
    table = table_of(Task)
    inserted = db.execute(insert(table).returning(table.c.work_id, table.c.id, table.c.ref), rows).all()
    ids = {work_id: (task_id, ref) for work_id, task_id, ref in inserted}
    named = [
        {"task_id": ids[work.id][0], "person_id": person}
        for work, place in works
        if len(place.persons) > 1
        for person in place.persons
    ]
    insert_rows(db, Candidate, named)
    return ids


def _task_row(case_id: int, work: Work, place: Place, at: datetime) -> dict[str, Any]:
    """Who is the only one named holds the task from the start."""
    holder = place.persons[0] if len(place.persons) == 1 else None
    return {
        "ref": new_ref(),
        "case_id": case_id,
        "work_id": work.id,
        "element": work.element,
        "process": work.process,
        "lane": work.lane,
        "organisation_id": place.organisation_id,
        "named": bool(place.persons),
        "due": date.fromisoformat(work.due) if work.due else None,
        "opened_at": at,
        "revision": 1,
        "holder_id": holder,
        "held_since": at if holder else None,
    }


def close_tasks(
    db: Session, case_id: int, closed: Mapping[int, str], *, at: datetime, by: int | None, receipt_key: str | None
) -> None:
    """Close rows by work id with how they ended; the completed one keeps who did it and the receipt."""
    if not closed:
        return
    done = [work_id for work_id, ending in closed.items() if ending == "completed"]
    known = {"of_case": case_id, "ended": list(closed), "done": done}
    db.execute(_tasks_closed(), {**known, "closed_at": at, "who": by, "receipt": receipt_key})


@cache
def _tasks_closed() -> Update:
    columns = table_of(Task).c
    completed = columns.work_id.in_(bindparam("done", expanding=True))
    who, receipt = bindparam("who", type_=columns.closed_by.type), bindparam("receipt", type_=columns.receipt_key.type)
    return (
        update(table_of(Task))
        .where(columns.case_id == bindparam("of_case"), columns.work_id.in_(bindparam("ended", expanding=True)))
        .values(
            revision=columns.revision + 1,
            ending=sql_case((completed, "completed"), else_="cancelled"),
            closed_by=sql_case((completed, who), else_=None),
            receipt_key=sql_case((completed, receipt), else_=None),
        )
    )


def move_dues(db: Session, case_id: int, dues: Mapping[int, str | None]) -> None:
    """Write the due dates that a change of deadline has moved."""
    for work_id, due in dues.items():
        db.execute(
            update(Task)
            .where(Task.case_id == case_id, Task.work_id == work_id)
            .values(due=date.fromisoformat(due) if due else None, revision=Task.revision + 1)
        )


def project_timers(db: Session, case_id: int, before: Collection[Armed], now: Collection[Armed]) -> None:
    """Make the rows of timers say what the instance says."""
    gone = [timer.id for timer in before if timer not in now]
    if gone:
        db.execute(delete(Timer).where(Timer.case_id == case_id, Timer.timer_id.in_(gone)))
    new = [timer for timer in now if timer not in before]
    rows = [{"case_id": case_id, "timer_id": t.id, "element": t.element, "due": t.due} for t in new]
    insert_rows(db, Timer, rows)


def hold_timers(db: Session, case_id: int, until: datetime | None) -> None:
    """Keep workers from the case's timers until then, or for good; what is due later is ready when it is due."""
    held = update(Timer).where(Timer.case_id == case_id)
    db.execute(held.where(Timer.ready < until).values(ready=until) if until else held.values(ready=None))


def free_timers(db: Session, case_id: int) -> None:
    """Every timer of the case is ready when it is due."""
    db.execute(update(Timer).where(Timer.case_id == case_id).values(ready=Timer.due))


def project_subscriptions(db: Session, case_id: int, before: Collection[Waited], now: Collection[Waited]) -> None:
    """Make the rows of awaited messages say what the instance says."""
    gone = [waited.id for waited in before if waited not in now]
    if gone:
        db.execute(delete(Subscription).where(Subscription.case_id == case_id, Subscription.subscription_id.in_(gone)))
    new = [waited for waited in now if waited not in before]
    rows = [
        {"case_id": case_id, "subscription_id": w.id, "element": w.element, "message": w.message, "key": w.key}
        for w in new
    ]
    insert_rows(db, Subscription, rows)


def post_letters(db: Session, case: Case, messages: Sequence[Message], *, at: datetime) -> None:
    """Keep thrown messages for delivery after the commit."""
    rows = [
        {
            "bureau_id": case.bureau_id,
            "case_id": case.id,
            "element": message.element,
            "sequence": message.sequence,
            "message": message.name,
            "key": message.key,
            "data": dict(message.data),
            "sent_at": at,
            "receivers": 0,
        }
        for message in messages
    ]
    insert_rows(db, Letter, rows)


def add_parties(db: Session, case_id: int, parties: Mapping[str, Mapping[str, Any]]) -> None:
    """Who takes part from now on."""
    rows = [
        {
            "case_id": case_id,
            "person_id": party["id"] if party["kind"] == "person" else None,
            "organisation_id": party["id"] if party["kind"] == "organisation" else None,
            "role": party["role"],
        }
        for party in parties.values()
    ]
    insert_rows(db, Party, rows)
