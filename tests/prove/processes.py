"""Web processes that share one door, and the hand that kills them: run as a program, told what to do by its input.

    python -m tests.prove.processes <plan as JSON>

Each process is forked from one that has imported everything, so that a new one serves within half a second.
Lines of its input: `calm` (no more deaths), `stop`. Its output: the port, and at the end what it did, as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select as readable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress import serve

from app import failpoints, jobs
from app.assembly import open_database
from app.cases import inbox, lifecycle
from app.cases.models import Task
from app.clock import SystemClock
from app.db import Database
from app.failpoints import KILLED
from app.people.access import actor_by_ref
from app.people.models import Organisation
from app.web.factory import create_app
from tests.databases import KEYS
from tests.prove import breaks
from tests.prove.office import CLERKS, SUPERVISORS
from tests.web.world import Browser, settings_for

THREADS, BACKLOG = 4, 128
PAUSE = 0.5
"""Seconds between two sweeps of a process."""


@dataclass(frozen=True)
class Plan:
    """What is served, and how it is made to die."""

    url: str
    folder: str
    seed: int
    processes: int = 2
    fail_at: str = ""
    lives: tuple[float, float] = (0.4, 1.2)
    """Processor seconds that a process lives, at random between the two: a busy machine makes lives longer."""
    broken: str = ""
    """Which wall is taken away for a negative control."""


@dataclass(frozen=True)
class Site:
    """The application over its database, made before the first fork; connections are made after it."""

    app: Flask
    database: Database

    @classmethod
    def warm(cls, plan: Plan) -> Site:
        """Pages compiled and the pack read, as a server does that loads before it forks."""
        database = open_database(plan.url, KEYS)
        app = create_app(settings_for(Path(plan.folder)), database, SystemClock())
        browser = Browser(app.test_client())
        browser.sign_in(CLERKS[0])
        browser.get("/inbox/todo")
        with suppress(_Undone), database.transaction() as db:
            _rehearse(db)
            raise _Undone
        database.close()
        gc.freeze()  # a fork that is never collected is never copied
        return cls(app, database)

    def live(self, door: socket.socket, setting: str) -> None:
        """One web process with its clockwork, until it is killed."""
        try:
            failpoints.arm(setting)
            threading.Thread(target=_sweep, args=(self.database,), daemon=True).start()
            serve(self.app, sockets=[door], threads=THREADS, ident=None, _quiet=True)
        finally:
            os._exit(1)


@dataclass
class Killer:
    """The processes that live, for how long, and how those before them died."""

    plan: Plan
    site: Site
    door: socket.socket
    calm: bool = False
    alive: dict[int, float] = field(default_factory=dict)
    born: int = 0
    deaths: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)

    def fill(self) -> None:
        """Bear as many processes as are missing."""
        while len(self.alive) < self.plan.processes:
            self.born += 1
            child = os.fork()
            if child == 0:
                seed = self.plan.seed * 10_000 + self.born
                self.site.live(self.door, "" if self.calm else f"{self.plan.fail_at} seed:{seed}")
            self.alive[child] = self.dice.uniform(*self.plan.lives)

    def bury(self) -> None:
        """Note who has died by itself, then kill whose time has come."""
        for child in list(self.alive):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                died = os.waitstatus_to_exitcode(status) == KILLED
                self._note(child, "failpoint" if died else "other")
            elif not self.calm and _spent(child) > self.alive[child]:
                self.kill(child)

    def kill(self, child: int) -> None:
        """`kill -9`, whatever it is doing."""
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self._note(child, "kill -9" if os.WIFSIGNALED(status) else "failpoint")

    def _note(self, child: int, how: str) -> None:
        del self.alive[child]
        self.deaths[how] += 1

    def run(self) -> None:
        """Until the input says stop or ends."""
        told = ""
        while told != "stop":
            self.fill()
            if readable([sys.stdin], [], [], 0.01)[0]:
                told = sys.stdin.readline().strip() or "stop"
                self.calm = self.calm or told == "calm"
                if told == "calm":  # those that live may still have a failpoint armed
                    for child in list(self.alive):
                        self.kill(child)
            self.bury()
        ended = Counter(self.deaths)
        for child in list(self.alive):
            self.kill(child)
        self.deaths = ended


def _spent(child: int) -> float:
    """Processor seconds that a process has used."""
    used = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


class _Undone(Exception):
    """Nothing of what was done to warm up is kept."""


def _rehearse(db: Session) -> None:
    """A case started and checked once, so that statements and expressions are compiled."""
    at, bureau = SystemClock().now(), db.scalar(select(Organisation.id).where(Organisation.kind == "bureau"))
    author, clerk = (actor_by_ref(db, bureau or 0, ref) for ref in (SUPERVISORS[0], CLERKS[0]))
    sent = lifecycle.start(db, "loop", {"title": "-"}, by=author, at=at, key="-")
    task = str(db.scalar(select(Task.ref).where(Task.case_id == sent.case_id, Task.closed_at.is_(None))))
    inbox.submit(db, task, {"outcome": "again", "note": "-"}, by=clerk, at=at, revision=1, key="-")


def _sweep(database: Database) -> None:
    while True:
        time.sleep(PAUSE)
        _quietly(lambda: jobs.sweep(database, SystemClock().now()))


def _quietly(act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - the clockwork's scheduler goes on after a failed look, too
        os.write(2, f"sweep: {type(error).__name__}: {error}\n".encode())


def main(plan: Plan) -> None:
    """Open the door, tell where it is, and go on until told to stop."""
    breaks.break_(plan.broken)
    door = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    log = os.open(Path(plan.folder) / "processes.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    killer = Killer(plan, Site.warm(plan), door)
    print(door.getsockname()[1], flush=True)
    killer.run()
    print(json.dumps({"deaths": killer.deaths, "born": killer.born}), flush=True)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    main(Plan(**{**given, "lives": tuple(given["lives"])}))
