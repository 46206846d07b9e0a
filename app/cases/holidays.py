"""The office's own days over the announced ones: laid by the administrator, never erased, and what a preview shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import journal
from app.calendar.given import Named, faults_of
from app.cases.models import Case
from app.cases.recount import REVIEWS, Counting, Move, Touched, moves_of_all, moves_or_none
from app.db import insert_rows
from app.errors import Conflict, Finding, Invalid, NotAllowed, words
from app.journal import Note
from app.limits.models import DayImport, DayRow
from app.people.access import Actor
from app.people.models import Organisation, Person
from app.programme.models import RegisterRow

MOST_WHY = 500


@dataclass(frozen=True)
class Change:
    """Days to be laid over the table. `year`: its table is complete with them; `why`: the paper they come from."""

    days: Mapping[date, Named] = field(default_factory=dict)
    year: int | None = None
    why: str = ""

    @property
    def touched(self) -> Touched:
        """What of the calendar it touches."""
        return Touched(frozenset(self.days), self.year)


@dataclass(frozen=True)
class Preview:
    """What a change would do. `digest` stands for all of it: what is applied is what was seen.

    `versions` are the running cases as they were looked at, `base` the office's own days then.
    """

    change: Change
    moves: tuple[Move, ...]
    digest: str
    versions: Mapping[int, int] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many running cases were looked at."""
        return len(self.versions)

    @property
    def later(self) -> list[Move]:
        """Deadlines that would move."""
        return [move for move in self.moves if not move.shorter]

    @property
    def shorter(self) -> list[Move]:
        """Deadlines that it would shorten: they are kept and listed for review (D-24)."""
        return [move for move in self.moves if move.shorter]


def preview(db: Session, change: Change, *, by: Actor, at: datetime, digest: str | None = None) -> Preview:
    """What laying these days would move, case by case; nothing is written. For the system administrator.

    `digest`: that of the preview which is confirmed; a Conflict where it would be another one now.
    """
    settings = _settings(db, by, change)
    counting = Counting(db, laid(settings, change), change.touched, at)
    versions, moves = {}, []
    for case, found in moves_of_all(counting, by.bureau_id):
        versions[case.id] = case.version
        moves += found
    seen = Preview(change, tuple(moves), _digest(change, moves), versions, _base(settings))
    if digest is not None and seen.digest != digest:
        raise _moved_on()
    return seen


def lay(db: Session, change: Change, *, by: Actor, at: datetime, seen: Preview | None = None) -> DayImport:
    """Lay the days over the office's table; running cases are counted anew afterwards, each by itself.

    `seen`: the preview that was confirmed; where it would be another one by now, it is a Conflict.
    Raises NotAllowed for anybody but the system administrator, Invalid for absurd days.
    """
    settings = _settings(db, by, change, lock=True)
    if seen is not None:
        _refuse_other(db, seen, settings, by=by, at=at)
    own = settings.get("calendar", {})
    row = DayImport(bureau_id=by.bureau_id, by_id=by.id, at=at, why=change.why[:MOST_WHY], year=change.year, failed=[])
    row.last_case_id = db.scalar(select(func.max(Case.id)).where(Case.bureau_id == by.bureau_id)) or 0
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


def _refuse_other(db: Session, seen: Preview, settings: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Look again only at the cases that have had a turn since the preview, so that the lock is held briefly."""
    here = Case.bureau_id == by.bureau_id, Case.closed_at.is_(None)
    now = {case_id: version for case_id, version in db.execute(select(Case.id, Case.version).where(*here))}
    changed = [case_id for case_id, version in now.items() if seen.versions.get(case_id) != version]
    kept = [move for move in seen.moves if move.case_id in now and move.case_id not in changed]
    counting = Counting(db, laid(settings, seen.change), seen.change.touched, at)
    again = [move for case_id in changed for move in moves_or_none(counting, db.get_one(Case, case_id))]
    moves = sorted([*kept, *again], key=lambda move: move.case_id)
    if _base(settings) != seen.base or _digest(seen.change, moves) != seen.digest:
        raise _moved_on()


def _base(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"calendar": settings.get("calendar", {}), "announced": settings.get("announced", [])}


def _moved_on() -> Conflict:
    return Conflict(words("Cases have moved on since the preview. Look at the new one, then confirm again."))


def laid(settings: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """A bureau's settings with the days laid over them."""
    days = {day.isoformat(): named.worked for day, named in change.days.items()}
    return {
        **settings,
        "calendar": {**settings.get("calendar", {}), **days},
        "announced": sorted({*settings.get("announced", []), *([change.year] if change.year else [])}),
    }


def _settings(db: Session, by: Actor, change: Change, *, lock: bool = False) -> dict[str, Any]:
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("Only the system administrator imports the holiday table."), clauses=["permission"])
    days = {day: named.worked for day, named in change.days.items() if not _is_plain(day, worked=named.worked)}
    faults = [Finding(said, rule="calendar.days") for said in faults_of(days, change.year)]
    if faults:
        raise Invalid(words("These days cannot be right."), faults)
    query = select(Organisation.settings).where(Organisation.id == by.bureau_id)
    return dict(db.scalar(query.with_for_update() if lock else query) or {})


def _is_plain(day: date, *, worked: bool) -> bool:
    """A weekday that is worked: an earlier holiday of the office is taken back."""
    return worked and day.weekday() < 5


def _digest(change: Change, moves: list[Move]) -> str:
    days = [[day.isoformat(), named.worked] for day, named in sorted(change.days.items())]
    told = [
        [one.case_id, one.deadline.key, one.deadline.scope, one.kept.isoformat(), one.computed.isoformat()]
        for one in moves
    ]
    return hashlib.sha256(orjson.dumps([days, change.year, told])).hexdigest()


@dataclass(frozen=True)
class Laid:
    """One day of the office's own table as it was laid at some time: by whom, when and why."""

    day: date
    worked: bool
    name: str
    who: str
    at: datetime
    why: str
    in_force: bool


def history(db: Session, bureau_id: int, first: date, last: date) -> Iterator[Laid]:
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
        yield Laid(*row, in_force=row.day not in seen)
        seen.add(row.day)


def imports(db: Session, bureau_id: int, *, most: int = 20) -> list[tuple[DayImport, str]]:
    """The last times that days were laid, with who did it."""
    query = select(DayImport, Person.name).join(Person, Person.id == DayImport.by_id)
    found = db.execute(query.where(DayImport.bureau_id == bureau_id).order_by(DayImport.id.desc()).limit(most))
    return [(row[0], row[1]) for row in found]


@dataclass(frozen=True)
class Review:
    """A running deadline that an import would have shortened: by number only (domain.md 2.9)."""

    number: str
    policy: str
    kept: date
    computed: date
    at: datetime


def reviews(db: Session, bureau_id: int, *, most: int = 200) -> list[Review]:
    """The register of deadline reviews for cases that still run, the latest first; one statement."""
    query = (
        select(Case.number, RegisterRow.data, RegisterRow.changed_at)
        .join(Case, Case.id == RegisterRow.case_id)
        .where(RegisterRow.bureau_id == bureau_id, RegisterRow.register == REVIEWS, Case.closed_at.is_(None))
    )
    found = db.execute(query.order_by(RegisterRow.changed_at.desc(), RegisterRow.id.desc()).limit(most))
    return [
        Review(
            row.number, row.data.get("policy", ""), _date(row.data["kept"]), _date(row.data["computed"]), row.changed_at
        )
        for row in found
    ]


def _date(text: str) -> date:
    return date.fromisoformat(text)
