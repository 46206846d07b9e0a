"""Senders that live a moment each, and the hand that kills them: a program that ends once nothing is due.

    python -m tests.prove.senders <plan as JSON>

Each process is forked from one that has imported everything. A line of output for each death by the hand.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime

from app.assembly import open_database
from app.notify import sending
from app.notify.addresses import Walls
from app.notify.channels import Channels
from app.notify.sending import send_due
from tests.databases import KEYS

IDLE = 0


@dataclass(frozen=True)
class Plan:
    """Which database, the instant that holds for everybody, how many at once, how long each lives (None: for ever)."""

    url: str
    at: str
    seed: int
    processes: int = 2
    lives: tuple[float, float] | None = (0.5, 8.0)
    broken: str = ""

    def text(self) -> str:
        """For the program's argument."""
        return json.dumps(asdict(self))


def channels() -> Channels:
    """Messages go to this machine only."""
    return Channels(Walls(inner=frozenset({"127.0.0.1"}), strict=False), "https://duban.bureau.example")


def _live(plan: Plan) -> None:
    """One sender: until nothing is due, or until it is killed."""
    try:
        if plan.broken == "never marked":
            sending._settle = lambda *_args, **_values: None  # noqa: SLF001 - the wall that is taken away
        database = open_database(plan.url, KEYS)
        for _ in range(1 if plan.broken else 10_000):
            if not send_due(database, datetime.fromisoformat(plan.at), channels(), limit=40):
                break
        os._exit(IDLE)
    finally:
        os._exit(1)


def run(plan: Plan) -> None:
    """Bear and kill until a sender has found nothing more to do."""
    dice, living, over = random.Random(plan.seed), dict[int, float](), False  # noqa: S311 - it chooses when to kill
    while living or not over:
        while not over and len(living) < plan.processes:
            pid = os.fork()
            if pid == 0:
                _live(plan)
            living[pid] = time.monotonic() + (dice.uniform(*plan.lives) if plan.lives else 1e9)
        time.sleep(0.02)
        for pid, end in list(living.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                over = over or os.waitstatus_to_exitcode(status) == IDLE
                print("ended" if os.waitstatus_to_exitcode(status) == IDLE else "died", flush=True)
            elif time.monotonic() >= end:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                print("killed", flush=True)
            else:
                continue
            del living[pid]


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    run(Plan(**{**given, "lives": tuple(given["lives"]) if given["lives"] else None}))
