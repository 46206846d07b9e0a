"""Deadlines that run in a case, a branch each, and the one operation that changes one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.engine import Due, Instance, Work
from app.journal import Note
from app.programme.operations import Call, Effects, Moved, Told, operation

if TYPE_CHECKING:
    from app.cases.turn import Turn

CHANGED = "deadline_changed"


@dataclass(frozen=True)
class Deadline:
    """A running deadline: the last day, `due`, is kept under the fact `key` in the branch `scope` of the case.

    `element` and `process` are where it was counted, by `policy` (None: a date that people gave) from the day
    `counted_from`, which itself is not counted (D-25). `org` is the organisation whose it is; `work_id` the open task
    that has this date, where there is one.
    """

    key: str
    due: date
    scope: int
    element: str
    process: str
    policy: str | None
    counted_from: date | None
    org: str | None
    work_id: int | None


def running(case: Turn | Instance) -> list[Deadline]:
    """Every deadline that something still waits for, the earliest first; agencies side by side have one each."""
    instance = case if isinstance(case, Instance) else case.instance
    return [_deadline(due) for due in instance.dues()]


def change(moved: Turn, deadline: Deadline, new: date, *, why: str) -> None:
    """Move one deadline: its branch only. The engine arms its timers again; who holds a task keeps it and its draft.

    Journaled as `deadline.changed`; told to whoever has a task with that date, and to the author where the pack says
    so (`author_learns`). Raises NotFound where the branch has ended. A date that stays changes nothing.
    """
    if new == deadline.due:
        return
    data = {"key": deadline.key, "old": deadline.due.isoformat(), "new": new.isoformat()}
    where = {"org": deadline.org, "scope": deadline.scope}
    moved.told += notices(moved, deadline, data)
    moved.instance.amend({deadline.key: new.isoformat()}, scope=deadline.scope)
    moved.notes.append(Note("deadline.changed", deadline.element, {**data, **where, "why": why}))


def notices(moved: Turn, deadline: Deadline, data: dict[str, Any]) -> list[Told]:
    """Whom a change of a deadline concerns: who has a task with that date, and the author where the pack says so."""
    told = [one for work in _concerned(moved, deadline) for one in _told(work, data)]
    author = moved.facts.get("author")
    if deadline.key in moved.pack.manifest.author_learns and isinstance(author, str):
        told.append(Told(CHANGED, author, None, data))
    return told


def move(moved: Turn, scope: int, asked: Moved) -> None:
    """Move the deadline of that name that is the nearest around a branch; where it runs no longer, nothing happens."""
    found = {one.scope: one for one in running(moved) if one.key == asked.key}
    nearest = next((one for one in moved.instance.around(scope) if one in found), None)
    if nearest is not None:
        change(moved, found[nearest], asked.new, why=asked.why)


@operation("change_deadline")
def change_deadline(call: Call) -> Effects:
    """Move the deadline kept under `key` to `new`, because of `why`: of this branch or the nearest around it."""
    new = date.fromisoformat(str(call.parameter("new")))
    return Effects(moved=(Moved(str(call.parameter("key")), new, str(call.parameter("why"))),))


def _deadline(due: Due) -> Deadline:
    start = date.fromisoformat(due.counted_from) if due.counted_from else None
    place = due.scope, due.element, due.process
    return Deadline(due.key, date.fromisoformat(due.due), *place, due.policy, start, due.org, due.work_id)


def _concerned(moved: Turn, deadline: Deadline) -> Iterator[Work]:
    """The open tasks of the branch that have this date."""
    for work in moved.instance.work():
        if work.due == deadline.due.isoformat() and deadline.scope in moved.instance.around(work.id):
            yield work


def _told(work: Work, data: dict[str, Any]) -> list[Told]:
    """Who has the task: the persons whom it names, else its lane in its organisation."""
    lane = None if work.persons else work.lane
    return [Told(CHANGED, ref, lane, {"element": work.element, **data}) for ref in work.persons or (work.org or "",)]
