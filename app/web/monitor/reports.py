"""Lateness, rates and times as their pages and files show them, each number with how it was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app import monitor
from app.db import Session
from app.definitions.releases import open_release
from app.errors import Words, words
from app.monitor.lateness import Late
from app.monitor.rates import RATES, OfAgency, Rate, RateId
from app.monitor.scope import Period
from app.monitor.times import Time
from app.people import directory
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.monitor.page import due_chip, level_name, limit_words, process_name, step_name
from app.web.pieces.due_chip import DueChip
from app.web.texts import entry

RATE_WORDS: dict[RateId, tuple[Words, Words]] = {
    "sign_on_time": (
        words("signed for in time"),
        words("opinions signed for by their date / opinions signed for, or past that date unsigned"),
    ),
    "answer_on_time": (
        words("answered in time"),
        words("answers approved by their date / answers approved, or past that date without one"),
    ),
    "responded": (
        words("answered at all"),
        words("answers approved, late ones too / answers approved, or past their date without one"),
    ),
    "satisfaction": (
        words("satisfied"),
        words("last rating satisfied or fairly satisfied / rated; cases not rated in time are in neither number"),
    ),
    "adoption": (
        words("adopted"),
        words("answers that adopt the opinion / answers given; adopted in part is not counted as adopted"),
    ),
    "rectified": (
        words("rectified"),
        words("correction orders whose rectification was confirmed / correction orders put to the agency"),
    ),
}
ASIDE: dict[RateId, Words] = {
    "satisfaction": words("{count} not rated"),
    "adoption": words("{count} adopted in part"),
}


@dataclass(frozen=True)
class OverdueRow:
    """A step of the list of lateness."""

    late: Late
    process: str
    step: str
    who: str
    due: DueChip
    level: str
    limit: str
    source: str


@dataclass(frozen=True)
class OverdueOfPlace:
    """An agency, or the bureau itself, with its late steps."""

    name: str
    rows: tuple[OverdueRow, ...]
    second: int
    """Of these at level 2."""
    longest: int
    """Working days of the step that is longest overdue."""


@dataclass(frozen=True)
class OverdueReport:
    """The page and the notice of what is overdue."""

    day: date
    places: tuple[OverdueOfPlace, ...]
    shown: int
    total: int
    cases: int
    second: int


@dataclass(frozen=True)
class RateCell:
    """A rate in a table. `aside` says what is in neither number."""

    text: str
    counted: int
    of: int
    aside: Words | None


@dataclass(frozen=True)
class RateTable:
    """The rates of all agencies; the last line is their sum."""

    period: Period
    heads: tuple[tuple[Words, Words], ...]
    lines: tuple[tuple[str, tuple[RateCell, ...]], ...]


@dataclass(frozen=True)
class TimeRow:
    """How long one step took, beside its limit."""

    time: Time
    process: str
    step: str
    limit: str
    source: str
    amount: Words | None
    """The amount that the limit allows."""
    share: int
    """Of the slowest mean, in percent."""


@dataclass(frozen=True)
class StepTimes:
    """The page of times per step."""

    period: Period
    agency: str
    agencies: tuple[directory.Named, ...]
    rows: tuple[TimeRow, ...]


def overdue_report(db: Session, by: Actor, bureau: Bureau, *, most: int = 500) -> OverdueReport:
    """Returns the overdue steps, agencies first, those with the longest first; one statement."""
    marks = monitor.marks_of(bureau.rules)
    found = monitor.overdue(db, by, marks, bureau.calendar, most=most)
    chips = {due: due_chip(due, bureau) for due in {one.due for one in found.rows}}
    rows = [_late(db, one, bureau, chips[one.due]) for one in found.rows]
    grouped: dict[tuple[bool, str], list[OverdueRow]] = {}
    for row in rows:
        grouped.setdefault((not row.late.at_agency, row.late.place), []).append(row)
    places = [_place(name, grouped[inside, name]) for inside, name in sorted(grouped, key=lambda key: key[0])]
    cases = len({row.late.case_id for row in rows})
    second = sum(place.second for place in places)
    return OverdueReport(marks.today, tuple(places), len(rows), found.total, cases, second)


def _place(name: str, rows: list[OverdueRow]) -> OverdueOfPlace:
    second = sum(row.late.level == "level2" for row in rows)
    return OverdueOfPlace(name, tuple(rows), second, max(row.late.days for row in rows))


def _late(db: Session, one: Late, bureau: Bureau, due: DueChip) -> OverdueRow:
    pack = open_release(db, one.release_id)
    step = step_name(pack, one.process, one.element)
    who = one.holder or entry(pack.lanes, one.lane)
    limit, source = limit_words(pack, one.process, one.element)
    name = process_name(pack, one.started)
    return OverdueRow(one, name, step, who, due, level_name(one.level), limit, source)


def rate_table(db: Session, by: Actor, bureau: Bureau, period: Period) -> RateTable:
    """The rates of the period; six statements."""
    found = monitor.rates(db, by, monitor.marks_of(bureau.rules), period)
    lines = [(one.name, tuple(_cell(key, one.rate(key)) for key in RATES)) for one in found]
    total = tuple(_cell(key, _sum(found, key)) for key in RATES)
    return RateTable(period, tuple(RATE_WORDS[key] for key in RATES), (*lines, ("", total)))


def _sum(found: Iterable[OfAgency], key: RateId) -> Rate:
    parts = [one.rate(key) for one in found]
    return Rate(sum(p.counted for p in parts), sum(p.of for p in parts), sum(p.aside for p in parts))


def _cell(key: RateId, rate: Rate) -> RateCell:
    aside = Words(ASIDE[key].msgid, {"count": rate.aside}) if rate.aside and key in ASIDE else None
    return RateCell(percent(rate), rate.counted, rate.of, aside)


def percent(rate: Rate) -> str:
    """A rate with one decimal; a dash where there was nothing to count."""
    return "—" if rate.share is None else f"{100 * rate.share:.1f}%"


def this_year(bureau: Bureau) -> Period:
    """The calendar year of the bureau's present day."""
    return Period(bureau.today.replace(month=1, day=1), bureau.today.replace(month=12, day=31))


def times(db: Session, by: Actor, bureau: Bureau, period: Period, agency: str) -> StepTimes:
    """How long each step took in the period; two statements."""
    found = monitor.times(db, by, bureau.calendar, period, agency=agency)
    slowest = max((one.mean for one in found), default=0) or 1
    rows = [_time(db, one, bureau, round(100 * one.mean / slowest)) for one in found]
    return StepTimes(period, agency, tuple(directory.organisations(db, by.bureau_id)), tuple(rows))


def _time(db: Session, one: Time, bureau: Bureau, share: int) -> TimeRow:
    pack = open_release(db, one.release_id)
    limit, source = limit_words(pack, one.process, one.element)
    step = step_name(pack, one.process, one.element)
    return TimeRow(one, process_name(pack, one.process), step, limit, source, _amount(bureau, limit), share)


def _amount(bureau: Bureau, limit: str) -> Words | None:
    policy = bureau.pack.policies.get(limit)
    if policy is None or policy.unit == "month":
        return None
    count = bureau.rules.amount(limit)
    return (
        words("{count} working days", count=count)
        if policy.unit == "working_day"
        else words("{count} days", count=count)
    )
