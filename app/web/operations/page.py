"""The operations page prepared: each worker, each figure and each message given up, in words."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.errors import Words, words
from app.heartbeats import Worker
from app.jobs import beats
from app.jobs.health import Health
from app.notify.channels import KINDS

FEW_BYTES = 2 * 1024**3
LATE = timedelta(seconds=60)
STATES = {
    beats.WORKING: words("at work"),
    beats.HELD: words("held: the clock has jumped"),
    beats.FAILING: words("its last look failed"),
    beats.STOPPED: words("shut down"),
}
WHO = {beats.WORKER: words("Worker"), beats.SERVE: words("Server with clockwork"), beats.PERSON: words("By hand")}
DELIVERY = {"waiting": words("waiting"), "sending": words("being sent"), "dead": words("given up")}


@dataclass(frozen=True)
class WorkerRow:
    """A worker as the table shows it."""

    worker: Worker
    who: Words
    state: Words
    tone: str


@dataclass(frozen=True)
class OperationFigure:
    """A number that somebody should look at, or need not."""

    value: str
    name: Words
    bad: bool = False


def worker_rows(now: Health) -> list[WorkerRow]:
    """Every worker of late, the living first."""
    return [_line(worker, now.at) for worker in sorted(now.workers, key=lambda one: not beats.is_fresh(one, now.at))]


def _line(worker: Worker, at: datetime) -> WorkerRow:
    who = WHO.get(worker.kind, words("Worker"))
    if worker.state == beats.STOPPED:
        return WorkerRow(worker, who, STATES[beats.STOPPED], "")
    if not beats.is_fresh(worker, at):
        return WorkerRow(worker, who, words("silent"), "late")
    return WorkerRow(worker, who, STATES[worker.state], "good" if worker.state == beats.WORKING else "late")


def operation_figures(now: Health) -> list[OperationFigure]:
    """The numbers at the head of the page."""
    return [
        OperationFigure(str(len(now.living)), words("workers alive"), bad=not now.living),
        OperationFigure(_span(now.lag), words("lag of the oldest due timer"), bad=now.lag > LATE),
        OperationFigure(str(now.due), words("timers due")),
        OperationFigure(str(now.messages), words("messages waiting")),
        OperationFigure(str(now.dead_messages), words("messages given up"), bad=now.dead_messages > 0),
        OperationFigure(str(now.incidents), words("cases stopped"), bad=now.incidents > 0),
    ]


def _span(lag: timedelta) -> str:
    seconds = int(lag.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def deliveries(now: Health) -> list[tuple[Words, Words, int]]:
    """Notices on their way: channel, state, number."""
    found = sorted(now.deliveries.items())
    return [(KINDS[kind], DELIVERY[state], number) for (kind, state), number in found if state in DELIVERY]


def is_held(now: Health) -> bool:
    """Whether somebody has to say that the clock is right."""
    return any(worker.state == beats.HELD for worker in now.living)


@dataclass(frozen=True)
class Disk:
    """The data folder's disk."""

    free: str
    low: bool


def disk_of(folder: Path) -> Disk | None:
    """How much is free; nothing where the folder is not there."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return Disk(f"{free / 1024**3:.1f} GB", free < FEW_BYTES)


def last_backup(folder: Path) -> datetime | None:
    """The instant that the backup job has left in `last-backup`; nothing where it has left none."""
    try:
        return datetime.fromisoformat((folder / "last-backup").read_text().strip()).astimezone()
    except (OSError, ValueError):
        return None
