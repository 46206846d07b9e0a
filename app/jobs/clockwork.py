"""The clockwork of one process: it looks for what is due, says that it lives, and knows when to look again.

Time is the earlier of the machine's and, on PostgreSQL, the database's: a timer is never early by either. After a
jump forward of a day, or a pause of a month, nothing fires until a person has said that the clock is right.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import journal
from app.clock import Clock
from app.db import Database
from app.errors import Conflict, words
from app.jobs import beats
from app.jobs.beats import FAILING, HELD, STOPPED, WORKING, Heart
from app.jobs.sweeping import sweep
from app.jobs.timers import next_due
from app.journal import Note
from app.people.access import Actor

log = logging.getLogger(__name__)
JUMP = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=30)
SKEW = timedelta(seconds=60)
BUSY_SECONDS = 0.2
"""Before looking again at what another worker holds just now."""


def running_seconds() -> float:
    """Seconds that the machine has run, sleep included; nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def present(database: Database, clock: Clock) -> datetime:
    """The present instant: the earlier of the machine's and the database server's."""
    machine = clock.now()
    if database.engine.dialect.name == "sqlite":
        return machine
    with database.reading() as db:
        server: datetime | None = db.scalar(select(func.clock_timestamp()))
    if server is None:
        return machine
    if abs(server - machine) > SKEW:
        log.warning("the clocks of this machine and of the database differ by %s", abs(server - machine))
    return min(machine, server.astimezone(machine.tzinfo))


class Clockwork:
    """Looks again and again, in a thread of its own or by a scheduler; safe if several run anywhere."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        kind: str,
        *,
        sweep_seconds: float,
        seconds: Callable[[], float] = running_seconds,
    ) -> None:
        self._database, self._clock, self._seconds = database, clock, seconds
        self._pause = sweep_seconds
        self._heart = Heart(database, kind)
        self._anchor: tuple[datetime, float] | None = None
        self._read = (clock.now(), seconds())
        self._wake, self._over = threading.Event(), threading.Event()
        self.done = 0

    def run(self) -> None:
        """Look until `stop`; the thread's whole life."""
        while not self._over.is_set():
            self._wake.wait(self.look())
            self._wake.clear()
        self._say(STOPPED)

    def wake(self) -> None:
        """Look at once: something may have become due earlier than was known."""
        self._wake.set()

    def stop(self) -> None:
        """End after the turn that is being done."""
        self._over.set()
        self._wake.set()

    def look(self) -> float:
        """Do what is due; returns how many seconds to wait. A fault is logged, and the next look comes all the same."""
        try:
            now = present(self._database, self._clock)
            self._read = (now, self._seconds())
            if self._is_held(now):
                self._heart.beat(now, HELD, self.done)
                return self._pause
            self.done += sweep(self._database, now, going=self._going)
            self._heart.beat(now, WORKING, self.done)
            return self._until_next(now)
        except Exception:
            log.exception("the clockwork could not look")
            self._say(FAILING)
            return self._pause

    def _now(self) -> datetime:
        """The instant that was read last, moved on by what has passed since."""
        read, ran = self._read
        return read + timedelta(seconds=self._seconds() - ran)

    def _going(self) -> bool:
        """Asked between two turns of a long sweep: the heart goes on beating, and a stop is heard."""
        self._heart.beat(self._now(), WORKING, self.done)
        return not self._over.is_set()

    def _say(self, state: str) -> None:
        """Beat, where the database can be reached."""
        try:
            self._heart.beat(self._now(), state, self.done)
        except Exception:
            log.warning("the clockwork cannot reach the database")

    def _until_next(self, now: datetime) -> float:
        due = next_due(self._database, now + timedelta(seconds=self._pause))
        if due is None:
            return self._pause
        return max(BUSY_SECONDS if due[1] <= now else 0.0, (due[1] - self._now()).total_seconds())

    def _is_held(self, now: datetime) -> bool:
        """Whether the clock has jumped forward, or nothing has run for so long that the clock may be wrong."""
        if self._anchor is None:
            held = has_paused(self._database, now)
        else:
            wall, ran = self._anchor
            held = now - wall - timedelta(seconds=self._seconds() - ran) > JUMP
        if held:
            with self._database.reading() as db:
                held = not beats.has_confirmed(db, now)
        if held:
            log.error("the clock says %s, which is a jump: timers wait until it is confirmed", now)
            return True
        self._anchor = (now, self._seconds())
        return False


def has_paused(database: Database, now: datetime) -> bool:
    """Whether the last sign of life is older than a month."""
    with database.reading() as db:
        last = beats.last_sign(db)
    return last is not None and now - last > LONGEST_PAUSE


def look_by_hand(database: Database, clock: Clock, *, confirmed: bool) -> int:
    """Look once for what is due; returns how many things were done. `confirmed`: a person says the clock is right.

    Raises Conflict where nothing has run for a month and nobody has confirmed the clock.
    """
    now = present(database, clock)
    if not confirmed and has_paused(database, now):
        raise Conflict(words("Nothing has run for over a month, or the clock ({now}) is wrong.", now=now.isoformat()))
    if confirmed:
        with database.transaction() as db:
            beats.say_right(db, now)
    return sweep(database, now)


def confirm(db: Session, *, by: Actor, at: datetime) -> None:
    """An administrator says that the clock is right: what is held goes on; the bureau's journal says who."""
    beats.say_right(db, at)
    journal.record_outside(db, by.bureau_id, [Note("clock.confirmed", data={"clock": at.isoformat()})], at=at, by=by.id)
