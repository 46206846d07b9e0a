"""The clockwork: never early, held after a jump of the clock, alive after a fault, silent when it has stopped."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app import jobs
from app.db import Database
from app.errors import Conflict
from app.heartbeats import Worker
from app.jobs import beats, clockwork, health
from app.jobs.clockwork import Clockwork, look_by_hand
from tests.databases import sqlite_database
from tests.jobs.waiting import DUE, TIMERS, firings, waiting_office

BEFORE = DUE - timedelta(minutes=1)


class Hands:
    """A clock that anybody can set, and one that only runs."""

    def __init__(self, now: datetime) -> None:
        self.at, self.ran = now, 0.0

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.ran

    def run(self, span: timedelta) -> None:
        """Time passes."""
        self.at += span
        self.ran += span.total_seconds()


def clockwork_by(database: Database, hands: Hands) -> Clockwork:
    return Clockwork(database, hands, beats.SERVE, sweep_seconds=5, seconds=hands.seconds)


def fired(database: Database) -> int:
    return sum(map(len, firings(database).values()))


def workers(database: Database) -> list[Worker]:
    with database.reading() as db:
        return beats.workers(db)


def faults(database: Database, at: datetime) -> list[str]:
    return [str(fault) for fault in health.faults(database, Hands(at))]


def test_it_sleeps_exactly_until_the_next_timer(database: Database) -> None:
    waiting_office(database, cases=1)
    hands = Hands(DUE - timedelta(hours=1))
    going = clockwork_by(database, hands)
    assert going.look() == 5
    hands.run(timedelta(minutes=59, seconds=57.5))
    assert going.look() == pytest.approx(2.5)
    hands.run(timedelta(seconds=2.4))
    assert going.look() == pytest.approx(0.1) and fired(database) == 0
    hands.run(timedelta(seconds=0.1))
    going.look()
    assert fired(database) == 1


def test_a_clock_set_back_fires_nothing_twice_and_nothing_early(database: Database) -> None:
    waiting_office(database, cases=1)
    hands = Hands(DUE)
    going = clockwork_by(database, hands)
    going.look()
    hands.at -= timedelta(hours=2)
    hands.ran += 5
    going.look()
    assert fired(database) == 1
    hands.run(timedelta(hours=3))
    going.look()
    assert fired(database) == 2, "the next is due an hour after the first"


def test_a_jump_of_ten_years_holds_until_it_is_confirmed(database: Database) -> None:
    waiting_office(database, cases=1)
    hands = Hands(BEFORE)
    going = clockwork_by(database, hands)
    going.look()
    hands.at += timedelta(days=3653)
    hands.ran += 5
    going.look()
    assert fired(database) == 0
    assert [worker.state for worker in workers(database)] == ["held"]
    assert "clock" in faults(database, hands.at)[0]
    with database.transaction() as db:
        beats.say_right(db, clockwork.present(database, hands))
    going.look()
    assert fired(database) == TIMERS


def test_a_clock_that_comes_back_goes_on_by_itself(database: Database) -> None:
    waiting_office(database, cases=1)
    hands = Hands(BEFORE)
    going = clockwork_by(database, hands)
    going.look()
    hands.at += timedelta(days=3653)
    going.look()
    hands.at -= timedelta(days=3653)
    hands.run(timedelta(minutes=1))
    going.look()
    assert fired(database) == 1


def test_a_week_off_is_made_up_for_and_a_year_is_asked_about(database: Database) -> None:
    """What a new process finds: the office was shut for a holiday, or the machine woke with a wrong year."""
    waiting_office(database, cases=1)
    clockwork_by(database, Hands(BEFORE)).look()
    hands = Hands(DUE + timedelta(days=365))
    clockwork_by(database, hands).look()
    assert fired(database) == 0
    with pytest.raises(Conflict, match="month"):
        look_by_hand(database, hands, confirmed=False)
    clockwork_by(database, Hands(DUE + timedelta(days=9))).look()
    assert fired(database) == TIMERS


def test_a_person_who_looks_by_hand_may_confirm(database: Database) -> None:
    waiting_office(database, cases=1)
    clockwork_by(database, Hands(BEFORE)).look()
    hands = Hands(DUE + timedelta(days=365))
    assert look_by_hand(database, hands, confirmed=True) == TIMERS


def test_the_earlier_of_two_clocks_counts(database: Database) -> None:
    """On PostgreSQL the server's clock is asked too; ours, which runs ahead, makes nothing early."""
    ahead = Hands(datetime.now(DUE.tzinfo) + timedelta(days=400))
    now = clockwork.present(database, ahead)
    if database.engine.dialect.name == "sqlite":
        assert now == ahead.at
    else:
        assert abs(now - datetime.now(DUE.tzinfo)) < timedelta(minutes=5)
    behind = Hands(DUE)
    assert clockwork.present(database, behind) == DUE


def test_a_fault_is_said_and_survived(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_office(database, cases=1)
    hands = Hands(DUE)
    going = clockwork_by(database, hands)
    with monkeypatch.context() as patched:
        patched.setattr(clockwork, "sweep", lambda *_args, **_more: 1 / 0)
        assert going.look() == 5
    assert "log says why" in faults(database, hands.at)[0]
    going.look()
    assert faults(database, hands.at) == [] and fired(database) == 1


def test_a_silent_worker_makes_the_installation_unready(database: Database) -> None:
    assert "sign of life" in faults(database, DUE)[0]
    hands = Hands(DUE)
    clockwork_by(database, hands).look()
    assert faults(database, DUE + timedelta(seconds=60)) == []
    assert "sign of life" in faults(database, DUE + timedelta(seconds=61))[0]
    assert "sign of life" in faults(database, DUE - timedelta(days=1))[0], "a sign from the future is none"


def test_old_rows_go_and_the_last_sign_of_life_stays(database: Database) -> None:
    for day in (0, 1, 20):
        clockwork_by(database, Hands(DUE + timedelta(days=day))).look()
    assert [worker.beat_at for worker in workers(database)] == [DUE + timedelta(days=20), DUE + timedelta(days=1)]


def test_a_thread_that_runs_stops_when_told(database: Database) -> None:
    waiting_office(database, cases=1)
    hands = Hands(DUE + timedelta(days=2))
    going = Clockwork(database, hands, beats.SERVE, sweep_seconds=3600, seconds=hands.seconds)
    thread = threading.Thread(target=going.run)
    thread.start()
    end = time.monotonic() + 30
    while fired(database) < TIMERS and time.monotonic() < end:
        time.sleep(0.05)
    going.stop()
    thread.join(10)
    assert not thread.is_alive() and fired(database) == TIMERS
    assert [worker.state for worker in workers(database)] == ["stopped"]


def test_it_goes_on_beating_in_a_long_sweep_and_hears_a_stop(database: Database) -> None:
    waiting_office(database, cases=2)
    asked: list[bool] = []
    assert jobs.sweep(database, DUE + timedelta(days=9), going=lambda: len(asked) < 2 and not asked.append(True)) == 2


@pytest.mark.parametrize("unknown", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = '0001'"])
def test_an_unknown_schema_is_not_ready(tmp_path: Path, unknown: str) -> None:
    database = sqlite_database(tmp_path)
    clockwork_by(database, Hands(DUE)).look()
    with database.transaction() as db:
        db.execute(text(unknown))
    assert "migrate" in faults(database, DUE)[0]
    database.close()
