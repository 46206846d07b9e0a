"""One run of the kill proof: an office, processes that die, people who insist, and the look at what is left."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.cases.models import Case, CaseMessage, Timer
from app.clock import SystemClock
from app.db import Database
from app.journal import Entry
from tests.prove import breaks, checks
from tests.prove.clients import PATIENCE, Client, Goal
from tests.prove.office import CLERKS, SUPERVISORS, found
from tests.prove.processes import Plan

ROOT = Path(__file__).resolve().parents[2]
DESKS = (*SUPERVISORS, *CLERKS) * 2
SETTLING = 30.0
FAIL_AT = "before_commit:0.004 after_commit:0.004 before_answer:0.012 after_claim:0.01 after_delivery:0.012"
FAIL_AT += " after_fire:0.08"


@dataclass(frozen=True)
class Proof:
    """How a run is made."""

    completions: int
    seed: int
    fail_at: str = FAIL_AT
    lives: tuple[float, float] = (0.4, 1.2)
    broken: str = ""
    patience: float = PATIENCE
    echoed: float = 0.1
    """The share of what was acknowledged that is sent once more at the end."""


def run(database: Database, folder: Path, proof: Proof) -> dict[str, Any]:
    """What was done, how many processes died of what, and every violation."""
    found(database, SystemClock().now())
    if proof.broken == "unguarded":
        breaks.drop_unique(breaks.owner_of(database))
    url = database.engine.url.render_as_string(hide_password=False)
    plan = Plan(url, str(folder), proof.seed, fail_at=proof.fail_at, lives=proof.lives, broken=proof.broken)
    begun = time.monotonic()
    with _Processes(plan) as processes:
        goal = Goal(proof.completions)
        clients = [
            Client(processes.port, who, goal, proof.seed * 100 + number, patience=proof.patience)
            for number, who in enumerate(DESKS)
        ]
        _all([client.work for client in clients])
        processes.tell("calm")
        _all([lambda client=client: client.echo(proof.echoed) for client in clients])
        _settle(database)
    return _summary(database, proof, clients, processes) | {"seconds": round(time.monotonic() - begun, 1)}


class _Processes:
    """The program that bears and kills, and what it says."""

    def __init__(self, plan: Plan) -> None:
        self._log = Path(plan.folder) / "processes.log"
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.processes", json.dumps(asdict(plan))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT,
        )  # fmt: skip
        assert self._program.stdout is not None
        self.port = int(self._program.stdout.readline())
        self.said: dict[str, Any] = {}

    def tell(self, word: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(word + "\n")

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_error: object) -> None:
        rest, _ = self._program.communicate("stop\n", timeout=30)
        self.said = json.loads(rest or "{}")

    def failpoints(self) -> Counter[str]:
        """Which failpoints they died at, from their last words."""
        lines = self._log.read_text(errors="replace").splitlines()
        return Counter(line.removeprefix("failpoint ") for line in lines if line.startswith("failpoint "))


def _all(acts: list[Any]) -> None:
    """Do them side by side; the first failure is raised when all have ended."""
    failed: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _settle(database: Database) -> None:
    """Wait until the living processes have delivered and fired what is left."""
    until = time.monotonic() + SETTLING
    while time.monotonic() < until:
        with database.reading() as db:
            waiting = db.scalar(select(func.count()).select_from(CaseMessage).where(CaseMessage.delivered_at.is_(None)))
            armed = db.scalar(select(func.count()).select_from(Timer))
        if not waiting and not armed:
            return
        time.sleep(0.2)


def _summary(database: Database, proof: Proof, clients: list[Client], processes: _Processes) -> dict[str, Any]:
    sent = [request for client in clients for request in client.sent]
    found = checks.violations(database, sent)
    deaths, at = processes.said["deaths"], processes.failpoints()
    seen = sum((client.seen for client in clients), Counter())
    with database.reading() as db:
        counts = {model.__tablename__: _count(db, model) for model in (Case, CaseMessage, Entry)}
    return {
        "database": database.engine.dialect.name,
        "seed": proof.seed,
        "broken": proof.broken,
        "acknowledged": sum(request.status == 200 for request in sent),
        "refused": sum(request.status != 200 for request in sent),
        "sent_again": sum(request.tries > 1 for request in sent),
        "echoes": sum(len(request.echoes) for request in sent),
        "answers": dict(seen),
        "kills": sum(deaths.values()),
        "deaths": {**{how: count for how, count in deaths.items() if how != "failpoint"}, **at},
        "longest_wait_s": round(max(client.longest for client in clients), 2),
        **counts,
        "violations": len(found),
        "violated": sorted({one.partition(":")[0] for one in found}),
        "first_violations": found[:10],
    }


def _count(db: Any, model: Any) -> int:
    return int(db.scalar(select(func.count()).select_from(model)) or 0)
