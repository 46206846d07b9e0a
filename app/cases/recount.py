"""Counting running deadlines anew after a change of the calendar: later dates move, shorter ones are kept and listed.

The count is the same however often it is made: from the day it began, by the value of the limit that applied then,
over the days as they are now. So an import that was interrupted is simply taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine, journal
from app.calendar import Calendar
from app.cases import deadlines, store
from app.cases.deadlines import Deadline
from app.cases.models import Case
from app.cases.turn import turn
from app.definitions.functions import as_date
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Instance
from app.journal import Entry
from app.limits import counts
from app.limits.models import DayImport, DayRow
from app.limits.rules import Count, Rules, calendar_of, rules_for
from app.people.access import Actor
from app.programme.models import RegisterRow

log = logging.getLogger(__name__)
REVIEWS = "deadline_reviews"
CHUNK = 200


@dataclass(frozen=True)
class Touched:
    """What an import touches: single days, and the year whose table it completes."""

    days: frozenset[date] = frozenset()
    year: int | None = None

    def concerns(self, start: date, last: date) -> bool:
        """Whether a count from `start` to `last` goes over one of the days."""
        return any(start < day <= last for day in self.days)


@dataclass(frozen=True)
class Move:
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
class Counting:
    """One bureau's cases counted over a table of days; the calendar of earlier times is built only where needed."""

    db: Session
    settings: Mapping[str, Any]
    touched: Touched
    at: datetime
    _rules: dict[int, Rules] = field(default_factory=dict)

    def moves(self, case: Case) -> list[Move]:
        """The deadlines of a running case that would not stay as they are."""
        pack = open_release(self.db, case.release_id)
        instance = engine.load(case.state, pack.diagram)
        running = deadlines.running(instance)
        if not running:
            return []
        entries, found = journal.entries_of(self.db, case.id), []
        for one in running:
            counted = self._counted(case, one, entries) or self._guarded(case, one)
            if counted is None or counted.due == one.due:
                continue
            if self.touched.concerns(counted.start, max(one.due, counted.due)):
                lanes = _lanes(instance, one)
                found.append(Move(case.id, case.number, one, counted.policy, counted.due, lanes))
        return found

    def rules(self, case: Case) -> Rules:
        """The rules of the case's release over the new table."""
        if case.release_id not in self._rules:
            pack: Pack = open_release(self.db, case.release_id)
            self._rules[case.release_id] = rules_for(pack, self.settings, self.at)
        return self._rules[case.release_id]

    def _counted(self, case: Case, one: Deadline, entries: list[Entry]) -> Count | None:
        """The date by the new table: the limit's own count, then what people have granted since."""
        if one.policy is None or one.counted_from is None:
            return None
        known = counts.latest(entries, one.policy, one.counted_from)
        amount = known.amount if known else None
        count = self.rules(case).count(one.policy, one.counted_from, self.at, amount=amount)
        return replace(count, due=self._with_changes(count.due, counts.granted(entries, one.key, one.scope), case))

    def _guarded(self, case: Case, one: Deadline) -> Count | None:
        """A date that people have given: the law's least by the new table, where the date lies before it (D-7)."""
        pack = open_release(self.db, case.release_id)
        policy = next((row for row in pack.policies.values() if row.guards == one.key), None)
        start = case.facts.get(policy.since or "") if policy else None
        if policy is None or not isinstance(start, str):
            return None
        least = self.rules(case).count(policy.id, start, self.at, amount=policy.minimum)
        return least if least.due > one.due else None

    def _with_changes(self, day: date, changes: list[Entry], case: Case) -> date:
        """What people have granted since is granted again: so many working days as it was then."""
        for entry in changes:
            then = calendar_at(self.db, case.bureau_id, self.settings, entry.at)
            granted = then.working_days_between(as_date(entry.data["old"]), as_date(entry.data["new"]))
            step = self.rules(case).calendar
            day = step.working_days_after(day, granted) if granted >= 0 else step.working_days_before(day, -granted)
        return day


def moves_of_all(counting: Counting, bureau_id: int) -> Iterator[tuple[Case, list[Move]]]:
    """Each running case with what would move in it; a case that cannot be read has nothing to say."""
    last = 0
    running = select(Case).where(Case.bureau_id == bureau_id, Case.closed_at.is_(None)).order_by(Case.id)
    while chunk := counting.db.scalars(running.where(Case.id > last).limit(CHUNK)).all():
        yield from ((case, moves_or_none(counting, case)) for case in chunk)
        last = chunk[-1].id


def moves_or_none(counting: Counting, case: Case) -> list[Move]:
    """What would move in a case; nothing where it cannot be read."""
    try:
        return counting.moves(case)
    except Exception:
        log.warning("case %s cannot be counted", case.id, exc_info=True)
        return []


def recount(db: Session, case_id: int, touched: Touched, *, by: Actor, at: datetime) -> list[Move]:
    """Move a case's deadlines that the new table makes later; one that it would shorten is kept and listed."""
    held = store.lock_case(db, case_id)
    if held is None or held.case.closed_at is not None:
        return []
    moves = Counting(db, held.bureau_settings, touched, at).moves(held.case)
    for move in moves:
        if move.shorter:
            _keep_for_review(db, held.case, move, at=at)
    later = [move for move in moves if not move.shorter]
    if later:
        with turn(db, held, by=by, at=at) as moved:
            for move in later:
                deadlines.change(moved, move.deadline, move.computed, why=counts.CALENDAR)
    return moves


def calendar_at(db: Session, bureau_id: int, settings: Mapping[str, Any], at: datetime) -> Calendar:
    """The office's calendar as it was at an instant: what has been laid since is taken back, the latest first."""
    days = dict(settings.get("calendar", {}))
    query = select(DayRow.day, DayRow.before).join(DayImport, DayImport.id == DayRow.import_id)
    since = query.where(DayRow.bureau_id == bureau_id, DayImport.at > at).order_by(DayRow.id.desc())
    for day, before in db.execute(since):
        days[day.isoformat()] = before
    kept = {day: worked for day, worked in days.items() if worked is not None}
    return calendar_of({"calendar": kept})


def _lanes(instance: Instance, one: Deadline) -> tuple[str, ...]:
    here = (work for work in instance.work() if work.due == one.due.isoformat())
    return tuple(dict.fromkeys(work.lane for work in here if work.lane and one.scope in instance.around(work.id)))


def _keep_for_review(db: Session, case: Case, move: Move, *, at: datetime) -> None:
    one = move.deadline
    branch = f" {one.scope}" if one.scope else ""
    key = f"{case.number or case.ref} {one.key}{branch}"[:100]
    data = {"kept": move.kept.isoformat(), "computed": move.computed.isoformat()}
    data |= {"key": one.key, "policy": move.policy}
    alike = RegisterRow.bureau_id == case.bureau_id, RegisterRow.register == REVIEWS, RegisterRow.key == key
    row = db.scalar(select(RegisterRow).where(*alike)) or RegisterRow(
        bureau_id=case.bureau_id, register=REVIEWS, key=key, case_id=case.id
    )
    row.data, row.changed_at = data, at
    db.add(row)
    db.flush()
