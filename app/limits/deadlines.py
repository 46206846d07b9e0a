"""Deadlines that run in a case, a branch each: what they are, and moving one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.definitions.manifest import Policy
from app.definitions.pack import Pack
from app.engine import Due, Instance, Work
from app.journal import Entry, Note
from app.limits import counts
from app.limits.counts import Traced
from app.operations.calling import Announcement, Call, DateChange, Effects

CHANGED = "deadline_changed"
LAW = "law"


@dataclass(frozen=True)
class Deadline:
    """A running deadline: the last day, `due`, is kept under the fact `key` in the branch `scope` of the case.

    `element` and `process` are where it was counted, by `limit` (None: a date that people gave) from the day
    `counted_from`, which itself is not counted (D-25). `org` is the organisation whose it is; `work_id` the open task
    that has this date, where there is one. `provisional`: it rests on a year whose holidays are not announced (D-24).
    """

    key: str
    due: date
    scope: int
    element: str
    process: str
    limit: Policy | None
    counted_from: date | None
    org: str | None
    work_id: int | None
    clauses: tuple[str, ...] = ()
    """The clauses of the bureau's own regulation behind the limit."""
    provisional: bool = False

    @property
    def policy(self) -> str | None:
        """The id of its limit in the policy table."""
        return self.limit.id if self.limit else None

    @property
    def is_law(self) -> bool:
        """Whether the law sets the limit; else it is local policy ("本局内部时限，非法定期限")."""
        return self.limit is not None and self.limit.source == LAW

    def counted(self, entries: Sequence[Entry]) -> Traced | None:
        """How the date came about, by the case's journal: the first count, and each change since."""
        return counts.traced(entries, self.limit.id, self.due) if self.limit else None


def running(instance: Instance, pack: Pack, is_provisional: Callable[[date], bool]) -> list[Deadline]:
    """Every deadline that something still waits for, the earliest first; agencies side by side have one each."""
    return [_deadline(due, pack, is_provisional) for due in instance.dues()]


def clauses_of(pack: Pack, policy: Policy) -> tuple[str, ...]:
    """The clauses behind a limit, of this pack's regulation only: shared limits name those of several."""
    return tuple(clause for clause in policy.basis.split() if clause.startswith(f"{pack.regulation}-"))


@dataclass(frozen=True)
class Change:
    """What comes of a changed deadline or clock: entries for the journal, and whom it concerns."""

    notes: tuple[Note, ...] = ()
    notices: tuple[Announcement, ...] = ()


def move(instance: Instance, deadline: Deadline, new: date, *, why: str, author: str | None) -> Change:
    """Move one deadline: its branch only. The engine arms its timers again; who holds a task keeps it and its draft.

    Journaled as `deadline.changed`; told to whoever has a task with that date, and to the `author` where one is given.
    Raises NotFound where the branch has ended. A date that stays changes nothing.
    """
    if new == deadline.due:
        return Change()
    data = {"key": deadline.key, "old": deadline.due.isoformat(), "new": new.isoformat()}
    where = {"org": deadline.org, "scope": deadline.scope}
    told = notices(instance, deadline, data, author=author)
    instance.amend({deadline.key: new.isoformat()}, scope=deadline.scope)
    return Change((Note("deadline.changed", deadline.element, {**data, **where, "why": why}),), told)


def notices(
    instance: Instance, deadline: Deadline, data: Mapping[str, object], *, author: str | None
) -> tuple[Announcement, ...]:
    """Whom a change of a deadline concerns: who has a task with that date, and the author where the pack says so."""
    told = [one for work in _concerned(instance, deadline) for one in _to_holders(work, data)]
    return (*told, *([Announcement(CHANGED, author, None, data)] if author else ()))


def learner(pack: Pack, key: str, facts: Mapping[str, object]) -> str | None:
    """The author of the case, where the pack says that changes of this deadline are told to them."""
    author = facts.get("author")
    return author if key in pack.manifest.author_learns and isinstance(author, str) else None


def nearest(instance: Instance, deadlines: Sequence[Deadline], key: str, scope: int) -> Deadline | None:
    """The deadline of that name that is the nearest around a branch; None where it runs no longer."""
    found = {one.scope: one for one in deadlines if one.key == key}
    return next((found[one] for one in instance.around(scope) if one in found), None)


def change_deadline(call: Call) -> Effects:
    """Move the deadline kept under `key` to `new`, because of `why`: of this branch or the nearest around it."""
    new = date.fromisoformat(str(call.parameter("new")))
    return Effects(changes=(DateChange(str(call.parameter("key")), new, str(call.parameter("why"))),))


def _deadline(due: Due, pack: Pack, is_provisional: Callable[[date], bool]) -> Deadline:
    day, limit = date.fromisoformat(due.due), pack.policies.get(due.policy or "")
    return Deadline(
        key=due.key,
        due=day,
        scope=due.scope,
        element=due.element,
        process=due.process,
        limit=limit,
        counted_from=date.fromisoformat(due.counted_from) if due.counted_from else None,
        org=due.org,
        work_id=due.work_id,
        clauses=clauses_of(pack, limit) if limit else (),
        provisional=limit is not None and is_provisional(day),
    )


def _concerned(instance: Instance, deadline: Deadline) -> Iterator[Work]:
    """The open tasks of the branch that have this date."""
    for work in instance.work():
        if work.due == deadline.due.isoformat() and deadline.scope in instance.around(work.id):
            yield work


def _to_holders(work: Work, data: Mapping[str, object]) -> list[Announcement]:
    """Who has the task: the persons whom it names, else its lane in its organisation."""
    lane, said = None if work.persons else work.lane, {"element": work.element, **data}
    return [Announcement(CHANGED, ref, lane, said) for ref in work.persons or (work.org or "",)]
