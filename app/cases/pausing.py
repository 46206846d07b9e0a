"""Stopping a clock and letting it run on (停止计时、恢复计时): local policy, with a reason, of a case or of one agency.

While a clock stands still none of its timers fires and its tasks have no due date. When it runs on, each deadline
moves by the days that it stood still, through the same operation as every change of a deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.cases import deadlines
from app.cases.deadlines import Deadline
from app.cases.models import Case
from app.clock import in_office
from app.errors import Conflict, words
from app.journal import Note
from app.limits.rules import Rules
from app.programme.operations import Told

if TYPE_CHECKING:
    from app.cases.turn import Turn

FACT = "clock_stopped"
WHOLE = 0


def stop(moved: Turn, *, org: str | None, why: str) -> None:
    """Stop the clock of an organisation's part of the case, or (None) of all of it; what is due already happens first.

    Raises Conflict where nothing of it runs, or it stands still already.
    """
    moved.run()
    scope = WHOLE if org is None else _part_of(moved, org)
    concerned = [one for one in deadlines.running(moved) if scope in moved.instance.around(one.scope)]
    if not concerned:
        raise Conflict(words("No deadline runs here that could be stopped."), fields=["agency"])
    told = [notice for one in concerned for notice in _told(moved, one, "stopped")]
    moved.instance.hold(scope, moved.logical)
    moved.stopped[scope] = org
    moved.told += told
    moved.notes.append(Note("clock.stopped", data={"scope": scope, "org": org, "why": why}))


def resume(moved: Turn, *, org: str | None, why: str) -> None:
    """Let a clock run on; each deadline that was not over moves by the days that it stood still.

    `org`: that organisation's clock, where several stand still. Raises Conflict.
    """
    rows = stopped(moved.case.facts)
    found = [row for row in rows if org is None or row["org"] == org]
    if len(found) != 1:
        text = words("Name the agency: several clocks stand still.") if found else words("No clock stands still here.")
        raise Conflict(text, fields=["agency"])
    scope = int(found[0]["scope"])
    stood = in_office(moved.instance.release(scope, moved.logical)).date()
    moved.notes.append(Note("clock.resumed", data={"scope": scope, "org": found[0]["org"], "why": why}))
    for one in deadlines.running(moved):
        if scope in moved.instance.around(one.scope) and one.due >= stood:
            deadlines.change(moved, one, moved_by(moved.rules, one, stood, in_office(moved.logical).date()), why=why)


def moved_by(rules: Rules, one: Deadline, stood: date, today: date) -> date:
    """The last day of a deadline after its clock has stood still from `stood` to `today` (the first day not counted).

    Working days, or calendar days for a limit that counts those. A limit that began meanwhile stood still since then.
    """
    start = max(stood, one.counted_from or stood)
    policy = rules.policy(one.policy) if one.policy else None
    if policy is not None and policy.unit != "working_day":
        return rules.calendar.calendar_days_after(one.due, (today - start).days, roll=policy.roll)
    return rules.calendar.working_days_after(one.due, rules.calendar.working_days_between(start, today))


def stopped(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clocks of a case that stand still: {scope, org (None: the whole case), since}."""
    return list(facts.get(FACT) or ())


def since(case: Case, organisation_id: int) -> date | None:
    """The day since which the clock of an organisation in a case stands still; None where it runs."""
    for row in stopped(case.facts):
        if row["org"] is None or case.parties.get(row["org"], {}).get("id") == organisation_id:
            return in_office(datetime.fromisoformat(row["since"])).date()
    return None


def facts_of(turn: Turn) -> dict[str, Any]:
    """What the case says of its clocks once the turn is done; a part that has ended says nothing more."""
    held, before = turn.instance.held(), stopped(turn.case.facts)
    if not held and not before:
        return {}
    whose = {**{int(row["scope"]): row["org"] for row in before}, **turn.stopped}
    return {FACT: [{"scope": scope, "org": whose[scope], "since": at.isoformat()} for scope, at in held.items()]}


def _part_of(moved: Turn, org: str) -> int:
    """The branch in which all that an organisation has to do by a date runs: the outermost of its deadlines'."""
    scopes = [one.scope for one in deadlines.running(moved) if one.org == org and one.scope != WHOLE]
    if not scopes:
        raise Conflict(words("No deadline runs here that could be stopped."), fields=["agency"])
    return min(scopes, key=lambda scope: len(moved.instance.around(scope)))


def _told(moved: Turn, one: Deadline, clock: str) -> list[Told]:
    """Who has a task with that date, and the author where the pack says so, learn that it stands still."""
    data = {"key": one.key, "old": one.due.isoformat(), "new": None, "clock": clock}
    return deadlines.notices(moved, one, data)


DOES: Mapping[str, Callable[..., None]] = {"stop": stop, "resume": resume}
