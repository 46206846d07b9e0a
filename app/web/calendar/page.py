"""The administrator's calendar as its pages show it: a year at a glance, a day's history, what an import does."""

from __future__ import annotations

import calendar as almanac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.calendar import Calendar
from app.calendar.given import Given, Named
from app.calendar.named import FIRST, LAST, STATUTORY, forecast, name_of
from app.cases import previews
from app.cases.previews import DeadlineReview, Preview
from app.db import Session
from app.definitions.pack import Pack
from app.errors import Words, words
from app.limits import calendars
from app.limits.calendars import DayChange, LaidDay
from app.limits.models import DayImport
from app.limits.recount import RecountedDeadline
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.texts import english, entry, listed, named

MOST_MOVES = 300
"""Deadlines that a preview lists one by one; all of them are counted."""


@dataclass(frozen=True)
class CalendarDay:
    """A cell of a month. `mark`: 休, 班 or 预; `kind` is its class; `own`: the office's own table says so."""

    day: date
    mark: str
    kind: str
    name: str
    own: bool
    today: bool


@dataclass(frozen=True)
class CalendarMonth:
    """Weeks of seven cells from Monday; None outside the month. `worked`: its working days."""

    first: date
    weeks: tuple[tuple[CalendarDay | None, ...], ...]
    worked: int


@dataclass(frozen=True)
class CalendarYear:
    """A year at a glance."""

    number: int
    announced: bool
    months: tuple[CalendarMonth, ...]
    worked: int
    makeup: int
    rest: int
    """Weekdays that are free."""
    rows: tuple[LaidDay, ...]
    imports: tuple[tuple[DayImport, str], ...]
    reviews: tuple[tuple[str, DeadlineReview], ...]
    """Deadlines that an import would have shortened, each with the name of its limit."""
    before: int | None
    after: int | None


def calendar_year(db: Session, by: Actor, bureau: Bureau, number: int) -> CalendarYear:
    """The year with the office's own days and who laid them; three statements."""
    first, last = date(number, 1, 1), date(number, 12, 31)
    rows = tuple(sorted(calendars.history(db, by.bureau_id, first, last), key=lambda row: row.day))
    names = {row.day: row.name for row in rows if row.in_force}
    own = {date.fromisoformat(day) for day in bureau.office.settings.get("calendar", {})}
    days = _Days(bureau.calendar, number in bureau.calendar.announced, bureau.today, names, frozenset(own))
    months = tuple(days.month(number, month) for month in range(1, 13))
    cells = [cell for month in months for week in month.weeks for cell in week if cell]
    return CalendarYear(
        number=number,
        announced=days.announced,
        months=months,
        worked=sum(month.worked for month in months),
        makeup=sum(cell.kind == "makeup" for cell in cells),
        rest=sum(cell.kind == "rest" and cell.day.weekday() < 5 for cell in cells),
        rows=rows,
        imports=tuple(calendars.imports(db, by.bureau_id)),
        reviews=tuple((limit_name(bureau.pack, one.policy), one) for one in previews.reviews(db, by.bureau_id)),
        before=number - 1 if number > FIRST else None,
        after=number + 1 if number < LAST else None,
    )


@dataclass(frozen=True)
class _Days:
    """The tables that make the cells of a year."""

    calendar: Calendar
    announced: bool
    today: date
    names: Mapping[date, str]
    own: frozenset[date]

    def month(self, year: int, month: int) -> CalendarMonth:
        weeks = tuple(
            tuple(self.cell(day) if day.month == month else None for day in week)
            for week in almanac.Calendar().monthdatescalendar(year, month)
        )
        worked = sum(bool(cell) and self.calendar.is_working_day(cell.day) for week in weeks for cell in week if cell)
        return CalendarMonth(date(year, month, 1), weeks, worked)

    def cell(self, day: date) -> CalendarDay:
        kind = self._kind(day)
        mark = {"makeup": "班", "rest": "休", "guess": "预"}.get(kind, "")
        name = self.names.get(day) or name_of(day) or (forecast(day.year).get(day, "") if not self.announced else "")
        return CalendarDay(day, mark, kind, holiday_name(name), day in self.own, day == self.today)

    def _kind(self, day: date) -> str:
        worked, weekday = self.calendar.is_working_day(day), day.weekday() < 5
        if worked:
            guessed = not self.announced and weekday and day in forecast(day.year)
            return "guess" if guessed else "plain" if weekday else "makeup"
        return "rest" if weekday or self.calendar.exceptions.get(day) is False else "weekend"


