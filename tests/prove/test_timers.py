"""Every timer fires exactly once and in order, however often workers die; and the proof sees it where one does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text

from app.cases.models import Timer
from app.db import Database
from app.proof.verify import verify
from tests.databases import PostgresServer, sqlite_database
from tests.jobs.waiting import TIMERS, firings, waiting_office, wrong_firings
from tests.prove.workers import Plan

CASES = int(os.environ.get("DUBAN_PROVE_CASES", "4000"))
KILLS = int(os.environ.get("DUBAN_PROVE_KILLS", "100"))
RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results"
PATIENCE = 900.0


@pytest.fixture(params=["worker", "serve"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Database]]:
    """Workers on PostgreSQL, and whole servers on one SQLite file."""
    if request.param == "serve":
        database = sqlite_database(tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        database = server.database()
    yield request.param, database
    database.close()


def waiting(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Timer)) or 0


def slaughter(database: Database, plan: Plan, *, seconds: float = PATIENCE) -> dict[str, Any]:
    """Let workers live and die until nothing waits and enough have died, or the time is over."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.workers", plan.text()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdin and program.stdout
    said: list[str] = []
    ears = threading.Thread(target=lambda: said.extend(line.strip() for line in program.stdout or ()))
    ears.start()
    begun = time.monotonic()
    all_fired, kills_by_then = None, 0
    while time.monotonic() - begun < seconds and (all_fired is None or said.count("killed") < KILLS):
        time.sleep(0.2)
        if all_fired is None and waiting(database) == 0:
            all_fired, kills_by_then = time.monotonic() - begun, said.count("killed")
    kills = said.count("killed")
    program.stdin.write("end\n")
    program.stdin.close()
    program.wait(30)
    ears.join()
    return {
        "seconds_until_all_had_fired": round(all_fired, 1) if all_fired else None,
        "kills": kills,
        "kills_while_timers_waited": kills_by_then,
        "died_by_themselves": said.count("died"),
    }


def plan_for(command: str, database: Database, folder: Path, **more: Any) -> Plan:
    url = database.engine.url.render_as_string(hide_password=False)
    processes = 4 if command == "worker" else 2
    return Plan(command, url, str(folder), seed=7, processes=processes, **more)


def test_each_timer_fires_exactly_once_under_kills(scene: tuple[str, Database], tmp_path: Path) -> None:
    command, database = scene
    waiting_office(database, cases=CASES)
    seen = slaughter(database, plan_for(command, database, tmp_path))
    fired = firings(database)
    wrong = wrong_firings(database)
    with database.reading() as db:
        faults = [f"{fault.rule}: {fault.place}: {fault.what}" for fault in verify(db)]
    figures = {
        "database": database.engine.dialect.name,
        "timers": CASES * TIMERS,
        "fired": sum(map(len, fired.values())),
        **seen,
        "lives_seconds": [1.0, 6.0],
        "seed": 7,
        "violations": wrong,
        "verify": faults,
        "date": datetime.now(UTC).date().isoformat(),
    }
    (RESULTS / f"timer_kills_{database.engine.dialect.name}.json").write_text(json.dumps(figures, indent=1) + "\n")
    assert (wrong, faults) == ([], [])
    assert figures["fired"] == CASES * TIMERS
    assert seen["kills"] >= KILLS


@pytest.mark.parametrize("broken", ["row kept", "no lock"])
def test_the_proof_sees_what_is_broken(postgres: PostgresServer, tmp_path: Path, broken: str) -> None:
    """With the row kept a timer fires again and again; without lock, version and the journal's own key, twice."""
    database = postgres.database()
    if broken == "no lock":
        owner = create_engine(database.engine.url.set(username="postgres"))
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE journal_entry DROP CONSTRAINT uq_journal_entry_case_id_seq"))
        owner.dispose()
    waiting_office(database, cases=30)
    slaughter(database, plan_for("worker", database, tmp_path, broken=broken), seconds=8)
    assert wrong_firings(database)
    database.close()
