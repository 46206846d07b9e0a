"""Real workers on PostgreSQL: they share what is due, wake in time, stop when told, and SQLite needs none."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.cases.models import Timer
from app.clock import SystemClock
from app.db import Database
from app.heartbeats import Worker
from app.journal import entries_of
from tests.databases import PostgresServer, sqlite_database
from tests.jobs.waiting import TIMERS, firings, start, start_soon, waiting_office, wrong_firings


@pytest.fixture
def server_database(postgres: PostgresServer) -> Iterator[Database]:
    made = postgres.database()
    yield made
    made.close()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds; generous, since the machine may be busy."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def waiting(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Timer)) or 0


def states(database: Database) -> list[str]:
    with database.reading() as db:
        return sorted(db.scalars(select(Worker.state)))


def test_two_workers_share_what_is_due_and_stop_when_told(server_database: Database, tmp_path: Path) -> None:
    waiting_office(server_database, cases=20)
    workers = [start("worker", server_database, tmp_path) for _ in range(2)]
    try:
        until(lambda: waiting(server_database) == 0 and states(server_database) == ["working"] * 2)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
    assert [worker.wait(20) for worker in workers] == [0, 0], (tmp_path / "worker.log").read_text()
    assert wrong_firings(server_database) == []
    assert sum(map(len, firings(server_database).values())) == 20 * TIMERS
    assert states(server_database) == ["stopped"] * 2
    with server_database.reading() as db:
        assert sum(db.scalars(select(Worker.done))) == 20 * TIMERS


def test_a_timer_armed_for_soon_wakes_a_worker_that_sleeps_long(server_database: Database, tmp_path: Path) -> None:
    """The worker looks once an hour; only the wake-up of the turn's own transaction can tell it."""
    office = waiting_office(server_database)
    worker = start("worker", server_database, tmp_path, SWEEP_SECONDS="3600")
    try:
        until(lambda: states(server_database) == ["working"])
        time.sleep(1)
        case_id = start_soon(office, SystemClock().now())
        until(lambda: waiting(server_database) == 0, 30)
    finally:
        worker.terminate()
        worker.wait(20)
    with server_database.reading() as db:
        (fired,) = [entry for entry in entries_of(db, case_id) if entry.kind == "timer.fired"]
    assert fired.data["due"] <= fired.at.isoformat(), "never early"


def test_sqlite_needs_no_worker(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    worker = start("worker", database, tmp_path)
    assert worker.wait(60) == 1
    assert "duban serve" in (tmp_path / "worker.log").read_text()
    database.close()
