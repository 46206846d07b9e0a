"""Why a step is due on its day: the limit behind it, and each day of the count with 班 and 休."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app import feel
from app.calendar import Calendar, Counted
from app.cases.course import Put
from app.cases.models import Task
from app.cases.rules import Rules, as_date
from app.cases.view import View
from app.definitions.library import FUNCTIONS
from app.definitions.pack import Pack, Policy
from app.engine import Step
from app.errors import Invalid, Words, words
from app.web.shown.written import named, short_day

LONGEST = 130
"""Days that are drawn one by one; a longer count says only its ends."""


@dataclass(frozen=True)
class Cell:
    """One day of the little calendar; None of these before the start and after the end."""

    day: date
    number: int | None
    kind: str


@dataclass(frozen=True)
class Why:
    """A due date explained. `weeks`: rows of seven cells from Monday, None where the count has no day."""

    policy: str
    limit: str
    start: date
    due: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    caption: Words
    source: Words
    basis: str
    provisional: bool


def why(seen: View, rules: Rules, put: Put | Task) -> Why | None:
    """The count behind a step's due date; None where the step has none or no limit of the policy table is behind it."""
    step = seen.pack.step(put.process, put.element)
    source = limit_of(seen.pack, step)
    if put.due is None or source is None:
        return None
    policy, start = source[0], _start(source[1], seen.case.facts, rules) or put.opened_at.date()
    if not start <= put.due:
        return None
    return _explained(policy, start, put.due, rules, local=policy.source != "law")


def limit_of(pack: Pack, step: Step) -> tuple[Policy, Step] | None:
    """The limit of the step itself, or of the step or sub-process that has set the date which it shares."""
    fact = feel.expression_text(step.attributes["due"]) if "due" in step.attributes else None
    candidates = [step]
    if fact is not None:
        processes = pack.diagram.processes.values()
        candidates = [one for p in processes for one in p.steps.values() if one.attributes.get("dueKey") == fact]
    for one in candidates:
        policy = pack.policies.get(one.attributes.get("deadline", ""))
        if policy is not None:
            return policy, one
    return None


def _start(step: Step, facts: Mapping[str, Any], rules: Rules) -> date | None:
    text = step.attributes.get("from")
    if not text or not feel.is_expression(text):
        return None
    try:
        value = feel.compile(feel.expression_text(text), [*facts, *FUNCTIONS])(facts, functions=rules.functions())
        return as_date(value) if value is not None else None
    except Invalid:
        return None


def _explained(policy: Policy, start: date, due: date, rules: Rules, *, local: bool) -> Why:
    calendar = rules.calendar
    counted = calendar.count(start, due)
    working = policy.unit == "working_day"
    numbers = [one.number for one in counted if one.number] if working else counted
    amount = words("{count} working days", count=len(numbers)) if working else words("{count} days", count=len(counted))
    caption = words("{amount} from {start}; that day is not counted", amount=amount, start=short_day(start))
    return Why(
        policy=named(policy),
        limit=policy.id,
        start=start,
        due=due,
        weeks=_weeks(start, counted, calendar, working=working) if (due - start).days <= LONGEST else (),
        caption=caption,
        source=_where_from(local=local),
        basis=policy.basis,
        provisional=calendar.is_provisional(start, due),
    )


def _where_from(*, local: bool) -> Words:
    if local:
        return words("A time limit of this bureau, not one of the law. Days of rest as the State Council announced.")
    return words("A time limit of the law. Days of rest as the State Council announced.")


def _weeks(
    start: date, counted: list[Counted], calendar: Calendar, *, working: bool
) -> tuple[tuple[Cell | None, ...], ...]:
    cells: dict[date, Cell] = {start: Cell(start, None, "start")}
    for number, one in enumerate(counted, 1):
        cells[one.day] = Cell(one.day, one.number if working else number, one.kind)
    monday = start - timedelta(days=start.weekday())
    last = counted[-1].day if counted else start
    days = [monday + timedelta(days=offset) for offset in range((last - monday).days // 7 * 7 + 7)]
    return tuple(tuple(cells.get(one) for one in days[at : at + 7]) for at in range(0, len(days), 7))
