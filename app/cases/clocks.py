"""Stopping the clock of a running case or of one agency in it, and letting it run on: acts within a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.cases.progress import Progress
from app.clock import in_office
from app.journal import Note
from app.limits import clocks, deadlines
from app.limits.deadlines import Change, Deadline
from app.operations.calling import Announcement


def stop(progress: Progress, *, org: str | None, why: str) -> None:
    """Stop the clock of an organisation's part of the case, or (None) of all of it; what is due already happens first.

    Raises Conflict where nothing of it runs, or it stands still already.
    """
    progress.run()
    instance, running = progress.instance, progress.deadlines()
    scope = clocks.part_of(instance, running, org)
    concerned = clocks.within(instance, running, scope)
    told = [notice for one in concerned for notice in _stands_still(progress, one)]
    instance.hold(scope, progress.turn.logical)
    progress.stopped[scope] = org
    progress.take(Change((Note("clock.stopped", data={"scope": scope, "org": org, "why": why}),), tuple(told)))


def resume(progress: Progress, *, org: str | None, why: str) -> None:
    """Let a clock run on; each deadline that was not over moves by the days that it stood still.

    `org`: that organisation's clock, where several stand still. Raises Conflict.
    """
    row = clocks.chosen(progress.turn.case.facts, org)
    scope, logical = int(row["scope"]), progress.turn.logical
    stood = in_office(progress.instance.release(scope, logical)).date()
    progress.take(Change((Note("clock.resumed", data={"scope": scope, "org": row["org"], "why": why}),)))
    for one in clocks.within(progress.instance, progress.deadlines(), scope):
        if one.due >= stood:
            day = clocks.day_after_standing(progress.turn.rules, one, stood, in_office(logical).date())
            progress.move(one, day, why=why)


def _stands_still(progress: Progress, one: Deadline) -> tuple[Announcement, ...]:
    """Who has a task with that date, and the author where the pack says so, learn that it stands still."""
    data = {"key": one.key, "old": one.due.isoformat(), "new": None, "clock": "stopped"}
    return deadlines.notices(progress.instance, one, data, author=progress.learner(one.key))


DOES: Mapping[str, Callable[..., None]] = {"stop": stop, "resume": resume}
"""What an act of the pack may do to a clock (`does`)."""
