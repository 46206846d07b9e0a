"""Why a step is due on its day: the limit behind it, and each day of the count with 班 and 休."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app import feel
from app.calendar import Calendar, Counted
from app.cases.course import CourseStep
from app.cases.models import Task
from app.cases.view import View
from app.db import Session
from app.definitions.functions import FUNCTIONS, as_date
from app.definitions.manifest import Policy
from app.definitions.pack import Pack
from app.engine import Step
from app.errors import Invalid, Words, words
from app.journal import Entry
from app.limits import calendars, counts, policies
from app.limits.counts import Traced
from app.limits.deadlines import LAW, clauses_of
from app.limits.rules import Rules
from app.web.texts import named, short_day

LONGEST = 130
"""Days that are drawn one by one; a longer count says only its ends."""


@dataclass(frozen=True)
class CountedDay:
    """One day of the little calendar; None of these before the start and after the end."""

    day: date
    number: int | None
    kind: str


@dataclass(frozen=True)
class DueReasons:
    """A due date explained. `weeks`: rows of seven cells from Monday, None where the count has no day."""

    policy: str
    limit: str
    start: date
    due: date
    weeks: tuple[tuple[CountedDay | None, ...], ...]
    caption: Words
    source: Words
    basis: str
    provisional: bool
    steps: tuple[Words, ...] = ()
    """The value that applied when it was counted, then each change of the date."""
    own: tuple[Words, ...] = ()
    """Days of the count that the office has set itself."""


def due_reasons(seen: View, rules: Rules, put: CourseStep | Task, db: Session | None = None) -> DueReasons | None:
    """The count behind a step's due date; None where the step has none or no limit of the policy table is behind it.

    With `db` the office's own days in the count are named with their source; one statement, and only if there are any.
    """
    source = limit_of(seen.pack, seen.pack.step(put.process, put.element))
    if put.due is None or source is None:
        return None
    policy = source[0]
    traced = counts.traced(seen.entries, policy.id, put.due)
    start = traced.count.start if traced else _start(source[1], seen.case.facts, rules) or put.opened_at.date()
    if not start <= put.due:
        return None
    explained = _explained(policy, start, put.due, rules)
    own = tuple(_own_days(db, seen, start, put.due)) if db is not None else ()
    steps = tuple(_steps(traced, put.due, rules)) if traced else ()
    return replace(explained, steps=steps, own=own)


def limit_of(pack: Pack, step: Step) -> tuple[Policy, Step] | None:
    """The limit of the step itself, or of the step or sub-process that has set the date which it shares."""
    return policies.source_of(pack, step)


def _steps(traced: Traced, due: date, rules: Rules) -> Iterator[Words]:
    """The value that applied when it was counted, and each change of the date since."""
    count, policy = traced.count, rules.policy(traced.count.policy)
    amount = amount_in_words(policy, count.amount)
    if (now := rules.amount(policy.id)) != count.amount:
        later = amount_in_words(policy, now)
        yield words(
            "Counted by the value of that time, {amount}; what begins now has {later}.", amount=amount, later=later
        )
    else:
        yield words("The value that applied: {amount}.", amount=amount)
    for entry in traced.changes:
        data = {"old": _day_of(entry, "old"), "new": _day_of(entry, "new"), "at": entry.at.date()}
        if entry.data.get("why") == counts.CALENDAR:
            yield words("On {at} the calendar changed: {old} became {new}.", **data)
        else:
            yield words("On {at} it was changed from {old} to {new}: {why}.", **data, why=entry.data.get("why") or "—")
    now_due = rules.count(policy.id, count.start, rules.at, amount=count.amount).due
    if now_due < due and all(entry.data.get("why") == counts.CALENDAR for entry in traced.changes):
        yield words("By the calendar of today it would be {day}; a running deadline is not shortened.", day=now_due)


def _day_of(entry: Entry, name: str) -> date:
    return date.fromisoformat(entry.data[name])


def _own_days(db: Session, seen: View, start: date, due: date) -> Iterator[Words]:
    """Days of the count that the office has set itself, with where they come from."""
    own = [date.fromisoformat(day) for day in seen.settings.get("calendar", {})]
    if not any(start < day <= due for day in own):
        return
    for row in calendars.history(db, seen.case.bureau_id, start + timedelta(days=1), due):
        if row.in_force:
            why = "、".join(part for part in (row.name, row.why) if part) or "—"
            if row.worked:
                yield words("{day} is worked, set by this office ({why}).", day=row.day, why=why)
            else:
                yield words("{day} is free, set by this office ({why}).", day=row.day, why=why)


def amount_in_words(policy: Policy, amount: int) -> Words:
    """An amount with its unit."""
    if policy.unit == "working_day":
        return words("{count} working days", count=amount)
    if policy.unit == "calendar_day":
        return words("{count} calendar days", count=amount)
    return words("{count} months", count=amount)


def _start(step: Step, facts: Mapping[str, Any], rules: Rules) -> date | None:
    text = step.attributes.get("from")
    if not text or not feel.is_expression(text):
        return None
    try:
        value = feel.compile(feel.expression_text(text), [*facts, *FUNCTIONS])(facts, functions=rules.functions())
        return as_date(value) if value is not None else None
    except Invalid:
        return None


def _explained(policy: Policy, start: date, due: date, rules: Rules) -> DueReasons:
    calendar = rules.calendar
    counted = calendar.count(start, due)
    working = policy.unit == "working_day"
    numbers = [one.number for one in counted if one.number] if working else counted
    amount = words("{count} working days", count=len(numbers)) if working else words("{count} days", count=len(counted))
    caption = words("{amount} from {start}; that day is not counted", amount=amount, start=short_day(start))
    return DueReasons(
        policy=named(policy),
        limit=policy.id,
        start=start,
        due=due,
        weeks=_weeks(start, counted, calendar, working=working) if (due - start).days <= LONGEST else (),
        caption=caption,
        source=_where_from(local=policy.source != LAW),
        basis=" ".join(clauses_of(rules.pack, policy)),
        provisional=calendar.is_provisional(start, due),
    )


def _where_from(*, local: bool) -> Words:
    if local:
        return words("A time limit of this bureau, not one of the law. Days of rest as the State Council announced.")
    return words("A time limit of the law. Days of rest as the State Council announced.")


def _weeks(
    start: date, counted: list[Counted], calendar: Calendar, *, working: bool
) -> tuple[tuple[CountedDay | None, ...], ...]:
    cells: dict[date, CountedDay] = {start: CountedDay(start, None, "start")}
    for number, one in enumerate(counted, 1):
        cells[one.day] = CountedDay(one.day, one.number if working else number, one.kind)
    monday = start - timedelta(days=start.weekday())
    last = counted[-1].day if counted else start
    days = [monday + timedelta(days=offset) for offset in range((last - monday).days // 7 * 7 + 7)]
    return tuple(tuple(cells.get(one) for one in days[at : at + 7]) for at in range(0, len(days), 7))
