"""Who may take a task and who holds it: claim, release, and the words of a lost race."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.cases import locking
from app.cases.locking import LockedTask
from app.cases.models import Candidate, Case, Task
from app.cases.visible import sees
from app.definitions.releases import open_release
from app.errors import Conflict, NotAllowed, NotFound, Refusal, Words, words
from app.journal import Note
from app.people.access import Actor
from app.people.models import Person


def claim(db: Session, task_ref: str, *, by: Actor, at: datetime) -> None:
    """Take a task that is offered to a lane (签收); who is faster has it, the other is told who and since when."""
    held = _open_task(db, task_ref, by)
    if held.task.holder_id == by.id:
        return
    refuse_unless_offered(db, held, by)
    _hold(db, held, by.id, at=at)
    _note(db, held, "task.claimed", by=by, at=at)


def release(db: Session, task_ref: str, *, by: Actor, at: datetime) -> None:
    """Give a claimed task back to its lane; a draft stays with the person."""
    held = _open_task(db, task_ref, by)
    if held.task.holder_id != by.id or held.task.named:
        raise NotAllowed(words("Only who has taken a task from its lane can give it back."))
    _hold(db, held, None, at=at)
    _note(db, held, "task.released", by=by, at=at)


def refuse_unless_offered(db: Session, held: LockedTask, by: Actor) -> None:
    """Lane, organisation, named persons, holder, and the two-person rule (domain.md 2.9)."""
    task = held.task
    if task.holder_id == by.id:
        offered = True
    elif task.named:
        offered = db.scalar(select(exists().where(Candidate.task_id == task.id, Candidate.person_id == by.id))) or False
    else:
        offered = by.serves(task.lane, task.organisation_id)
    if not offered:
        raise NotAllowed(words("This task belongs to another group or person."), clauses=["permission"])
    if task.holder_id not in (None, by.id):
        raise Conflict(_held_words(db, task))
    _refuse_same_person(db, held, by)


def _refuse_same_person(db: Session, held: LockedTask, by: Actor) -> None:
    step = open_release(db, held.case.release_id).step(held.task.process, held.task.element)
    others = step.attributes.get("notSameAs", "").split()
    done_by_me = exists().where(
        Task.case_id == held.case.id, Task.element.in_(others), Task.closed_by == by.id, Task.ending == "completed"
    )
    if others and db.scalar(select(done_by_me)):
        text = words("You did the earlier step yourself; another person has to do this one.")
        raise NotAllowed(text, clauses=["two_person"])


def note_refusal(db: Session, task_ref: str, cause: Refusal, *, by: Actor, at: datetime) -> None:
    """Journal that a person's answers were refused and by which rule, never what was answered.

    In a transaction of its own, after the refused one has left nothing; for a task that the person does not see,
    nothing is written.
    """
    held = locking.lock_task(db, task_ref)
    if held is None or not sees(by, held.case):
        return
    data = {"kind": cause.kind, "clauses": list(cause.clauses), "fields": list(cause.fields)}
    _note(db, held, "task.refused", by=by, at=at, data=data)


def refuse_stale(task: Task, revision: int | None) -> None:
    """A page that was opened before somebody else changed the task cannot complete it."""
    if revision is not None and revision != task.revision:
        raise Conflict(words("This task has changed since you opened it. What you typed is kept below."))


def visible_task(db: Session, task_ref: str, by: Actor) -> LockedTask:
    """Hold a task and its case for one who may see it. Raises NotFound."""
    held = locking.lock_task(db, task_ref)
    if held is None or not sees(by, held.case):
        raise NotFound(words("There is no such task here."))
    return held


def _open_task(db: Session, task_ref: str, by: Actor) -> LockedTask:
    held = visible_task(db, task_ref, by)
    if held.task.closed_at is not None:
        raise Conflict(closed_words(db, held.task))
    return held


def offered_task(db: Session, task_ref: str, by: Actor) -> Task:
    """The open task that this person may do, without a lock. Raises NotFound, NotAllowed or Conflict."""
    row = db.execute(select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.ref == task_ref)).first()
    if row is None or not sees(by, row.Case):
        raise NotFound(words("There is no such task here."))
    if row.Task.closed_at is not None:
        raise Conflict(closed_words(db, row.Task))
    refuse_unless_offered(db, LockedTask(row.Case, "", "", {}, row.Task), by)
    task: Task = row.Task
    return task


def closed_words(db: Session, task: Task) -> Words:
    """Who ended the task and when."""
    when = f"{task.closed_at:%m-%d %H:%M}"
    if task.ending == "cancelled":
        return words("This task ended by itself at {when}, because the case moved on.", when=when)
    name = db.scalar(select(Person.name).where(Person.id == task.closed_by)) or ""
    return words("{name} completed this task at {when}. What you typed is kept below.", name=name, when=when)


def _held_words(db: Session, task: Task) -> Words:
    name = db.scalar(select(Person.name).where(Person.id == task.holder_id)) or ""
    since = f"{task.held_since:%m-%d %H:%M}" if task.held_since else ""
    return words("{name} has taken this task, since {since}.", name=name, since=since)


def _hold(db: Session, held: LockedTask, person_id: int | None, *, at: datetime) -> None:
    changed = {"holder_id": person_id, "held_since": at if person_id else None, "revision": Task.revision + 1}
    db.execute(update(Task).where(Task.id == held.task.id).values(**changed))


def _note(  # noqa: PLR0913 - the parts of an entry
    db: Session,
    held: LockedTask,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, object] = {},  # noqa: B006
) -> None:
    locking.append(db, held.case, [Note(kind, held.task.element, data)], at=at, by=by.id)
