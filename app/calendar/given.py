"""What somebody gives as days of a holiday table, in whatever form, and what of it cannot be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from app.calendar.counting import SATURDAY
from app.calendar.named import FIRST, LAST, missing
from app.errors import Words, words

MOST_LINES = 400
YEARS = range(FIRST, LAST + 1)
MOST_RUN, MOST_REST, MOST_MAKEUP = 16, 60, 20
"""Days in one go, days of rest and make-up days in a year, beyond which a table is a mistake."""


@dataclass(frozen=True)
class Named:
    """One day of a table: whether it is worked, and by what name it goes."""

    worked: bool
    name: str = ""


@dataclass(frozen=True)
class Line:
    """One line as it was given. `said`: how it was understood; `fault`: why it was not."""

    number: int
    text: str
    days: Mapping[date, Named] = field(default_factory=dict)
    said: Words | None = None
    fault: Words | None = None


@dataclass(frozen=True)
class Given:
    """A table as it was understood, line by line. `faults` refuse it, `doubts` are only shown."""

    year: int | None
    lines: tuple[Line, ...]
    faults: tuple[Words, ...] = ()
    doubts: tuple[Words, ...] = ()

    @property
    def days(self) -> dict[date, Named]:
        """All days together, in their order."""
        found = {day: named for line in self.lines for day, named in line.days.items()}
        return dict(sorted(found.items()))

    @property
    def sound(self) -> bool:
        """Whether it may be used at all."""
        return not self.faults and not any(line.fault for line in self.lines) and bool(self.days)


def judged(year: int | None, lines: Iterable[Line], *, whole: bool = False, single: bool = False) -> Given:
    """The lines with everything that is wrong with them together.

    `whole`: they claim to be a year's whole table. `single`: one day by hand, which may take a free weekday back.
    """
    kept = tuple(lines)
    given = Given(year, kept)
    days = {day: named.worked for day, named in given.days.items()}
    taken_back = single and all(
        worked and day.weekday() < SATURDAY and day.year in YEARS for day, worked in days.items()
    )
    faults = [] if taken_back else [*_twice(kept), *faults_of(days, year)]
    if not given.days and not any(line.fault for line in kept):
        faults.append(words("There is no day in it."))
    doubts = [_missing(name) for name in missing(year, _rest(given))] if whole and year else []
    return Given(year, kept, tuple(faults), tuple(doubts))


def faults_of(days: Mapping[date, bool], year: int | None = None) -> Iterator[Words]:
    """What is absurd in a table of days: years, a make-up day on a weekday, too many days of rest."""
    if year is not None and not FIRST <= year <= LAST:
        yield words("The year {year} is not between {first} and {last}.", year=year, first=FIRST, last=LAST)
        return
    for day, worked in days.items():
        yield from _fault_of(day, year, worked=worked)
    rest = sorted(day for day, worked in days.items() if not worked)
    if (run := _longest(rest)) > MOST_RUN:
        yield words("{count} days of rest in a row are too many for one holiday.", count=run)
    if len(rest) > MOST_REST:
        yield words("{count} days of rest are too many for a year.", count=len(rest))
    if len(days) - len(rest) > MOST_MAKEUP:
        yield words("{count} make-up days are too many for a year.", count=len(days) - len(rest))


def _fault_of(day: date, year: int | None, *, worked: bool) -> Iterator[Words]:
    if not FIRST <= day.year <= LAST:
        yield words("The year {year} is not between {first} and {last}.", year=day.year, first=FIRST, last=LAST)
    elif year is not None and abs((day - _nearest(day, year)).days) > 31:
        yield words("{day} does not belong to {year}.", day=day, year=year)
    elif worked and day.weekday() < SATURDAY:
        yield words("{day} is a make-up day, but a weekday is worked anyway.", day=day)


def _nearest(day: date, year: int) -> date:
    """The day of that year that lies nearest; a holiday may reach over New Year's Eve."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def _twice(lines: Iterable[Line]) -> Iterator[Words]:
    seen: dict[date, tuple[int, Named]] = {}
    for line in lines:
        for day, named in line.days.items():
            before = seen.setdefault(day, (line.number, named))
            if before[1].worked != named.worked:
                yield words("{day} is both a holiday and worked.", day=day)
            elif before[0] != line.number:
                yield words(
                    "{day} stands in line {first} and in line {second}.", day=day, first=before[0], second=line.number
                )


def _missing(name: str) -> Words:
    return words("{name} is missing: none of its days is a day of rest.", name=name)


def _rest(given: Given) -> set[date]:
    return {day for day, named in given.days.items() if not named.worked}


def _longest(days: list[date]) -> int:
    longest = run = min(1, len(days))
    for before, day in pairwise(days):
        run = run + 1 if day - before == timedelta(days=1) else 1
        longest = max(longest, run)
    return longest
