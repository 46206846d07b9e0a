"""Timers: one indexed query a tick, in due order, never early; a case that fails waits, stops, and holds up nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select, text, update

from app import jobs
from app.cases import failing
from app.cases.models import Case, Timer
from app.db import Database, table_of
from app.errors import Refusal, words
from app.jobs import timers
from tests.builders import NOW
from tests.databases import PostgresServer, counted, sqlite_database
from tests.jobs.waiting import DUE, TIMERS, firings, waiting_office, wrong_firings

LATER = DUE + timedelta(days=30)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
LATER_BY = {
    "postgresql": "due + i * interval '1 minute'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', due, '+' || i || ' minutes')",
}
"""The n-th timer is due n minutes later."""
WALKS = ("Seq Scan on timer", 'Seq Scan on "case"', "SCAN timer", "SCAN case", "TEMP B-TREE", "Sort")
"""How a plan says that it reads or sorts everything that waits."""


def test_what_was_missed_happens_once_and_in_order(database: Database) -> None:
    waiting_office(database, cases=3)
    assert jobs.sweep(database, LATER) == 3 * TIMERS
    assert wrong_firings(database) == []
    assert all(
        [due for _element, due in fired] == [(DUE + timedelta(hours=hours)).isoformat() for hours in (0, 1, 25)]
        for fired in firings(database).values()
    )
    assert jobs.sweep(database, LATER) == 0


def test_nothing_is_early(database: Database) -> None:
    waiting_office(database, cases=1)
    assert jobs.sweep(database, DUE - timedelta(microseconds=1)) == 0
    assert jobs.sweep(database, DUE - timedelta(hours=1)) == 0, "a clock that goes back fires nothing"
    assert jobs.sweep(database, DUE) == 1


def test_one_poisoned_case_among_fifty_holds_up_nobody(database: Database) -> None:
    """Three tries with a pause between, then an incident; the others fire at the first sweep."""
    office = waiting_office(database, cases=50)
    with database.transaction() as db:
        poisoned = db.scalars(select(Case.id).order_by(Case.id)).first()
        whole = db.get_one(Case, poisoned).state
        db.execute(update(Case).where(Case.id == poisoned).values(state=b"{}"))
    assert jobs.sweep(database, LATER) == 49 * TIMERS
    for minutes, tries in ((0, 1), (0.9, 1), (1, 2), (5.9, 2), (6, 3), (60 * 24, 3)):
        jobs.sweep(database, LATER + timedelta(minutes=minutes))
        with database.reading() as db:
            case = db.get_one(Case, poisoned)
            assert case.failure["tries"] == tries
            assert (case.incident is not None) == (tries == 3)
    with database.transaction() as db:
        db.execute(update(Case).where(Case.id == poisoned).values(state=whole))
        failing.retry(db, poisoned, by=office.actor("clerk"), at=LATER)
    assert jobs.sweep(database, LATER + timedelta(days=2)) == TIMERS
    with database.reading() as db:
        assert db.get_one(Case, poisoned).failure is None


def test_a_good_turn_ends_the_pause_after_a_failure(database: Database) -> None:
    waiting_office(database, cases=1)
    with database.transaction() as db:
        case_id = db.scalars(select(Case.id)).one()
        failing.fail(db, case_id, Refusal(words("broken")), at=DUE)
    assert jobs.next_due(database, DUE + timedelta(seconds=59)) is None
    assert jobs.next_due(database, LATER) == (case_id, DUE + timedelta(minutes=1)), "ready later than due"
    assert jobs.sweep(database, DUE + timedelta(minutes=1)) == 1
    assert firings(database)[case_id] == [("wait1", DUE.isoformat())]
    with database.reading() as db:
        assert db.get_one(Case, case_id).failure is None
        assert {timer.ready == timer.due for timer in db.scalars(select(Timer))} == {True}


def test_two_who_come_at_once_share(postgres: PostgresServer) -> None:
    """While one worker holds the first case, another is given the next; a third waits for nobody."""
    database = postgres.database()
    waiting_office(database, cases=2)
    with database.transaction() as first, database.transaction() as second, database.transaction() as third:
        held = [timers.claim(db, LATER) for db in (first, second, third)]
    assert held[2] is None
    assert held[0] and held[1] and held[0][0].case.id != held[1][0].case.id
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def crowded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database in which a hundred thousand cases wait, a thousand of them failed for good."""
    database = (
        sqlite_database(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    )
    waiting_office(database, cases=1)
    later = LATER_BY[database.engine.dialect.name]
    others = ", ".join(f'"{column.name}"' for column in table_of(Case).columns if column.name not in ("id", "ref"))
    with database.transaction() as db:
        db.execute(text(f'INSERT INTO "case" (id, ref, {others}) {NUMBERS} SELECT id + i, i, {others} FROM "case", n'))
        db.execute(
            text(
                f"INSERT INTO timer (case_id, timer_id, element, due, ready) {NUMBERS} SELECT case_id + i, timer_id,"
                f" element, {later}, CASE WHEN i > 1000 THEN {later} END FROM timer, n"
            )
        )
    yield database
    database.close()


def test_a_tick_is_one_indexed_query_however_many_wait(crowded: Database) -> None:
    with counted(crowded) as seen:
        assert jobs.next_due(crowded, NOW) is None
    assert len(seen) == 1
    for query in (timers.READY, timers.CLAIM):
        for now in (NOW, DUE + timedelta(days=20)):
            plan = plan_of(crowded, query.params(now=now))
            assert "ix_timer_ready" in plan
            assert not [word for word in WALKS if word in plan], plan
    if crowded.engine.dialect.name == "sqlite":
        with crowded.transaction() as db:
            db.execute(text("DROP INDEX ix_timer_ready"))
        crowded.close()  # a connection keeps the plans that it has made
        without = plan_of(crowded, timers.READY.params(now=NOW))
        assert [word for word in WALKS if word in without], "the test sees a query that walks past what waits"


def plan_of(database: Database, query: Select[Any]) -> str:
    """How the database would answer a query."""
    asked = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    compiled = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.engine.connect() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(asked + str(compiled)))
