"""Clocks that stand still (停止计时、恢复计时): local policy, with a reason, of a whole case or of one agency in it.

While a clock stands still none of its timers fires and its tasks have no due date. When it runs on, each deadline
moves by the days that it stood still, through the same function as every change of a deadline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.clock import in_office
from app.engine import Instance
from app.errors import Conflict, words
from app.limits.deadlines import Deadline
from app.limits.rules import Rules

FACT = "clock_stopped"
WHOLE = 0


def part_of(instance: Instance, running: Sequence[Deadline], org: str | None) -> int:
    """The branch in which all that an organisation has to do by a date runs: the outermost of its deadlines'.

    None: the whole case. Raises Conflict where no deadline runs there.
    """
    scopes = [WHOLE] if org is None else [one.scope for one in running if one.org == org and one.scope != WHOLE]
    if not scopes or not running:
        raise Conflict(words("No deadline runs here that could be stopped."), fields=["agency"])
    return min(scopes, key=lambda scope: len(instance.around(scope)))


def within(instance: Instance, running: Sequence[Deadline], scope: int) -> list[Deadline]:
    """The deadlines that run in a branch."""
    return [one for one in running if scope in instance.around(one.scope)]


def chosen(facts: Mapping[str, Any], org: str | None) -> dict[str, Any]:
    """The clock that is to run on: that organisation's, or the only one. Raises Conflict."""
    found = [row for row in stopped(facts) if org is None or row["org"] == org]
    if len(found) != 1:
        text = words("Name the agency: several clocks stand still.") if found else words("No clock stands still here.")
        raise Conflict(text, fields=["agency"])
    return found[0]


def day_after_standing(rules: Rules, one: Deadline, stood: date, today: date) -> date:
    """The last day of a deadline after its clock has stood still from `stood` to `today` (the first day not counted).

    Working days, or calendar days for a limit that counts those. A limit that began meanwhile stood still since then.
    """
    start = max(stood, one.counted_from or stood)
    if one.limit is not None and one.limit.unit != "working_day":
        return rules.calendar.calendar_days_after(one.due, (today - start).days, roll=one.limit.roll)
    return rules.calendar.working_days_after(one.due, rules.calendar.working_days_between(start, today))


def stopped(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clocks of a case that stand still: {scope, org (None: the whole case), since}."""
    return list(facts.get(FACT) or ())


def since(facts: Mapping[str, Any], parties: Mapping[str, Any], organisation_id: int) -> date | None:
    """The day since which the clock of an organisation in a case stands still; None where it runs."""
    for row in stopped(facts):
        if row["org"] is None or parties.get(row["org"], {}).get("id") == organisation_id:
            return in_office(datetime.fromisoformat(row["since"])).date()
    return None


def facts_of(instance: Instance, facts: Mapping[str, Any], stopped_now: Mapping[int, str | None]) -> dict[str, Any]:
    """What the case says of its clocks once the turn is done; a part that has ended says nothing more.

    `facts`: those that it began with; `stopped_now`: branches whose clock the turn has stopped, and whose that is.
    """
    held, before = instance.held(), stopped(facts)
    if not held and not before:
        return {}
    whose = {**{int(row["scope"]): row["org"] for row in before}, **stopped_now}
    return {FACT: [{"scope": scope, "org": whose[scope], "since": at.isoformat()} for scope, at in held.items()]}
