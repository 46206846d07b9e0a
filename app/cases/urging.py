"""催办: bureau staff remind whoever has an open task, once a day; and what a case's page shows of 催办 and 督办."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import locking
from app.cases.holding import closed_words, visible_task
from app.cases.locking import LockedTask
from app.cases.models import Candidate, Case
from app.clock import in_office
from app.errors import Conflict, NotAllowed, words
from app.journal import Entry, Note
from app.notify.outbox import Notice, NoticeRow, tell
from app.people.access import Actor
from app.people.models import Organisation, Person

URGING = frozenset({"manager", "bureau_clerk", "bureau_head", "bureau_leader"})
"""Lanes of the bureau that may remind others (office-features: 催办)."""
URGED = "task.urged"


def may_urge(actor: Actor) -> bool:
    """Whether this person's office sends reminders."""
    return any(post.organisation_id == actor.bureau_id and post.lane in URGING for post in actor.posts)


def urge(db: Session, task_ref: str, *, by: Actor, at: datetime) -> str:
    """Remind who holds an open task, or the lane that it waits for; returns the case's ref.

    At most one reminder a task and day of the office, whoever sends it. Raises NotFound, NotAllowed, or Conflict
    (done meanwhile; reminded today already, by whom and when).
    """
    held = visible_task(db, task_ref, by)
    if not may_urge(by):
        raise NotAllowed(words("This is not yours to do."), clauses=["permission"])
    if held.task.closed_at is not None:
        raise Conflict(closed_words(db, held.task))
    if held.task.holder_id == by.id:
        raise Conflict(words("You hold this task yourself."))
    _refuse_second(db, held, at)
    task, case = held.task, held.case
    data = {"element": task.element, "process": task.process, "work": task.work_id}
    tell(db, case.bureau_id, list(_notices(db, held, data)), at=at, case_id=case.id)
    locking.append(db, case, [Note(URGED, task.element, {"work": task.work_id})], at=at, by=by.id)
    return case.ref


def _notices(db: Session, held: LockedTask, data: dict[str, object]) -> list[Notice]:
    task = held.task
    if task.holder_id is not None:
        return [Notice("urged", person_id=task.holder_id, data=data)]
    if task.named:
        persons = db.scalars(select(Candidate.person_id).where(Candidate.task_id == task.id))
        return [Notice("urged", person_id=person, data=data) for person in persons]
    return [Notice("urged", lane=task.lane, organisation_id=task.organisation_id, data=data)]


def _refuse_second(db: Session, held: LockedTask, at: datetime) -> None:
    """The journal knows; it stands under the same lock as the case."""
    query = select(Entry, Person.name).join(Person, Person.id == Entry.actor_id)
    query = query.where(Entry.case_id == held.case.id, Entry.kind == URGED).order_by(Entry.seq.desc())
    today = in_office(at).date()
    for entry, name in db.execute(query):
        if entry.at.date() < today:
            return
        if entry.data.get("work") == held.task.work_id:
            text = words(
                "{name} has already sent a reminder today at {when}; one a day is enough.",
                name=name,
                when=f"{entry.at:%H:%M}",
            )
            raise Conflict(text)


@dataclass(frozen=True)
class Followed:
    """A reminder or follow-up order of a case: what, when, and to whom."""

    about: str
    at: datetime
    lane: str
    organisation_id: int | None
    organisation: str
    person_id: int | None
    person: str
    paper: str
    work: int | None

    @property
    def level(self) -> int:
        """1: a follow-up order (P-08), 2: the report to the bureau's leader (P-09), 0: a reminder or a word of it."""
        if self.about == "supervised":
            return 1
        return 2 if self.about == "overdue" and self.lane == LEADER else 0


FOLLOWED, LEADER = ("urged", "supervised", "overdue"), "bureau_leader"


def followed(db: Session, case: Case) -> list[Followed]:
    """Reminders and follow-up orders of a case that the caller has found to be visible, in order; one statement."""
    query = (
        select(NoticeRow, Organisation.name, Person.name)
        .outerjoin(Organisation, Organisation.id == NoticeRow.organisation_id)
        .outerjoin(Person, Person.id == NoticeRow.person_id)
        .where(NoticeRow.case_id == case.id, NoticeRow.about.in_(FOLLOWED))
        .order_by(NoticeRow.id)
    )
    return [_followed(row, place or "", person or "") for row, place, person in db.execute(query)]


def _followed(row: NoticeRow, place: str, person: str) -> Followed:
    return Followed(
        about=row.about,
        at=row.at,
        lane=row.lane or "",
        organisation_id=row.organisation_id,
        organisation=place,
        person_id=row.person_id,
        person=person,
        paper=str(row.data.get("paper") or ""),
        work=row.data.get("work"),
    )
