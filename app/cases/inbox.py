"""Completing a task: the one way in for web, API, portal and rehearsal alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.cases import answers as answered
from app.cases import holding
from app.cases.filling import Settle, checked, people_named, unsettled
from app.cases.locking import LockedTask
from app.cases.progress import Progress
from app.cases.turn import turn
from app.definitions.releases import open_release
from app.engine import Work
from app.errors import Conflict, words
from app.journal import Note
from app.people.access import Actor
from app.registers.standing import refuse_unless_in_office

SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Sent:
    """What became of a completed task: the case, and the tasks that it opened."""

    case_id: int
    case_ref: str
    opened: tuple[Work, ...]
    over: bool
    repeated: bool = False
    messages: int = 0
    """Messages to other cases that wait to be delivered."""
    release_id: int = 0


def submit(  # noqa: PLR0913 - one request's parts
    db: Session,
    task_ref: str,
    answers: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
    key: str | None = None,
    settle: Settle = unsettled,
) -> Sent:
    """Complete a task with a person's answers: rights, form, turn.

    `revision` is the one that the person's page showed; `key` makes a repeated request harmless. Raises NotFound,
    NotAllowed, Conflict (done, held, stale) or Invalid (each field's fault); then nothing has changed.
    """
    key = receipt_key(key, "task", task_ref)
    held = holding.visible_task(db, task_ref, by)
    if held.task.closed_at is not None:
        return _repeated(db, held, by, key)
    holding.refuse_unless_offered(db, held, by)
    holding.refuse_stale(held.task, revision)
    _refuse_late_draft(db, held, by, at)
    with turn(db, held, by=by, at=at, receipt_key=key) as progress:
        fill(progress, held.task.work_id, answers, settle=settle)
    return sent_of(progress)


def receipt_key(key: str | None, kind: str, asked: str) -> str | None:
    """A browser's or script's key bound to what it asks: the same key on another task is another request."""
    return None if key is None else hashlib.sha256(f"{kind} {asked} {key}".encode()).hexdigest()


def _refuse_late_draft(db: Session, held: LockedTask, by: Actor, at: datetime) -> None:
    """A supervisor's draft sent after the end of office would be a new opinion (D-21)."""
    case, task = held.case, held.task
    unsent = not case.number and task.process == case.process and task.lane == SUPERVISOR
    if unsent and SUPERVISOR in open_release(db, case.release_id).starts_by_hand(case.process):
        refuse_unless_in_office(db, by, on=at.date())


def sent_of(progress: Progress) -> Sent:
    """What a finished turn has brought about."""
    opened = tuple(work for run in progress.runs for work in run.opened)
    messages = sum(len(run.messages) for run in progress.runs)
    over = progress.runs[-1].over
    case = progress.case
    return Sent(case.id, case.ref, opened, over, messages=messages, release_id=case.release_id)


def fill(progress: Progress, work_id: int, answers: Mapping[str, object], *, settle: Settle = unsettled) -> None:
    """Check the answers against the form of an open work, keep them, and complete the work."""
    work = next((work for work in progress.instance.work() if work.id == work_id), None)
    given, case = progress.turn, progress.case
    if work is None:
        raise Conflict(words("This task is no longer open."))
    form = given.pack.form_of(work.process, work.element)
    facts = {**progress.facts, **work.data}
    kept = checked(progress.db, case, form, answers, rules=given.rules, facts=facts)
    settle(case, form, answers)
    progress.subjects |= people_named(progress.db, case.bureau_id, form, kept)
    sheet = answered.Sheet(case.id, work.process, work.element, work.id, form, kept, given.actor_id, given.at)
    answered.write(progress.db, sheet)
    progress.instance.complete(work.id, answered.for_engine(work.element, form, kept, given.pack.reads))
    if not case.number and work.process == case.process:
        progress.title = given.pack.title_of(work.process, {**facts, **kept})
    data = {"work": work.id, "outcome": kept.get(answered.OUTCOME)}
    progress.notes.append(Note("task.completed", work.element, data))


def _repeated(db: Session, held: LockedTask, by: Actor, key: str | None) -> Sent:
    """The same request once more gets the same answer; any other learns who was faster."""
    if key and held.task.closed_by == by.id and held.task.receipt_key == key:
        over = held.case.closed_at == held.task.closed_at  # this step closed it, not a later one
        return Sent(held.case.id, held.case.ref, (), over, repeated=True, release_id=held.case.release_id)
    raise Conflict(holding.closed_words(db, held.task))
