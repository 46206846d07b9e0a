"""Nobody's absence stops a case (D-36): held tasks go back, named ones are named anew, and the head may do so too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.cases import locking
from app.cases.holding import closed_words, visible_task
from app.cases.locking import LockedTask
from app.cases.models import Candidate, Case, Task
from app.cases.outcome import unmanned
from app.cases.turn import turn
from app.cases.visible import subjects_of
from app.errors import Conflict, Finding, Invalid, NotAllowed, words
from app.journal import Note
from app.notify.outbox import Notice, tell
from app.operations.calling import Announcement
from app.people import directory
from app.people.access import HEADS, Actor
from app.people.directory import Named
from app.people.models import Membership, Person

OWN_LANES = frozenset({"supervisor", "applicant", "public"})
"""Lanes whose named tasks are the person's own matter; nobody else takes them over (D-21)."""
LONGEST_REASON = 200


def leave(
    db: Session, person_id: int, *, by: int | None, at: datetime, post: tuple[int, str] | None = None
) -> list[int]:
    """Give back every task that a person holds or is named for; `post`: only what came with that one, lost now.

    Called where an account is locked or a post is taken away, in that transaction. Both the person and who can take
    the task, or has to name somebody anew, are told. Returns the ids of the cases.
    """
    held = or_(
        Task.holder_id == person_id, exists().where(Candidate.task_id == Task.id, Candidate.person_id == person_id)
    )
    query = select(Task.ref).where(Task.closed_at.is_(None), Task.lane.not_in(OWN_LANES), held)
    if post is not None:
        query = query.where(_came_with(db, person_id, *post))
    cases = []
    for ref in list(db.scalars(query.order_by(Task.case_id, Task.id))):
        found = locking.lock_task(db, ref)
        if found is not None and found.task.closed_at is None:
            _give_back(db, found, person_id, by=by, at=at, data={"why": "absent"})
            cases.append(found.case.id)
    return cases


def _came_with(db: Session, person_id: int, place: int, lane: str) -> ColumnElement[bool]:
    """Tasks of that lane there; all of them there, where the person has no other post in that organisation."""
    here = Membership.person_id == person_id, Membership.organisation_id == place
    stays = db.scalar(select(exists().where(*here)))
    return and_(Task.organisation_id == place, Task.lane == lane) if stays else Task.organisation_id == place


def may_take_back(by: Actor, task: Task) -> bool:
    """Whether this person heads the task's lane, or watches over all of them: liaison, leader, head, manager."""
    heads = any(post.organisation_id == task.organisation_id and post.lane in HEADS for post in by.posts)
    return task.lane not in OWN_LANES and (heads or "manager" in by.lanes)


def take_back(db: Session, task_ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Take a held task from who holds it, with a reason that the journal keeps; a draft stays with the person.

    Raises NotFound, NotAllowed, Conflict (closed, or nobody holds it) or Invalid (no reason).
    """
    held = _headed(db, task_ref, by)
    text = reason.strip()
    if not 2 <= len(text) <= LONGEST_REASON or not text.isprintable():
        fault = words("Say why, in 2 to {count} characters.", count=LONGEST_REASON)
        raise Invalid(fault, [Finding(fault, field="reason")])
    if held.task.holder_id is None:
        raise Conflict(words("Nobody holds this task."))
    _give_back(db, held, held.task.holder_id, by=by.id, at=at, data={"why": text})


def is_unmanned(db: Session, task: Task) -> bool:
    """Whether the task waits for somebody to be named anew."""
    open_ = task.named and task.holder_id is None and task.closed_at is None
    return open_ and not db.scalar(select(exists().where(Candidate.task_id == task.id)))


def nameable(db: Session, case: Case, task: Task) -> list[Named]:
    """Persons who can be named for the task: its lane in its organisation, not locked, not concerned."""
    found = directory.members(db, case.bureau_id, task.lane, organisation_id=task.organisation_id)
    return [one for one in found if one.ref not in subjects_of(case)]


def name_anew(db: Session, task_ref: str, person: str, *, by: Actor, at: datetime) -> int:
    """Name a person for a task that has lost who was named; what the diagram knows follows. Gives the case's id.

    Raises NotFound, NotAllowed, Conflict (closed, or somebody has it) or Invalid (who cannot be named).
    """
    held = _headed(db, task_ref, by)
    if not is_unmanned(db, held.task):
        raise Conflict(words("Somebody has this task."))
    if person not in {one.ref for one in nameable(db, held.case, held.task)}:
        fault = words("This person cannot be named for the task.")
        raise Invalid(fault, [Finding(fault, field="person")])
    task, work_id = held.task, held.task.work_id
    key = directory.resolve(db, held.case.bureau_id, persons=[person], organisations=()).persons[person]
    with turn(db, held, by=by, at=at) as moved:
        work = next(one for one in moved.instance.work() if one.id == work_id)
        old = work.persons[0]
        moved.instance.put_to(work_id, old, person)
        moved.notes.append(Note("task.named", task.element, {"work": work_id, "old": old, "new": person}))
        told: dict[str, object] = {"element": task.element, "process": task.process, "work": work_id}
        moved.told.append(Announcement("assigned", person, None, told))
    changed = {"holder_id": key, "held_since": at, "revision": Task.revision + 1}
    db.execute(update(Task).where(Task.id == task.id).values(**changed))
    return held.case.id


def _headed(db: Session, task_ref: str, by: Actor) -> LockedTask:
    held = visible_task(db, task_ref, by)
    if held.task.closed_at is not None:
        raise Conflict(closed_words(db, held.task))
    if not may_take_back(by, held.task):
        raise NotAllowed(words("Only the head of its group or a manager does this."), clauses=["D-36"])
    return held


def _give_back(
    db: Session, held: LockedTask, person_id: int, *, by: int | None, at: datetime, data: dict[str, object]
) -> None:
    case, task = held.case, held.task
    db.execute(delete(Candidate).where(Candidate.task_id == task.id, Candidate.person_id == person_id))
    free = {"holder_id": None, "held_since": None, "revision": Task.revision + 1}
    if task.holder_id == person_id:
        db.execute(update(Task).where(Task.id == task.id).values(**free))
    name = db.scalar(select(Person.ref).where(Person.id == person_id))
    note = Note("task.released", task.element, {**data, "from": name})
    locking.append(db, case, [note], at=at, by=by)
    db.refresh(case)
    tell(db, case.bureau_id, list(_notices(db, held, person_id)), at=at, case_id=case.id)


def _notices(db: Session, held: LockedTask, person_id: int) -> Iterator[Notice]:
    """To who held it, and to who can take it now or has to name somebody."""
    task = held.task
    data = {"element": task.element, "process": task.process, "work": task.work_id}
    yield Notice("taken_back", person_id=person_id, data=data)
    others = db.scalar(select(func.count()).select_from(Candidate).where(Candidate.task_id == task.id))
    if not task.named:
        yield Notice("assigned", lane=task.lane, organisation_id=task.organisation_id, data=data)
    elif not others:
        yield unmanned(task.lane, task.organisation_id, data)
