"""A server that was down: each thing missed happens once, in due order, with its own instant and that of doing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import ROOT
from app.rehearsal.play import Happened, Result, play
from app.rehearsal.reading import read_file
from app.rehearsal.report import as_text
from app.rehearsal.scenario import Restart

BACK = "2025-10-10T09:00:00+08:00"
DUE = "2025-10-10T00:00:00+08:00"


@pytest.fixture(scope="module")
def story() -> Result:
    """S30, step 5."""
    (scenario,) = read_file(ROOT / "tests" / "processes" / "s30_restart.yaml")
    result = play(scenario, ROOT)
    assert result.outcome == "passed", "\n".join(as_text(result))
    return result


def fired(story: Result, number: int) -> list[Happened]:
    """The timers that fired in the restart of that number."""
    restarts = [played for played in story.played if isinstance(played.step, Restart)]
    return [entry for entry in restarts[number].happened if entry.kind == "timer.fired"]


def test_what_was_missed_happens_once_with_both_instants(story: Result) -> None:
    found = fired(story, 0)
    assert sorted((entry.case, entry.element) for entry in found) == [
        ("late", "due_at"),
        ("publicity", "publicity_close_at"),
        ("soon", "remind_at"),
    ]
    assert {(entry.at, entry.data["due"]) for entry in found} == {(BACK, DUE)}


def test_nothing_happens_a_second_time(story: Result) -> None:
    assert fired(story, 1) == []
    every = [
        (entry.case, entry.element)
        for played in story.played
        for entry in played.happened
        if entry.data.get("due") == DUE
    ]
    assert len([place for place in every if place[1] in ("due_at", "remind_at", "publicity_close_at")]) == 3


def test_what_falls_due_at_several_instants_happens_in_that_order() -> None:
    """Down from before the reminder until after level 2: reminder, overdue, report, each at its own instant."""
    (scenario,) = read_file(ROOT / "tests" / "processes" / "s30_restart.yaml")
    steps = (*scenario.steps[:3], Restart(number=4, line=1, down_for=timedelta(days=50)))
    result = play(replace(scenario, steps=steps), ROOT)
    assert result.outcome == "passed", "\n".join(as_text(result))
    found = [entry for played in result.played for entry in played.happened if entry.kind == "timer.fired"]
    assert [entry.element for entry in found] == ["remind_at", "due_at", "report_at"]
    dues = [entry.data["due"] for entry in found]
    assert dues == sorted(dues) == ["2025-09-28T00:00:00+08:00", DUE, "2025-10-16T00:00:00+08:00"]
    assert all(entry.at > entry.data["due"] for entry in found)
