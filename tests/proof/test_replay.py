"""A case's journal, run anew, leads to what is stored; where one of the two was altered, the replay says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app import jobs
from app.cases import lifecycle
from app.cases.models import Answer, Case, Subscription, Task, Timer
from app.db import Database
from app.journal import Entry
from app.proof.replay import Replayed, replay
from tests.builders import NOW, Office, found_office
from tests.cases.test_by_itself import DUE, ask, asking  # noqa: F401 - the fixture
from tests.cases.test_turn import complete, started
from tests.databases import sqlite_database


def replayed(database: Database) -> Replayed:
    with database.reading() as db:
        return replay(db)


def test_cases_at_every_step_are_what_their_journals_say(office: Office) -> None:
    for rounds in range(3):
        ref = started(office)
        for _ in range(rounds):
            complete(office, ref, "clerk", {"outcome": "again"})
            complete(office, ref, "sup1", {"title": "改"})
    complete(office, ref, "clerk", {"outcome": "done"})
    with office.database.transaction() as db:
        lifecycle.start(db, "loop", None, by=office.actor("sup2"), at=NOW)
    assert replayed(office.database) == Replayed(4, (), ())


def test_timers_and_letters_are_replayed(asking: Office) -> None:  # noqa: F811
    ask(asking)
    jobs.sweep(asking.database, DUE + timedelta(hours=3))
    assert replayed(asking.database) == Replayed(2, (), ())
    with asking.database.reading() as db:
        linked = db.scalars(select(Case.ref).where(Case.process == "answers")).one()
    complete(asking, linked, "clerk", {"verdict": "属实"})
    assert replayed(asking.database) == Replayed(2, (), ()), "a letter on its way is no difference"
    jobs.sweep(asking.database, DUE + timedelta(hours=4))
    assert replayed(asking.database) == Replayed(2, (), ())


def _entry(kind: str, **changes: object) -> Callable[[Session], object]:
    def alter(db: Session) -> None:
        db.execute(text("DROP TRIGGER journal_no_update"))  # the wall that stands before
        entry = db.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id)).first()
        assert entry is not None
        entry.data = {**entry.data, **changes}
        db.flush()

    return alter


BREAKS: dict[str, Callable[[Session], object]] = {
    "replay.status": lambda db: db.execute(update(Case).values(status="submitted")),
    "replay.facts": lambda db: db.execute(update(Case).values(facts={})),
    "replay.end": lambda db: db.execute(update(Case).values(closed_at=NOW)),
    "replay.tasks": lambda db: db.execute(update(Task).values(closed_at=NOW)),
    "replay.done": lambda db: db.execute(update(Task).where(Task.id == 1).values(ending="cancelled")),
    "replay.path": lambda db: db.execute(update(Answer).where(Answer.field == "outcome").values(value='"done"')),
    "replay.stopped": _entry("task.completed", work=99),
    "replay.timers": lambda db: db.execute(insert(Timer).values(case_id=1, timer_id=5, element="x", due=NOW)),
    "replay.subscriptions": lambda db: db.execute(
        insert(Subscription).values(case_id=1, subscription_id=5, element="x", message="m")
    ),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_each_difference_is_named(tmp_path: Path, rule: str) -> None:
    office = found_office(sqlite_database(tmp_path))
    ref = started(office)
    complete(office, ref, "clerk", {"outcome": "again"})
    assert replayed(office.database) == Replayed(1, (), ())
    with office.database.transaction() as db:
        BREAKS[rule](db)
    assert rule in {fault.rule for fault in replayed(office.database).faults}


def test_a_message_from_outside_leaves_a_case_out(asking: Office) -> None:  # noqa: F811
    ask(asking)
    jobs.sweep(asking.database, DUE)
    with asking.database.transaction() as db:
        jobs.hand_in(db, asking.bureau_id, "pong", {"title": "甲", "verdict": "属实"}, at=DUE)
    found = replayed(asking.database)
    assert (found.cases, len(found.left_out), found.faults) == (1, 1, ())
    assert "from outside" in found.left_out[0]
