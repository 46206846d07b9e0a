"""When a message may go out: never in quiet hours, a digest once a working day, a failed one after a growing pause."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.clock import in_office, start_of

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_TRIES = 10
LONGEST_BREAK = 60
"""Days to look ahead for a working day; no run of holidays is that long."""


@dataclass(frozen=True)
class Quiet:
    """Hours of the office in which nobody is disturbed, over midnight where `start` is the later one.

    Local policy (本局内部安排), 21:00 to 08:00 unless a person chooses otherwise. No kind of notice passes: even a
    follow-up order (督办) counts in working days, and the box in the system has it at once.
    """

    start: int = 21
    end: int = 8

    def open_at(self, at: datetime) -> datetime:
        """The first instant from `at` on that is not quiet."""
        moment = in_office(at)
        hour, opens = moment.hour, start_of(moment.date()) + timedelta(hours=self.end)
        if self.start == self.end:
            return moment
        if self.start < self.end:
            return opens if self.start <= hour < self.end else moment
        if hour >= self.start:
            return opens + timedelta(days=1)
        return opens if hour < self.end else moment


def next_digest(at: datetime, hour: int, *, works: Callable[[date], bool]) -> datetime:
    """The next instant at that hour of a working day."""
    moment = in_office(at)
    for days in range(LONGEST_BREAK):
        candidate = start_of(moment.date() + timedelta(days=days)) + timedelta(hours=hour)
        if candidate > moment and works(candidate.date()):
            return candidate
    return moment + timedelta(days=1)


def pause_after(tries: int, *, chance: random.Random) -> timedelta:
    """How long to wait after so many tries: a minute doubled each time up to six hours, and up to a fifth more."""
    doubled: int = 2 ** min(tries - 1, 16)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE) * (1 + chance.random() / 5)
