"""Timers: how late a worker wakes, and how many it fires, against the bare transaction underneath.

    python -m bench.timers [--timers 300] [--wakes 30]

Wake-up: a timer is armed two seconds ahead while a real `duban worker` sleeps; the lag is from its due instant until
its turn has committed and another process sees that. Firing: one due timer (claim, turn, commit) in turn
with the floor: the four statements and the commit that `bench/stores.py` keeps a step with, on the plain driver.
Sharing: the same number of due timers by one process and by four at once. Read ratios, not times.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import func, select

from app import jobs
from app.assembly import open_database
from app.cases.models import Timer
from app.clock import SystemClock
from app.db import Database
from app.jobs.timers import fire_next
from bench.results import keep
from bench.stores import Store, fsync_ms, stores
from tests.builders import Office
from tests.databases import KEYS, PostgresServer, sqlite_database
from tests.jobs.waiting import DUE, TIMERS, start, start_soon, waiting_office, wrong_firings

STATE = b"x" * 1_500
FORK = multiprocessing.get_context("fork")
LATER = DUE + timedelta(days=9)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Callable[[], Database]]]:
    """How to make a fresh database of each kind."""
    server = PostgresServer(folder / "pg")
    numbers = iter(range(1_000))

    def sqlite() -> Database:
        own = folder / f"sqlite{next(numbers)}"
        own.mkdir()
        return sqlite_database(own)

    yield {"sqlite": sqlite, "postgresql": server.database}


def wake_lags(office: Office, folder: Path, times: int) -> list[float]:
    """Seconds between a timer's due instant and its committed turn, seen from outside, one after the other."""
    worker = start("worker", office.database, folder, SWEEP_SECONDS="5")
    lags = []
    try:
        for _ in range(times):
            now = SystemClock().now()
            case_id = start_soon(office, now)
            due = _due(office.database, case_id)
            while _due(office.database, case_id) is not None:
                time.sleep(0.005)
            lags.append((SystemClock().now() - due).total_seconds())
            time.sleep(0.13)
    finally:
        worker.terminate()
        worker.wait(20)
    return lags[1:]  # before the first the worker was still starting


def _due(database: Database, case_id: int):  # type: ignore[no-untyped-def]
    with database.reading() as db:
        return db.scalar(select(Timer.due).where(Timer.case_id == case_id))


def firing_ms(database: Database, store: Store, timers: int) -> dict[str, float]:
    """Wall milliseconds of one firing and of one floor transaction, in turn."""
    waiting_office(database, cases=timers // TIMERS)
    spent: dict[str, list[float]] = {"floor": [], "ours": []}
    for _ in range(timers // TIMERS * TIMERS):
        begun = time.perf_counter()
        store.read()
        store.write(STATE, "A")
        middle = time.perf_counter()
        assert fire_next(database, LATER) == (1, 0)
        spent["ours"].append(time.perf_counter() - middle)
        spent["floor"].append(middle - begun)
    return {name: median(times) * 1000 for name, times in spent.items()}


def sharing_seconds(make: Callable[[], Database], timers: int, processes: int) -> float:
    """How long so many processes need for all that is due, from the moment that all are ready."""
    database = make()
    waiting_office(database, cases=timers // TIMERS)
    url = database.engine.url.render_as_string(hide_password=False)
    database.close()
    ready = FORK.Barrier(processes + 1)
    children = [FORK.Process(target=_share, args=(url, ready)) for _ in range(processes)]
    for child in children:
        child.start()
    ready.wait()
    begun = time.perf_counter()
    for child in children:
        child.join()
    taken = time.perf_counter() - begun
    assert wrong_firings(database) == []
    database.close()
    return taken


def _share(url: str, ready) -> None:  # type: ignore[no-untyped-def]
    database = open_database(url, KEYS)
    with database.reading() as db:
        db.scalar(select(func.count()).select_from(Timer))
    ready.wait()
    jobs.sweep(database, LATER)
    database.close()


def measure(timers: int, wakes: int) -> dict[str, object]:
    """Everything in one run."""
    figures: dict[str, object] = {"fsync_ms": round(fsync_ms(), 3), "timers": timers}
    with tempfile.TemporaryDirectory() as folder, stores() as floors, databases(Path(folder)) as made:
        for store in floors:
            database = made[store.name]()
            times = firing_ms(database, store, timers)
            database.close()
            figures[store.name] = {
                "firing_to_floor": round(times["ours"] / times["floor"], 2),
                "milliseconds": {name: round(value, 3) for name, value in times.items()},
                "timers_a_second": round(1000 / times["ours"]),
            }
        one, four = (sharing_seconds(made["postgresql"], timers, processes) for processes in (1, 4))
        figures["four_workers_to_one_postgresql"] = round(four / one, 2)
        database = made["postgresql"]()
        lags = wake_lags(waiting_office(database), Path(folder), wakes)
        database.close()
        figures["wake_up_lag_seconds"] = {
            "count": len(lags),
            "median": round(median(lags), 3),
            "p95": round(quantiles(lags, n=20)[-1], 3),
            "most": round(max(lags), 3),
            "least": round(min(lags), 3),
        }
    return figures


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--timers", type=int, default=300)
    options.add_argument("--wakes", type=int, default=30)
    asked = options.parse_args()
    print(keep("timers", measure(asked.timers, asked.wakes)).read_text())
