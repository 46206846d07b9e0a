"""Clockworks that live a few seconds each, and the hand that kills them: a program, told to end by its input.

    python -m tests.prove.workers <plan as JSON>

Each process is forked from one that has imported everything and runs the real command (`duban worker` or
`duban serve`), so that even a short life is spent at work. A line of output for each death; any input ends it all.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.sql.selectable import GenerativeSelect

from app.cases import locking, persist
from app.cases.models import Case
from app.cli import main as duban
from app.web import factory  # noqa: F401 - imported before the fork
from tests.jobs.waiting import environment_of


@dataclass(frozen=True)
class Plan:
    """What runs, how many at once, and how long each lives."""

    command: str
    url: str
    folder: str
    seed: int
    processes: int = 4
    lives: tuple[float, float] = (1.0, 6.0)
    broken: str = ""
    """Which wall is taken away for a negative control."""

    def text(self) -> str:
        """For the program's argument."""
        return json.dumps(asdict(self))


@dataclass
class Pack:
    """The living, each with the instant of its death."""

    plan: Plan
    dice: random.Random
    living: dict[int, float] = field(default_factory=dict)

    def fill(self) -> None:
        """As many as the plan says."""
        while len(self.living) < self.plan.processes:
            pid = os.fork()
            if pid == 0:
                _live(self.plan)
            self.living[pid] = time.monotonic() + self.dice.uniform(*self.plan.lives)

    def reap(self, *, everybody: bool = False) -> None:
        """Kill whose time has come; say so."""
        for pid, end in list(self.living.items()):
            if not everybody and time.monotonic() < end and os.waitpid(pid, os.WNOHANG) == (0, 0):
                continue
            if everybody or time.monotonic() >= end:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                print("killed", flush=True)
            else:
                print("died", flush=True)
            del self.living[pid]


def _live(plan: Plan) -> None:
    """One process: the real command, until it is killed."""
    try:
        os.environ.update(environment_of(plan.url, Path(plan.folder)))
        log = os.open(Path(plan.folder) / "workers.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _break(plan.broken)
        duban([*plan.command.split(), *(["--port", str(_free_port())] if plan.command == "serve" else [])])
    finally:
        os._exit(1)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _break(broken: str) -> None:
    """Take walls away: `row kept` forgets the state and that the timer has gone; `no lock`: no lock, no version."""
    if broken == "row kept":
        kept = locking.keep_case

        def forget(db, case, changes):  # type: ignore[no-untyped-def]
            kept(db, case, {name: value for name, value in changes.items() if name not in ("state", "closed_at")})

        locking.keep_case = forget
        persist._project_timers = lambda *_args: None
    elif broken == "no lock":
        GenerativeSelect.with_for_update = lambda self, **_how: self
        locking.keep_case = lambda db, case, changes: db.execute(
            update(Case).where(Case.id == case.id).values(version=case.version + 1, **changes)
        )


def run(plan: Plan) -> None:
    """Bear and kill until the input says something."""
    pack = Pack(plan, random.Random(plan.seed))
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        pack.fill()
        pack.reap()
    pack.reap(everybody=True)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    run(Plan(**{**given, "lives": tuple(given["lives"])}))
