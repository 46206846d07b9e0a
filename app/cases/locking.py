"""A case held for a transaction: locking its row, and writing to it and to its chain of the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, select, update
from sqlalchemy.orm import Session

from app import journal
from app.cases.models import Case, Task, Timer
from app.db import table_of
from app.errors import Conflict, words
from app.journal import Chain, Head, Note
from app.people.models import Organisation


@dataclass(frozen=True)
class Locked:
    """A case row held for this transaction, with its bureau's name and settings."""

    case: Case
    bureau_name: str
    bureau_ref: str
    bureau_settings: Mapping[str, object]


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


def keep_case(db: Session, case: Case, changes: Mapping[str, object]) -> None:
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


def hold_timers(db: Session, case_id: int, until: datetime | None) -> None:
    """Keep workers from the case's timers until then, or for good; what is due later is ready when it is due."""
    held = update(Timer).where(Timer.case_id == case_id)
    db.execute(held.where(Timer.ready < until).values(ready=until) if until else held.values(ready=None))


def free_timers(db: Session, case_id: int) -> None:
    """Every timer of the case is ready when it is due."""
    db.execute(update(Timer).where(Timer.case_id == case_id).values(ready=Timer.due))


def append(  # noqa: PLR0913 - the parts of an entry
    db: Session,
    case: Case,
    notes: Sequence[Note],
    *,
    at: datetime,
    by: int | None,
    changes: Mapping[str, object] = {},  # noqa: B006 - never written to
) -> None:
    """Append to the chain of a locked case and write its new head with the `changes`; two statements at most.

    Raises Conflict for a lost race.
    """
    head = Head(case.journal_seq, case.journal_seal)
    head = journal.record(db, Chain(case.bureau_id, case.id), head, notes, at=at, by=by)
    keep_case(db, case, {**changes, "journal_seq": head.seq, "journal_seal": head.seal})
