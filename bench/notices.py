"""What sending costs those who work: completions with a sender beside them, and without, in turns of one run.

python -m bench.notices [completions a block] [blocks]
"""

from __future__ import annotations

import json
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.assembly import open_database
from app.cases import inbox, lifecycle
from app.cases.lists import open_tasks
from app.db import Database
from app.notify.outbox import Notice
from app.notify.quiet import Quiet
from app.notify.sending import send_due
from bench import results
from tests.builders import found_office
from tests.databases import KEYS, PostgresServer, sqlite_database
from tests.notify.desk import TEN, Desk, desk_of
from tests.notify.receivers import webhook
from tests.prove.senders import channels

BLOCK, BLOCKS = 100, 10
LATENCY = 0.02
"""Seconds that the receiver takes to answer, as one in the same town does."""
NOTICES, MOST = 20_000, 100


def send_until_told(url: str) -> None:
    """The sender's process, with the receiver: sends from `go` to `stop`, and says how many have been taken so far."""
    database, going, at = open_database(url, KEYS), False, TEN
    with webhook(hang=LATENCY) as hook:
        print(hook.port, flush=True)
        while True:
            if select.select([sys.stdin], [], [], 0 if going else 1)[0]:
                said = sys.stdin.readline().strip()
                if not said:
                    return
                going = said == "go"
                print(hook.asked, flush=True)
            if going:
                at += timedelta(seconds=1)
                send_due(database, at, channels(), limit=MOST)


@dataclass
class Sender:
    """The program beside us."""

    program: subprocess.Popen[str]
    port: int

    def tell(self, what: str) -> int:
        """Say `go` or `stop`; it answers with what has been taken so far."""
        assert self.program.stdin and self.program.stdout
        self.program.stdin.write(f"{what}\n")
        self.program.stdin.flush()
        return int(self.program.stdout.readline())


@contextmanager
def sender(url: str) -> Iterator[Sender]:
    """A sender and its receiver in a process of their own."""
    command = [sys.executable, "-m", "bench.notices", "--send", url]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdin and program.stdout
    yield Sender(program, int(program.stdout.readline()))
    program.stdin.close()
    program.wait(30)


def measured(desk: Desk, blocks: int, block: int, beside: Sender) -> dict[str, Any]:
    """Seconds of each completion, with and without the sender, block by block in turn."""
    sup, clerk = desk.office.actor("sup1"), desk.office.actor("clerk")
    with desk.database.transaction() as db:
        case = lifecycle.start(db, "loop", {"title": "标题"}, by=sup, at=TEN).case_id
    taken: dict[str, list[float]] = {"go": [], "stop": []}
    at = TEN
    for number in range(blocks * 2):
        what = ("stop", "go")[number % 2]
        beside.tell(what)
        for _ in range(block):
            at += timedelta(seconds=1)
            taken[what].append(_complete(desk, case, {"outcome": "again"}, clerk, at))
            taken[what].append(_complete(desk, case, {"title": "标题"}, sup, at))
    sent = beside.tell("stop")
    return {
        "database": desk.database.engine.dialect.name,
        "completions": len(taken["stop"]),
        "sent_meanwhile": sent,
        **{f"{name}_{what}": value for what in taken for name, value in _figures(taken[what]).items()},
        "p95_ratio": round(_p95(taken["go"]) / _p95(taken["stop"]), 3),
        "p50_ratio": round(statistics.median(taken["go"]) / statistics.median(taken["stop"]), 3),
    }


def _complete(desk: Desk, case: int, answers: dict[str, str], by: Any, at: datetime) -> float:
    with desk.database.reading() as db:
        ref = open_tasks(db, case)[0].ref
    begun = time.perf_counter()
    with desk.database.transaction() as db:
        inbox.submit(db, ref, answers, by=by, at=at)
    return time.perf_counter() - begun


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _figures(seconds: list[float]) -> dict[str, float]:
    return {"p50_ms": round(statistics.median(seconds) * 1000, 1), "p95_ms": round(_p95(seconds) * 1000, 1)}


def on(database: Database, blocks: int, block: int) -> dict[str, Any]:
    """The whole measurement on one database."""
    desk = desk_of(found_office(database))
    for who in desk.office.people:
        desk.choose(who, quiet=Quiet(0, 0))
    people = sorted(desk.office.people.values())
    with sender(database.engine.url.render_as_string(hide_password=False)) as beside:
        desk.open_hook(f"http://127.0.0.1:{beside.port}/in")
        for start in range(0, NOTICES, 1000):
            numbers = range(start, start + 1000)
            desk.tell(*(Notice("result", person_id=people[one % len(people)], data={"n": one}) for one in numbers))
        desk.send(limit=MOST)
        figures = measured(desk, blocks, block, beside)
    database.close()
    return figures


def main() -> None:
    """Both databases, one after the other."""
    block, blocks = (int(one) for one in (*sys.argv[1:3], str(BLOCK), str(BLOCKS))[:2])
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # noqa: S108 - the server's own user must get in
        Path(folder).chmod(0o755)
        figures = [on(sqlite_database(Path(folder)), blocks, block)]
        figures.append(on(PostgresServer(Path(folder) / "pg").database(), blocks, block))
    print(json.dumps(figures, indent=1))
    results.keep("notices", {"runs": figures, "latency_s": LATENCY})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send_until_told(sys.argv[2])
    else:
        main()
