"""The calendar of a bureau: its own days over the announced ones, laid by the administrator, never erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import journal
from app.calendar import Calendar
from app.calendar.given import Named, faults_of
from app.db import insert_rows
from app.errors import Finding, Invalid, NotAllowed, words
from app.journal import Note
from app.limits.models import DayImport, DayRow
from app.limits.rules import calendar_of
from app.people.access import Actor
from app.people.models import Organisation, Person

MOST_WHY = 500


@dataclass(frozen=True)
class Touched:
    """What an import touches: single days, and the year whose table it completes."""

    days: frozenset[date] = frozenset()
    year: int | None = None

    def concerns(self, start: date, last: date) -> bool:
        """Whether a count from `start` to `last` goes over one of the days."""
        return any(start < day <= last for day in self.days)


@dataclass(frozen=True)
class DayChange:
    """Days to be laid over the table. `year`: its table is complete with them; `why`: the paper they come from."""

    days: Mapping[date, Named] = field(default_factory=dict)
    year: int | None = None
    why: str = ""

    @property
    def touched(self) -> Touched:
        """What of the calendar it touches."""
        return Touched(frozenset(self.days), self.year)


def settings_for(db: Session, by: Actor, change: DayChange, *, lock: bool = False) -> dict[str, Any]:
    """The bureau's settings that the days are laid over. Raises NotAllowed, or Invalid for absurd days."""
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("Only the system administrator imports the holiday table."), clauses=["permission"])
    days = {day: named.worked for day, named in change.days.items() if not _is_plain(day, worked=named.worked)}
    faults = [Finding(said, rule="calendar.days") for said in faults_of(days, change.year)]
    if faults:
        raise Invalid(words("These days cannot be right."), faults)
    query = select(Organisation.settings).where(Organisation.id == by.bureau_id)
    return dict(db.scalar(query.with_for_update() if lock else query) or {})


def write(  # noqa: PLR0913 - the parts of one import
    db: Session, change: DayChange, settings: Mapping[str, Any], *, last_case_id: int, by: Actor, at: datetime
) -> DayImport:
    """Write days over the bureau's locked settings, with rows that nothing erases; the bureau's journal says so.

    `last_case_id`: the last case that has been counted by the table as it was.
    """
    own = settings.get("calendar", {})
    row = DayImport(bureau_id=by.bureau_id, by_id=by.id, at=at, why=change.why[:MOST_WHY], year=change.year, failed=[])
    row.last_case_id = last_case_id
    db.add(row)
    db.flush()
    insert_rows(db, DayRow, [
        {
            "bureau_id": by.bureau_id, "import_id": row.id, "day": day, "worked": named.worked,
            "before": own.get(day.isoformat()), "name": named.name,
        }
        for day, named in change.days.items()
    ])  # fmt: skip
    here = Organisation.id == by.bureau_id
    db.execute(update(Organisation).where(here).values(settings=laid(settings, change)))
    note = Note("calendar.imported", data={"days": len(change.days), "year": change.year, "why": row.why})
    journal.record_outside(db, by.bureau_id, [note], at=at, by=by.id)
    return row


def laid(settings: Mapping[str, Any], change: DayChange) -> dict[str, Any]:
    """A bureau's settings with the days laid over them."""
    days = {day.isoformat(): named.worked for day, named in change.days.items()}
    return {
        **settings,
        "calendar": {**settings.get("calendar", {}), **days},
        "announced": sorted({*settings.get("announced", []), *([change.year] if change.year else [])}),
    }


def _is_plain(day: date, *, worked: bool) -> bool:
    """A weekday that is worked: an earlier holiday of the office is taken back."""
    return worked and day.weekday() < 5


@dataclass(frozen=True)
class LaidDay:
    """One day of the office's own table as it was laid at some time: by whom, when and why."""

    day: date
    worked: bool
    name: str
    who: str
    at: datetime
    why: str
    in_force: bool


def history(db: Session, bureau_id: int, first: date, last: date) -> Iterator[LaidDay]:
    """Every row for those days, the latest first; for each day the latest one is in force. One statement."""
    query = (
        select(DayRow.day, DayRow.worked, DayRow.name, Person.name, DayImport.at, DayImport.why)
        .join(DayImport, DayImport.id == DayRow.import_id)
        .join(Person, Person.id == DayImport.by_id)
        .where(DayRow.bureau_id == bureau_id, DayRow.day.between(first, last))
        .order_by(DayRow.id.desc())
    )
    seen: set[date] = set()
    for row in db.execute(query):
        yield LaidDay(*row, in_force=row.day not in seen)
        seen.add(row.day)


def imports(db: Session, bureau_id: int, *, most: int = 20) -> list[tuple[DayImport, str]]:
    """The last times that days were laid, with who did it."""
    query = select(DayImport, Person.name).join(Person, Person.id == DayImport.by_id)
    found = db.execute(query.where(DayImport.bureau_id == bureau_id).order_by(DayImport.id.desc()).limit(most))
    return [(row[0], row[1]) for row in found]


def calendar_at(db: Session, bureau_id: int, settings: Mapping[str, Any], at: datetime) -> Calendar:
    """The office's calendar as it was at an instant: what has been laid since is taken back, the latest first."""
    days = dict(settings.get("calendar", {}))
    query = select(DayRow.day, DayRow.before).join(DayImport, DayImport.id == DayRow.import_id)
    since = query.where(DayRow.bureau_id == bureau_id, DayImport.at > at).order_by(DayRow.id.desc())
    for day, before in db.execute(since):
        days[day.isoformat()] = before
    kept = {day: worked for day, worked in days.items() if worked is not None}
    return calendar_of({"calendar": kept})
