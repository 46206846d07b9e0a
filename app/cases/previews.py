"""What laying days over a bureau's calendar would move in its running cases, and laying them as they were seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.recount import moves_of_all, moves_or_none
from app.errors import Conflict, words
from app.limits import calendars
from app.limits.calendars import DayChange
from app.limits.models import DayImport
from app.limits.recount import Recount, RecountedDeadline
from app.people.access import Actor
from app.registers.kept import deadline_reviews as register


@dataclass(frozen=True)
class Preview:
    """What a change would do. `digest` stands for all of it: what is applied is what was seen.

    `versions` are the running cases as they were looked at, `base` the office's own days then.
    """

    change: DayChange
    moves: tuple[RecountedDeadline, ...]
    digest: str
    versions: Mapping[int, int] = field(default_factory=dict)
    base: Mapping[str, object] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many running cases were looked at."""
        return len(self.versions)

    @property
    def later(self) -> list[RecountedDeadline]:
        """Deadlines that would move."""
        return [move for move in self.moves if not move.shorter]

    @property
    def shorter(self) -> list[RecountedDeadline]:
        """Deadlines that it would shorten: they are kept and listed for review (D-24)."""
        return [move for move in self.moves if move.shorter]


def preview(db: Session, change: DayChange, *, by: Actor, at: datetime, digest: str | None = None) -> Preview:
    """What laying these days would move, case by case; nothing is written. For the system administrator.

    `digest`: that of the preview which is confirmed; a Conflict where it would be another one now.
    """
    settings = calendars.settings_for(db, by, change)
    counting = Recount(db, calendars.laid(settings, change), change.touched, at)
    versions, moves = {}, []
    for case, found in moves_of_all(counting, by.bureau_id):
        versions[case.id] = case.version
        moves += found
    seen = Preview(change, tuple(moves), _digest(change, moves), versions, _base(settings))
    if digest is not None and seen.digest != digest:
        raise _moved_on()
    return seen


def lay(db: Session, change: DayChange, *, by: Actor, at: datetime, seen: Preview | None = None) -> DayImport:
    """Lay the days over the office's table; running cases are counted anew afterwards, each by itself.

    `seen`: the preview that was confirmed; where it would be another one by now, it is a Conflict.
    Raises NotAllowed for anybody but the system administrator, Invalid for absurd days.
    """
    settings = calendars.settings_for(db, by, change, lock=True)
    if seen is not None:
        _refuse_other(db, seen, settings, by=by, at=at)
    last = db.scalar(select(func.max(Case.id)).where(Case.bureau_id == by.bureau_id)) or 0
    return calendars.write(db, change, settings, last_case_id=last, by=by, at=at)


def _refuse_other(db: Session, seen: Preview, settings: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    """Look again only at the cases that have had a turn since the preview, so that the lock is held briefly."""
    here = Case.bureau_id == by.bureau_id, Case.closed_at.is_(None)
    now = {case_id: version for case_id, version in db.execute(select(Case.id, Case.version).where(*here))}
    changed = [case_id for case_id, version in now.items() if seen.versions.get(case_id) != version]
    kept = [move for move in seen.moves if move.case_id in now and move.case_id not in changed]
    counting = Recount(db, calendars.laid(settings, seen.change), seen.change.touched, at)
    again = [move for case_id in changed for move in moves_or_none(counting, db.get_one(Case, case_id))]
    moves = sorted([*kept, *again], key=lambda move: move.case_id)
    if _base(settings) != seen.base or _digest(seen.change, moves) != seen.digest:
        raise _moved_on()


def _base(settings: Mapping[str, object]) -> dict[str, Any]:
    return {"calendar": settings.get("calendar", {}), "announced": settings.get("announced", [])}


def _moved_on() -> Conflict:
    return Conflict(words("Cases have moved on since the preview. Look at the new one, then confirm again."))


def _digest(change: DayChange, moves: list[RecountedDeadline]) -> str:
    days = [[day.isoformat(), named.worked] for day, named in sorted(change.days.items())]
    told = [
        [one.case_id, one.deadline.key, one.deadline.scope, one.kept.isoformat(), one.computed.isoformat()]
        for one in moves
    ]
    return hashlib.sha256(orjson.dumps([days, change.year, told])).hexdigest()


@dataclass(frozen=True)
class DeadlineReview:
    """A running deadline that an import would have shortened: by number only (domain.md 2.9)."""

    number: str
    policy: str
    kept: date
    computed: date
    at: datetime


def reviews(db: Session, bureau_id: int, *, most: int = 200) -> list[DeadlineReview]:
    """The register of deadline reviews for cases that still run, the latest first; one statement."""
    kept = register.DeadlineReview
    query = (
        select(Case.number, kept.policy, kept.kept, kept.computed, kept.changed_at)
        .join(Case, Case.id == kept.case_id)
        .where(kept.bureau_id == bureau_id, Case.closed_at.is_(None))
    )
    found = db.execute(query.order_by(kept.changed_at.desc(), kept.id.desc()).limit(most))
    return [
        DeadlineReview(row.number, row.policy or "", row.kept, row.computed, row.changed_at)
        for row in found
        if row.kept and row.computed
    ]
