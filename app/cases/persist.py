"""Writing what a turn brings about: the new state, the projections, parties, messages, notices and the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, insert, update
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from app.cases import locking
from app.cases.models import Candidate, Case, CaseMessage, Party, Subscription, Task, Timer
from app.cases.outcome import Addressee, Difference, Outcome, Parties
from app.db import insert_rows, table_of
from app.engine import Message, Work
from app.engine import Subscription as Waited
from app.engine import Timer as Armed
from app.notify.outbox import tell
from app.papers import drafts
from app.people.models import new_ref


def persist(db: Session, outcome: Outcome) -> None:
    """Write all of an outcome, a statement each, in the caller's transaction. Raises Conflict for a lost race."""
    case, at = outcome.case, outcome.at
    _open_tasks(db, case.id, outcome.opened, at=at)
    _close_tasks(db, outcome)
    _move_dues(db, case.id, outcome.dues)
    drafts.make_void(db, outcome.drafts_ended)
    _project_timers(db, case.id, outcome.timers)
    _project_subscriptions(db, case.id, outcome.subscriptions)
    _post_messages(db, case, outcome.messages, at=at)
    _drop_parties(db, case, outcome.parties)
    _add_parties(db, case.id, outcome.parties)
    if outcome.frees_timers:
        locking.free_timers(db, case.id)
    locking.append(db, case, outcome.notes, at=at, by=outcome.by, changes=outcome.columns)
    tell(db, case.bureau_id, outcome.notices, at=at, case_id=case.id)


def _open_tasks(db: Session, case_id: int, works: Sequence[tuple[Work, Addressee]], *, at: datetime) -> None:
    """Insert a row for each new work, and one for each of several persons whom it names."""
    if not works:
        return
    rows = [_task_row(case_id, work, to, at) for work, to in works]
    table = table_of(Task)
    inserted = db.execute(insert(table).returning(table.c.work_id, table.c.id), rows).all()
    ids: dict[int, int] = {work_id: task_id for work_id, task_id in inserted}
    named = [
        {"task_id": ids[work.id], "person_id": person}
        for work, to in works
        if len(to.persons) > 1
        for person in to.persons
    ]
    insert_rows(db, Candidate, named)


def _task_row(case_id: int, work: Work, to: Addressee, at: datetime) -> dict[str, Any]:
    """Who is the only one named holds the task from the start."""
    holder = to.persons[0] if len(to.persons) == 1 else None
    return {
        "ref": new_ref(),
        "case_id": case_id,
        "work_id": work.id,
        "element": work.element,
        "process": work.process,
        "lane": work.lane,
        "organisation_id": to.organisation_id,
        "named": to.named,
        "due": date.fromisoformat(work.due) if work.due else None,
        "opened_at": at,
        "revision": 1,
        "holder_id": holder,
        "held_since": at if holder else None,
    }


def _close_tasks(db: Session, outcome: Outcome) -> None:
    """Close rows by work id with how they ended; the completed one keeps who did it and the receipt."""
    if not outcome.closed:
        return
    done = [work_id for work_id, ending in outcome.closed.items() if ending == "completed"]
    known = {"of_case": outcome.case.id, "ended": list(outcome.closed), "done": done}
    db.execute(_tasks_closed(), {**known, "closed_at": outcome.at, "who": outcome.by, "receipt": outcome.receipt_key})


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


def _move_dues(db: Session, case_id: int, dues: Mapping[int, date | None]) -> None:
    """Write the due dates that a change of deadline has moved."""
    for work_id, due in dues.items():
        db.execute(
            update(Task)
            .where(Task.case_id == case_id, Task.work_id == work_id)
            .values(due=due, revision=Task.revision + 1)
        )


def _project_timers(db: Session, case_id: int, timers: Difference[Armed]) -> None:
    """Make the rows of timers say what the instance says."""
    gone = [timer.id for timer in timers.gone]
    if gone:
        db.execute(delete(Timer).where(Timer.case_id == case_id, Timer.timer_id.in_(gone)))
    rows = [{"case_id": case_id, "timer_id": t.id, "element": t.element, "due": t.due} for t in timers.new]
    insert_rows(db, Timer, rows)


def _project_subscriptions(db: Session, case_id: int, waits: Difference[Waited]) -> None:
    """Make the rows of awaited messages say what the instance says."""
    gone = [waited.id for waited in waits.gone]
    if gone:
        db.execute(delete(Subscription).where(Subscription.case_id == case_id, Subscription.subscription_id.in_(gone)))
    rows = [
        {"case_id": case_id, "subscription_id": w.id, "element": w.element, "message": w.message, "key": w.key}
        for w in waits.new
    ]
    insert_rows(db, Subscription, rows)


def _post_messages(db: Session, case: Case, messages: Sequence[Message], *, at: datetime) -> None:
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
    insert_rows(db, CaseMessage, rows)


def _drop_parties(db: Session, case: Case, parties: Parties) -> None:
    """Persons who stand to the case otherwise from now on."""
    known = [party["id"] for ref, party in parties.items() if ref in case.parties]
    if known:
        db.execute(delete(Party).where(Party.case_id == case.id, Party.person_id.in_(known)))


def _add_parties(db: Session, case_id: int, parties: Parties) -> None:
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
