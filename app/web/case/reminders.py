"""催办 and 督办 on the page of a case: what was sent to whom, at which level, and the open tasks to remind of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases import urging
from app.cases.urging import URGED, Followed
from app.cases.view import View
from app.clock import in_office
from app.db import Session
from app.errors import Words, words
from app.journal import Entry
from app.web.case.reader import CaseReader
from app.web.frame import Bureau
from app.web.texts import entry, listed, named, tell


@dataclass(frozen=True)
class ReminderRow:
    """One reminder or order."""

    at: datetime
    kind: Words
    level: int
    to: str
    by: str
    paper: str


@dataclass(frozen=True)
class RemindableTask:
    """An open task that a reminder can be sent for; `why`: why not just now."""

    ref: str
    step: str
    holder: str
    why: Words | None


@dataclass(frozen=True)
class CaseReminders:
    """The reminders on a case's page, and the tasks to remind of."""

    rows: tuple[ReminderRow, ...]
    tasks: tuple[RemindableTask, ...]


def reminders(db: Session, seen: View, reader: CaseReader, bureau: Bureau) -> CaseReminders:
    """The rows that this reader may read; one statement. Tasks to remind of are for the bureau's staff."""
    told = [one for one in urging.followed(db, seen.case) if _may_know(one, reader)]
    rows = tuple(_row(seen, one, reader) for one in _merged(told))
    tasks = tuple(_tasks(seen, reader, bureau)) if urging.may_urge(reader.actor) else ()
    return CaseReminders(rows, tasks)


def _may_know(one: Followed, reader: CaseReader) -> bool:
    """The bureau reads all of it, others what was sent to them or to their agency."""
    mine = one.person_id == reader.actor.id or one.organisation_id in reader.actor.agencies
    return reader.inside or mine


def _merged(told: Sequence[Followed]) -> list[Followed]:
    """Joins what was said to several at the same instant into one row."""
    return list({(one.about, one.at, one.person_id, one.organisation_id, one.lane): one for one in told}.values())


def _row(seen: View, one: Followed, reader: CaseReader) -> ReminderRow:
    lane = entry(seen.pack.lanes, one.lane) if one.lane else ""
    to = one.person or listed([f"{one.organisation} {lane}".strip()])
    if one.person and not (reader.inside or one.person_id == reader.actor.id):
        to = lane
    return ReminderRow(one.at, _kind(one), one.level, to, _by(seen, one), _paper(seen, one))


def _kind(one: Followed) -> Words:
    if one.level == 1:
        return words("Follow-up order, level 1")
    if one.level == 2:  # noqa: PLR2004 - of two levels
        return words("Level 2: reported to the bureau's leader")
    return words("Reminder (催办)") if one.about == "urged" else words("Told that the time limit has passed")


def _by(seen: View, one: Followed) -> str:
    sent = _sent(seen, one)
    name = seen.people.get(sent.actor_id or 0, "") if sent else ""
    return name or tell(words("by the time limit"))


def _sent(seen: View, one: Followed) -> Entry | None:
    if one.about != "urged":
        return None
    same = (each for each in seen.entries if each.kind == URGED and each.at == one.at)
    return next((each for each in same if each.data.get("work") == one.work), None)


def _paper(seen: View, one: Followed) -> str:
    """The number of the letter that carried the order."""
    issued = [paper for paper in seen.papers if paper.code == one.paper and paper.issued_at <= one.at]
    return issued[-1].number if issued else ""


def _tasks(seen: View, reader: CaseReader, bureau: Bureau) -> Iterator[RemindableTask]:
    today = in_office(bureau.at).date()
    lanes = seen.pack.lanes
    for task in seen.tasks:
        if task.holder_id == reader.actor.id:
            continue
        step = named(seen.pack.step(task.process, task.element))
        holder = task.holder or f"{task.organisation} {entry(lanes, task.lane)}"
        yield RemindableTask(task.ref, step, holder, _urged_today(seen, task.element, today))


def _urged_today(seen: View, element: str, today: object) -> Words | None:
    for one in reversed(seen.entries):
        if one.kind == URGED and one.element == element and one.at.date() == today:
            name = seen.people.get(one.actor_id or 0, "")
            return words("Reminded today at {when} by {name}", when=f"{one.at:%H:%M}", name=name)
    return None
