"""How long each step takes (report 7): mean, median and 90th of the working days from being put to being done."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.calendar import MAX_DAYS, Calendar
from app.cases.models import Case, Task
from app.monitor.scope import Period, office_day, seen_by
from app.people.access import Actor
from app.people.models import Organisation

MOST = 20_000
Spread = dict[int, int]
"""How many steps took so many working days."""


@dataclass(frozen=True)
class Time:
    """The working days that one step took. `count`: completed in the period; percentiles by nearest rank."""

    process: str
    element: str
    count: int
    mean: float
    median: float
    ninetieth: int
    release_id: int


def times(db: Session, by: Actor, calendar: Calendar, period: Period, *, agency: str = "") -> list[Time]:
    """Each step that was completed in the period, the slowest first; one statement.

    The database counts by pairs of days, at most so many as `MOST`, the latest first; a step that was put and done on
    one day took 0 working days (D-25).
    """
    opened, closed = office_day(Task.opened_at), office_day(Task.closed_at)
    query = (
        select(Task.process, Task.element, opened, closed, func.count(), func.max(Case.release_id))
        .join(Case, Case.id == Task.case_id)
        .where(seen_by(by), Task.ending == "completed", period.holds(closed))
        .group_by(Task.process, Task.element, opened, closed)
        .order_by(closed.desc())
        .limit(MOST)
    )
    if agency:
        query = query.where(Task.organisation_id.in_(_places(agency)))
    spreads: dict[tuple[str, str], Spread] = defaultdict(lambda: defaultdict(int))
    releases: dict[tuple[str, str], int] = {}
    for process, element, start, end, count, release in db.execute(query):
        spreads[process, element][_days(calendar, start, end)] += count
        releases[process, element] = max(release, releases.get((process, element), 0))
    found = [_time(key, spread, releases[key]) for key, spread in spreads.items()]
    return sorted(found, key=lambda one: (-one.median, -one.mean, one.process, one.element))


def _places(agency: str) -> Select[Any]:
    return select(Organisation.id).where(Organisation.ref == agency)


def _days(calendar: Calendar, start: date, end: date) -> int:
    """Working days after `start` up to `end`; what took longer than a calendar can count is as long as it can."""
    return calendar.working_days_between(max(start, end - timedelta(days=MAX_DAYS)), end)


def _time(key: tuple[str, str], spread: Mapping[int, int], release_id: int) -> Time:
    ordered = sorted(spread.items())
    count = sum(spread.values())
    mean = sum(days * number for days, number in ordered) / count
    low, high = _at(ordered, (count + 1) // 2), _at(ordered, count // 2 + 1)
    return Time(*key, count, mean, (low + high) / 2, _at(ordered, math.ceil(count * 0.9)), release_id)


def _at(ordered: list[tuple[int, int]], rank: int) -> int:
    """The value of that rank, from 1."""
    passed = 0
    for days, number in ordered:
        passed += number
        if passed >= rank:
            return days
    return ordered[-1][0]
