"""Heartbeats: each process that keeps the clockwork going says so every few seconds, in a row of its own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from importlib.metadata import version

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.heartbeats import Worker

EVERY = timedelta(seconds=10)
FRESH = timedelta(seconds=60)
"""A process that has been silent for longer is taken for dead."""
KEPT = timedelta(days=2)
HELD, WORKING, FAILING, STOPPED = "held", "working", "failing", "stopped"
WORKER, SERVE, PERSON = "worker", "serve", "person"


class Heart:
    """The heartbeat of this process."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database, self._kind = database, kind
        self.name = secrets.token_hex(6)
        self._last: tuple[datetime, str] | None = None

    def beat(self, now: datetime, state: str, done: int) -> None:
        """Say that this process lives: at once where its state is another, else every ten seconds."""
        if self._last and self._last[1] == state and abs(now - self._last[0]) < EVERY:
            return
        said = {"beat_at": now, "state": state, "done": done}
        with self._database.transaction() as db:
            kept = db.execute(update(Worker).where(Worker.name == self.name).values(**said))
            if kept.rowcount != 1:  # type: ignore[attr-defined]
                _clear(db, now)
                db.add(Worker(name=self.name, kind=self._kind, version=version("duban"), started_at=now, **said))
        self._last = (now, state)


def say_right(db: Session, now: datetime) -> None:
    """A person has looked at the clock: as good as a sign of life."""
    said = {"started_at": now, "beat_at": now, "state": STOPPED, "done": 0}
    db.add(Worker(name=secrets.token_hex(6), kind=PERSON, version=version("duban"), **said))


def _clear(db: Session, now: datetime) -> None:
    """Forget who has long been silent, but not the last sign of life: it tells how long nothing has run."""
    last = db.scalar(select(func.max(Worker.beat_at)))
    if last is not None:
        db.execute(delete(Worker).where(Worker.beat_at < min(now - KEPT, last)))


def last_sign(db: Session) -> datetime | None:
    """The last instant at which somebody was working; a process that is held says nothing about the time."""
    return db.scalar(select(func.max(Worker.beat_at)).where(Worker.state != HELD))


def has_confirmed(db: Session, now: datetime) -> bool:
    """Whether a person has said within the hour, by the clock as it is now, that it is right."""
    near = Worker.beat_at.between(now - timedelta(hours=1), now + timedelta(hours=1))
    return db.scalar(select(Worker.id).where(Worker.kind == PERSON, near).limit(1)) is not None


def workers(db: Session) -> list[Worker]:
    """Who has shown signs of life of late, the latest first."""
    return list(db.scalars(select(Worker).order_by(Worker.beat_at.desc()).limit(50)))


def is_fresh(worker: Worker, now: datetime) -> bool:
    """Whether it lives: a sign from the future is none."""
    return worker.state != STOPPED and abs(now - worker.beat_at) <= FRESH
