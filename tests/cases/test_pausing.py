"""A clock that stands still: by how much a deadline moves, in the unit of its limit, and what a page says of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import journal
from app.cases import deadlines, pausing, store
from app.cases.deadlines import Deadline
from app.cases.models import Case, Task
from app.cases.turn import turn
from app.definitions import library
from app.errors import Conflict
from app.limits.rules import Rules, rules_for
from app.rehearsal.stage import Stage, pack_files
from tests.cases.test_deadlines import AT, ROOT, stage, task_of

__all__ = ["stage"]


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Wuhan's rules."""
    return rules_for(library.parse(pack_files(ROOT, "wuhan_2021")), {}, AT)


def limit(policy: str | None, due: date, counted_from: date | None = None) -> Deadline:
    return Deadline("x", due, 0, "e", "p", policy, counted_from, None, None)


@pytest.mark.parametrize(
    ("policy", "due", "since", "today", "moved"),
    [
        # 09-25, 26, 28 (make-up Sunday), 29, 30, 10-09 stood still: six working days after 09-28.
        ("P-05", date(2025, 9, 28), date(2025, 9, 24), date(2025, 10, 9), date(2025, 10, 13)),
        ("P-05", date(2025, 9, 28), date(2025, 9, 24), date(2025, 9, 24), date(2025, 9, 28)),
        (None, date(2025, 9, 28), date(2025, 9, 27), date(2025, 9, 28), date(2025, 9, 29)),
        # Calendar days are counted for a limit of calendar days: fifteen.
        ("P-29", date(2025, 9, 28), date(2025, 9, 24), date(2025, 10, 9), date(2025, 10, 13)),
        ("P-29", date(2025, 9, 28), date(2025, 9, 26), date(2025, 9, 29), date(2025, 10, 1)),
        # P-14 rolls: three days after 09-30 is 10-03, of rest; the next working day is 10-09.
        ("P-14", date(2025, 9, 30), date(2025, 9, 26), date(2025, 9, 29), date(2025, 10, 9)),
    ],
)
def test_a_deadline_moves_by_what_stood_still(  # noqa: PLR0913
    rules: Rules, policy: str | None, due: date, since: date, today: date, moved: date
) -> None:
    assert pausing.moved_by(rules, limit(policy, due), since, today) == moved


def test_a_limit_that_began_meanwhile_stood_still_since_then(rules: Rules) -> None:
    began = limit("P-05", date(2025, 10, 20), counted_from=date(2025, 10, 9))
    assert pausing.moved_by(rules, began, date(2025, 9, 24), date(2025, 10, 10)) == date(2025, 10, 21)


def act(stage: Stage, what, *, org: str | None) -> None:  # type: ignore[no-untyped-def]
    with stage.database.transaction() as db:
        held = store.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=stage.actor(db, "head"), at=AT) as moved:
            what(moved, org=org, why="等待鉴定")


def case_of(stage: Stage) -> Case:
    with stage.database.reading() as db:
        return db.get_one(Case, stage.cases.known[0].id)


def test_the_case_says_whose_clock_stands_still(stage: Stage) -> None:
    act(stage, pausing.stop, org="urban")
    case = case_of(stage)
    assert [row["org"] for row in pausing.stopped(case.facts)] == ["urban"]
    assert pausing.since(case, stage.places["urban"]) == AT.date()
    assert pausing.since(case, stage.places["market"]) is None
    with stage.database.reading() as db:
        assert {agency: task_of(db, stage, agency).due for agency in ("urban", "market")} == {
            "urban": None,
            "market": date(2026, 3, 9),
        }
    act(stage, pausing.resume, org=None)
    assert pausing.stopped(case_of(stage).facts) == []
    with stage.database.reading() as db:
        kinds = [entry.kind for entry in journal.entries_of(db, case.id)]
        assert task_of(db, stage, "urban").due == date(2026, 3, 9), "stopped and resumed on one day"
    assert kinds[-2:] == ["clock.stopped", "clock.resumed"]


def test_of_several_clocks_one_is_named(stage: Stage) -> None:
    act(stage, pausing.stop, org="urban")
    act(stage, pausing.stop, org="market")
    for org in (None, "transport"):
        with pytest.raises(Conflict):
            act(stage, pausing.resume, org=org)
    act(stage, pausing.resume, org="market")
    assert [row["org"] for row in pausing.stopped(case_of(stage).facts)] == ["urban"]


def test_the_whole_case_stands_still_only_while_nothing_of_it_does(stage: Stage) -> None:
    act(stage, pausing.stop, org="urban")
    with pytest.raises(Conflict):
        act(stage, pausing.stop, org=None)
    act(stage, pausing.resume, org=None)
    act(stage, pausing.stop, org=None)
    with stage.database.reading() as db:
        dues = db.scalars(select(Task.due).where(Task.closed_at.is_(None))).all()
    assert set(dues) == {None}
    with pytest.raises(Conflict):
        act(stage, pausing.stop, org="urban")


def test_what_is_over_is_not_moved(stage: Stage) -> None:
    """A deadline that had passed before the clock was stopped stays passed."""
    with stage.database.transaction() as db:
        held = store.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=None, at=AT) as moved:
            mine = next(one for one in deadlines.running(moved) if one.org == "urban" and one.key == "answer_due")
            deadlines.change(moved, mine, date(2026, 2, 13), why="试")
    act(stage, pausing.stop, org="urban")
    act(stage, pausing.resume, org="urban")
    with stage.database.reading() as db:
        assert task_of(db, stage, "urban").due == date(2026, 2, 13)
