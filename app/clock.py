"""What time it is: the office's clock, and one that a rehearsal moves by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

OFFICE_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Every date of the two regulations is one of this zone; it has had no summer time since 1991."""


class Clock(Protocol):
    """Whoever can say the present instant."""

    def now(self) -> datetime:
        """The present instant, with offset."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone(OFFICE_ZONE)


class VirtualClock:
    """A clock that stands still until it is moved, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = in_office(start)

    def now(self) -> datetime:
        return self._now

    def move(self, to: datetime) -> None:
        """Set the clock to `to`; an earlier instant than the present one is a ValueError."""
        target = in_office(to)
        if target < self._now:
            raise ValueError(f"{target.isoformat()} lies before {self._now.isoformat()}")
        self._now = target


def in_office(instant: datetime) -> datetime:
    """The same instant in the office's zone; an instant without an offset is taken as office time."""
    if instant.tzinfo is None:
        return instant.replace(tzinfo=OFFICE_ZONE)
    return instant.astimezone(OFFICE_ZONE)


def start_of(day: date) -> datetime:
    """00:00 of that day at the office."""
    return datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)


def end_of(day: date) -> datetime:
    """24:00 of that day, which is 00:00 of the next (domain.md D-23)."""
    return start_of(day + timedelta(days=1))
