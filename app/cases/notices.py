"""Notices and the cases they are about: what a reader's box shows, and what a recipient outside may still be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Case, Task
from app.cases.visible import sees, visible
from app.db import insert_new, upsert
from app.definitions.releases import open_release
from app.errors import NotFound, words
from app.forms.texts import Said
from app.notify.models import NoticeRead, Preference
from app.notify.outbox import NoticeRow
from app.notify.subjects import Subject
from app.people.access import Actor

PAGE = 50
MOST_UNREAD = 100
"""The bell counts no further; nobody reads a larger number as one."""


def mine(actor: Actor) -> ColumnElement[bool]:
    """Notices to this person, or to a lane that they serve now."""
    posts = [and_(NoticeRow.organisation_id == one.organisation_id, NoticeRow.lane == one.lane) for one in actor.posts]
    to_lane = and_(NoticeRow.person_id.is_(None), or_(*posts)) if posts else NoticeRow.id < 0
    return and_(NoticeRow.bureau_id == actor.bureau_id, or_(NoticeRow.person_id == actor.id, to_lane))


def unread(actor: Actor) -> Any:
    """How many notices this person has not read, at most `MOST_UNREAD`, as part of another statement."""
    read_up_to = select(Preference.read_up_to).where(Preference.person_id == actor.id).scalar_subquery()
    read = exists().where(NoticeRead.notice_id == NoticeRow.id, NoticeRead.person_id == actor.id)
    found = select(NoticeRow.id).where(mine(actor), NoticeRow.id > func.coalesce(read_up_to, 0), ~read)
    return select(func.count()).select_from(found.limit(MOST_UNREAD).subquery()).scalar_subquery()


@dataclass(frozen=True)
class ListedNotice:
    """A notice in somebody's box. `matter` is None where it is about no case, or one that they may not see (any more).

    `case_title` and `task_ref` are for this reader's page only; nothing of them leaves the house.
    """

    id: int
    about: str
    at: datetime
    data: dict[str, Any]
    read: bool
    hidden: bool
    matter: Subject | None
    case_title: str = ""
    task_ref: str = ""
    done: bool = False


def box(db: Session, actor: Actor, *, unread_only: bool = False, page: int = 1, size: int = PAGE) -> list[ListedNotice]:
    """One page of a person's notices, the newest first; two statements."""
    read_up_to = select(Preference.read_up_to).where(Preference.person_id == actor.id).scalar_subquery()
    marked = exists().where(NoticeRead.notice_id == NoticeRow.id, NoticeRead.person_id == actor.id)
    read = or_(marked, NoticeRow.id <= func.coalesce(read_up_to, 0))
    query = select(NoticeRow, Case, read.label("read")).where(mine(actor))
    query = query.outerjoin(Case, and_(Case.id == NoticeRow.case_id, visible(actor)))
    if unread_only:
        query = query.where(~read)
    rows = db.execute(query.order_by(NoticeRow.id.desc()).limit(size).offset((page - 1) * size)).all()
    tasks = _tasks(db, [(row.NoticeRow, row.Case) for row in rows if row.Case])
    return [_listed(db, row.NoticeRow, row.Case, tasks.get(row.NoticeRow.id), read=bool(row.read)) for row in rows]


def _listed(db: Session, notice: NoticeRow, case: Case | None, task: Task | None, *, read: bool) -> ListedNotice:
    told = (notice.id, notice.about, notice.at, notice.data, read)
    if case is None:
        return ListedNotice(*told, hidden=notice.case_id is not None, matter=None)
    done = task is not None and task.closed_at is not None
    ref = task.ref if task is not None else ""
    return ListedNotice(
        *told, hidden=False, matter=_subject(db, case, notice, task), case_title=case.title, task_ref=ref, done=done
    )


def _tasks(db: Session, told: Sequence[tuple[NoticeRow, Case]]) -> dict[int, Task]:
    """The task that each notice speaks of, by the notice's id; one statement."""
    works = {(case.id, notice.data["work"]) for notice, case in told if "work" in notice.data}
    if not works:
        return {}
    query = select(Task).where(Task.case_id.in_({case for case, _ in works}), Task.work_id.in_({w for _, w in works}))
    found = {(task.case_id, task.work_id): task for task in db.scalars(query)}
    pairs = ((notice.id, found.get((case.id, notice.data.get("work", -1)))) for notice, case in told)
    return {notice_id: task for notice_id, task in pairs if task is not None}


def _subject(db: Session, case: Case, notice: NoticeRow, task: Task | None) -> Subject:
    pack = open_release(db, case.release_id)
    process, step = pack.process(case.process), None
    place = pack.diagram.processes.get(str(notice.data.get("process")))
    if place and (found := place.steps.get(str(notice.data.get("element")))):
        step = Said(found.name or "", found.name_en or "")
    settled = case.closed_at is not None or (task is not None and task.closed_at is not None)
    english = (process.name_en or "").partition(" (")[0]
    name = Said((process.name or "").partition("（")[0], english[:1].upper() + english[1:])
    return Subject(case.ref, case.number, name, step, task.due if task else None, settled=settled)


def subject_for(db: Session, actor: Actor, notice: NoticeRow) -> Subject | None:
    """What sending may say of a notice's case to this recipient; None where they may not know of it now."""
    case = db.get(Case, notice.case_id)
    if case is None or not sees(actor, case):
        return None
    return _subject(db, case, notice, _tasks(db, [(notice, case)]).get(notice.id))


def mark_read(db: Session, notice_id: int, *, by: Actor, at: datetime) -> None:
    """This person has read a notice; saying it again is harmless. Raises NotFound for a notice that is not theirs."""
    if db.scalar(select(NoticeRow.id).where(NoticeRow.id == notice_id, mine(by))) is None:
        raise NotFound(words("There is no such notice here."))
    row = {"notice_id": notice_id, "person_id": by.id, "read_at": at}
    insert_new(db, NoticeRead, row)


def mark_all_read(db: Session, up_to: int, *, by: Actor) -> None:
    """This person has read every notice up to that id, the newest that their page showed."""
    row = {"person_id": by.id, "choices": {}, "mail": "", "read_up_to": up_to}
    upsert(db, Preference, row, keys=["person_id"], changes={"read_up_to": up_to})


def last_day(listed: ListedNotice) -> date | None:
    """The last day of the work that a notice asks for, while it is open."""
    return listed.matter.due if listed.matter and not listed.done else None


def address_of(db: Session, notice_id: int, *, by: Actor) -> tuple[str, str] | None:
    """Where a notice leads this reader: ("task", ref) while its work is open, ("case", ref), or nowhere."""
    query = select(NoticeRow, Case).join(Case, Case.id == NoticeRow.case_id)
    row = db.execute(query.where(NoticeRow.id == notice_id, mine(by), visible(by))).first()
    if row is None:
        return None
    task = _tasks(db, [(row.NoticeRow, row.Case)]).get(notice_id)
    return ("task", task.ref) if task is not None and task.closed_at is None else ("case", row.Case.ref)