def holiday_name(name: str) -> str:
    """The name in the reader's language; several are parted by 、."""
    parts = [part for part in name.split("、") if part]
    if not english():
        return "、".join(parts)
    known = {**STATUTORY, **{key.removesuffix("节"): value for key, value in STATUTORY.items()}}
    return ", ".join(known.get(part, part) for part in parts)


@dataclass(frozen=True)
class MovedDeadline:
    """A row of a preview: number and step, no title and no name (domain.md 2.9)."""

    number: str
    step: str
    limit: str
    kept: date
    computed: date
    told: str


@dataclass(frozen=True)
class CalendarPreview:
    """A preview as its page shows it. `payload` is what the confirmation carries back."""

    given: Given
    preview: Preview | None
    later: tuple[MovedDeadline, ...]
    shorter: tuple[MovedDeadline, ...]
    more: int
    payload: dict[str, object]


def calendar_preview(given: Given, preview: Preview | None, pack: Pack) -> CalendarPreview:
    """Says what was understood and what it would do."""
    if preview is None:
        return CalendarPreview(given, None, (), (), 0, {})
    later, shorter = _rows(preview.later, pack), _rows(preview.shorter, pack)
    more = len(preview.moves) - len(later) - len(shorter)
    return CalendarPreview(given, preview, later, shorter, more, payload_of(preview.change))


def _rows(moves: Sequence[RecountedDeadline], pack: Pack) -> tuple[MovedDeadline, ...]:
    return tuple(_row(move, pack) for move in moves[:MOST_MOVES])


def _row(move: RecountedDeadline, pack: Pack) -> MovedDeadline:
    one = move.deadline
    process = pack.diagram.processes.get(one.process)
    step = process.steps.get(one.element) if process else None
    lanes = [entry(pack.lanes, lane) for lane in move.lanes]
    name = named(step) if step else one.element
    return MovedDeadline(move.number, name, limit_name(pack, move.policy), move.kept, move.computed, listed(lanes))


def limit_name(pack: Pack, policy_id: str) -> str:
    """The name of a limit; its id where the release in force has it no longer."""
    policy = pack.policies.get(policy_id)
    return named(policy) if policy else policy_id


def payload_of(change: DayChange) -> dict[str, object]:
    """A change as a form carries it."""
    days = {day.isoformat(): [named_.worked, named_.name] for day, named_ in change.days.items()}
    return {"days": days, "year": change.year, "why": change.why}


def change_of(payload: object) -> DayChange | None:
    """That change again; None for anything else."""
    if not isinstance(payload, dict) or not isinstance(payload.get("days"), dict):
        return None
    try:
        days = dict(_named_days(payload["days"]))
    except (TypeError, ValueError):
        return None
    year, why = payload.get("year"), payload.get("why")
    sound = (year is None or type(year) is int) and isinstance(why, str)
    return DayChange(days, year, why) if sound else None


def _named_days(days: Mapping[str, Sequence[object]]) -> Iterator[tuple[date, Named]]:
    for day, (worked, name) in days.items():
        if not isinstance(worked, bool) or not isinstance(name, str):
            raise TypeError
        yield date.fromisoformat(day), Named(worked, name[:40])


def day_words(row: LaidDay) -> Words:
    """The words of a row of the office's table for its day."""
    return words("worked") if row.worked else words("free")
