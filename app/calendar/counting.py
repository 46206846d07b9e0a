"""Working days with make-up days: pure counting over a table of days (domain.md D-5, D-6, D-23 … D-25).

The table says of a date whether it is worked, against its weekday: a holiday on a Tuesday, a make-up Sunday.
Years for which the State Council has announced nothing are *provisional*: only weekends are known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from app.errors import Invalid, words

MAX_DAYS = 3_660
Unit = Literal["working_day", "calendar_day", "month"]
SATURDAY = 5


@dataclass(frozen=True)
class Counted:
    """One day of a count: its number where it counts, and why it does or does not."""

    day: date
    number: int | None
    kind: Literal["workday", "makeup", "holiday", "weekend"]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. `exceptions`: date → worked; `announced`: the years whose table is complete."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    announced: Collection[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day."""
        worked = self.exceptions.get(day)
        return day.weekday() < SATURDAY if worked is None else worked

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a count from `start` to `end` touches a year that is not announced yet (D-24)."""
        return any(year not in self.announced for year in range(start.year, end.year + 1))

    def working_days_after(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, which itself is not counted (D-25); 0 gives `start`."""
        return self._step(start, count, timedelta(days=1))

    def working_days_before(self, start: date, count: int) -> date:
        """The `count`-th working day before `start`, which itself is not counted."""
        return self._step(start, count, timedelta(days=-1))

    def calendar_days_after(self, start: date, count: int, *, roll: bool = False) -> date:
        """`count` calendar days after `start`; `roll` moves a day of rest to the next working day (D-5)."""
        day = _checked(start, count) + timedelta(days=count)
        return self.rolled(day) if roll else day

    def rolled(self, day: date) -> date:
        """That day, or the next working day if it is one of rest."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative where `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        _checked(start, (end - start).days)
        return sum(self.is_working_day(day) for day in _days(start, end))

    def count(self, start: date, end: date) -> list[Counted]:
        """Each day after `start` up to `end`, with its number in the count of working days."""
        counted, number = [], 0
        for day in _days(start, end):
            worked = self.is_working_day(day)
            number += worked
            counted.append(Counted(day, number if worked else None, self._kind(day, worked=worked)))
        return counted

    def changed(self, days: Mapping[date, bool], announced: Collection[int] = ()) -> Calendar:
        """This calendar with other days laid over it, and those years complete."""
        return Calendar({**self.exceptions, **days}, frozenset(self.announced) | frozenset(announced))

    def _kind(self, day: date, *, worked: bool) -> Literal["workday", "makeup", "holiday", "weekend"]:
        if worked:
            return "workday" if day.weekday() < SATURDAY else "makeup"
        return "holiday" if self.exceptions.get(day) is False else "weekend"

    def _step(self, start: date, count: int, step: timedelta) -> date:
        day = _checked(start, count)
        while count > 0:
            day += step
            count -= self.is_working_day(day)
        return day


def age_on(birth: date, day: date) -> int:
    """Full years on that day. Who was born on 29 February has the birthday on 28 February (D-2)."""
    return day.year - birth.year - (day < birthday(birth, day.year - birth.year))


def birthday(birth: date, years: int) -> date:
    """The day on which that age is reached."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return birth.replace(year=birth.year + years, day=28)


@lru_cache(maxsize=1)
def state_council() -> Calendar:
    """The announced holidays and make-up days of 2004 to 2026."""
    known = {day: False for day in holidays} | {day: True for day in workdays}
    odd = {day: worked for day, worked in known.items() if worked != (day.weekday() < SATURDAY)}
    last = max(holidays).year
    return Calendar({**odd, **_rest_days(holidays)}, frozenset(range(2004, last + 1)))


def _rest_days(named: Mapping[date, object]) -> dict[date, bool]:
    """Weekend days that belong to a holiday are kept, so that a count can call them by their name."""
    return {day: False for day in named if not chinese_calendar.is_workday(day)}


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))


def _checked(start: date, count: int) -> date:
    if not 0 <= count <= MAX_DAYS:
        raise Invalid(words("A count of {count} days is outside 0 to {most}.", count=count, most=MAX_DAYS))
    return start
