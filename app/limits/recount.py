"""Counting running deadlines anew after a change of the calendar: what the new table makes of each.

The count is the same however often it is made: from the day it began, by the value of the limit that applied then,
over the days as they are now. So an import that was interrupted is simply taken up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import journal
from app.definitions.functions import as_date
from app.definitions.pack import Pack
from app.engine import Instance
from app.journal import Entry
from app.limits import counts, deadlines
from app.limits.calendars import Touched, calendar_at
from app.limits.deadlines import Deadline
from app.limits.rules import Count, Rules, rules_for


@dataclass(frozen=True)
class RunningCase:
    """What counting anew looks at in a running case."""

    id: int
    bureau_id: int
    number: str
    facts: Mapping[str, object]
    pack: Pack
    instance: Instance


@dataclass(frozen=True)
class RecountedDeadline:
    """A running deadline that the days touch, and the date that the new table gives it."""

    case_id: int
    number: str
    deadline: Deadline
    policy: str
    computed: date
    lanes: tuple[str, ...]
    """The lanes with an open task of that date: they are told."""

    @property
    def kept(self) -> date:
        """The date that it has."""
        return self.deadline.due

    @property
    def shorter(self) -> bool:
        """Whether the new table would shorten it: then it is kept, and listed for review (D-24)."""
        return self.computed < self.kept


@dataclass
class Recount:
    """One bureau's cases counted over a table of days; the calendar of earlier times is built only where needed."""

    db: Session
    settings: Mapping[str, object]
    touched: Touched
    at: datetime
    _rules: dict[str, Rules] = field(default_factory=dict)

    def moves(self, case: RunningCase) -> list[RecountedDeadline]:
        """The deadlines of a running case that would not stay as they are."""
        running = deadlines.running(case.instance, case.pack, self.rules(case).provisional)
        if not running:
            return []
        entries, found = journal.entries_of(self.db, case.id), []
        for one in running:
            counted = self._counted(case, one, entries) or self._guarded(case, one)
            if counted is None or counted.due == one.due:
                continue
            if self.touched.concerns(counted.start, max(one.due, counted.due)):
                lanes = _lanes(case.instance, one)
                found.append(RecountedDeadline(case.id, case.number, one, counted.policy, counted.due, lanes))
        return found

    def rules(self, case: RunningCase) -> Rules:
        """The rules of the case's release over the new table."""
        if case.pack.digest not in self._rules:
            self._rules[case.pack.digest] = rules_for(case.pack, self.settings, self.at)
        return self._rules[case.pack.digest]

    def _counted(self, case: RunningCase, one: Deadline, entries: list[Entry]) -> Count | None:
        """The date by the new table: the limit's own count, then what people have granted since."""
        if one.policy is None or one.counted_from is None:
            return None
        known = counts.latest(entries, one.policy, one.counted_from)
        amount = known.amount if known else None
        count = self.rules(case).count(one.policy, one.counted_from, self.at, amount=amount)
        return replace(count, due=self._with_changes(count.due, counts.granted(entries, one.key, one.scope), case))

    def _guarded(self, case: RunningCase, one: Deadline) -> Count | None:
        """A date that people have given: the law's least by the new table, where the date lies before it (D-7)."""
        policy = next((row for row in case.pack.policies.values() if row.guards == one.key), None)
        start = case.facts.get(policy.since or "") if policy else None
        if policy is None or not isinstance(start, str):
            return None
        least = self.rules(case).count(policy.id, start, self.at, amount=policy.minimum)
        return least if least.due > one.due else None

    def _with_changes(self, day: date, changes: list[Entry], case: RunningCase) -> date:
        """What people have granted since is granted again: so many working days as it was then."""
        for entry in changes:
            then = calendar_at(self.db, case.bureau_id, self.settings, entry.at)
            granted = then.working_days_between(as_date(entry.data["old"]), as_date(entry.data["new"]))
            step = self.rules(case).calendar
            day = step.working_days_after(day, granted) if granted >= 0 else step.working_days_before(day, -granted)
        return day


def _lanes(instance: Instance, one: Deadline) -> tuple[str, ...]:
    here = (work for work in instance.work() if work.due == one.due.isoformat())
    return tuple(dict.fromkeys(work.lane for work in here if work.lane and one.scope in instance.around(work.id)))
