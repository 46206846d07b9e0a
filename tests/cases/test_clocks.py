"""A clock that stands still in a case: its timers, the dates of its tasks, and what a page says of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import journal
from app.cases import locking
from app.cases.clocks import resume, stop
from app.cases.models import Case, Task
from app.cases.turn import turn
from app.errors import Conflict
from app.limits import clocks
from app.rehearsal.stage import Stage
from tests.cases.test_deadlines import AT, stage, task_of

__all__ = ["stage"]


def act(stage: Stage, what, *, org: str | None) -> None:  # type: ignore[no-untyped-def]
    with stage.database.transaction() as db:
        held = locking.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=stage.actor(db, "head"), at=AT) as progress:
            what(progress, org=org, why="等待鉴定")


def case_of(stage: Stage) -> Case:
    with stage.database.reading() as db:
        return db.get_one(Case, stage.cases.known[0].id)


def test_the_case_says_whose_clock_stands_still(stage: Stage) -> None:
    act(stage, stop, org="urban")
    case = case_of(stage)
    assert [row["org"] for row in clocks.stopped(case.facts)] == ["urban"]
    assert clocks.since(case.facts, case.parties, stage.places["urban"]) == AT.date()
    assert clocks.since(case.facts, case.parties, stage.places["market"]) is None
    with stage.database.reading() as db:
        assert {agency: task_of(db, stage, agency).due for agency in ("urban", "market")} == {
            "urban": None,
            "market": date(2026, 3, 9),
        }
    act(stage, resume, org=None)
    assert clocks.stopped(case_of(stage).facts) == []
    with stage.database.reading() as db:
        kinds = [entry.kind for entry in journal.entries_of(db, case.id)]
        assert task_of(db, stage, "urban").due == date(2026, 3, 9), "stopped and resumed on one day"
    assert kinds[-2:] == ["clock.stopped", "clock.resumed"]


def test_of_several_clocks_one_is_named(stage: Stage) -> None:
    act(stage, stop, org="urban")
    act(stage, stop, org="market")
    for org in (None, "transport"):
        with pytest.raises(Conflict):
            act(stage, resume, org=org)
    act(stage, resume, org="market")
    assert [row["org"] for row in clocks.stopped(case_of(stage).facts)] == ["urban"]


def test_the_whole_case_stands_still_only_while_nothing_of_it_does(stage: Stage) -> None:
    act(stage, stop, org="urban")
    with pytest.raises(Conflict):
        act(stage, stop, org=None)
    act(stage, resume, org=None)
    act(stage, stop, org=None)
    with stage.database.reading() as db:
        dues = db.scalars(select(Task.due).where(Task.closed_at.is_(None))).all()
    assert set(dues) == {None}
    with pytest.raises(Conflict):
        act(stage, stop, org="urban")


def test_what_is_over_is_not_moved(stage: Stage) -> None:
    """A deadline that had passed before the clock was stopped stays passed."""
    with stage.database.transaction() as db:
        held = locking.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=None, at=AT) as progress:
            mine = next(one for one in progress.deadlines() if one.org == "urban" and one.key == "answer_due")
            progress.move(mine, date(2026, 2, 13), why="试")
    act(stage, stop, org="urban")
    act(stage, resume, org="urban")
    with stage.database.reading() as db:
        assert task_of(db, stage, "urban").due == date(2026, 2, 13)
