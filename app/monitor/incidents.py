"""Cases that could not go on: since when, how often tried, why, and at which element where it is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Case, Timer
from app.clock import in_office
from app.errors import Words
from app.monitor.scope import filled, in_flight
from app.people.access import Actor

MOST = 200


@dataclass(frozen=True)
class Incident:
    """A case that stands still until somebody retries it."""

    case_id: int
    ref: str
    process: str
    title: str
    number: str
    release_id: int
    since: datetime | None
    tries: int
    cause: Words
    waits: bool
    """Nothing more is tried until a person does; else the system tries again by itself within minutes."""
    element: str | None
    """The earliest armed timer's: what the case was about to do when it failed."""


@dataclass(frozen=True)
class Stopped:
    """The cases that stand still, those that wait for a person first, and how many there are in all."""

    incidents: tuple[Incident, ...]
    total: int


def incidents(db: Session, by: Actor, *, most: int = MOST) -> Stopped:
    """The bureau's incidents; one statement."""
    element = (
        select(Timer.element)
        .where(Timer.case_id == Case.id)
        .order_by(Timer.due, Timer.timer_id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    columns = (Case.id, Case.ref, Case.process, Case.title, Case.number, Case.release_id)
    query = select(*columns, Case.incident, Case.failure, element.label("element"), func.count().over().label("total"))
    query = query.where(in_flight(by), _stopped()).order_by(Case.incident.is_(None), Case.id).limit(most)
    found = db.execute(query).all()
    rows = tuple(_incident(row) for row in found)
    return Stopped(rows, found[0].total if found else 0)


def _incident(row: Any) -> Incident:
    told = row.incident or row.failure
    since = in_office(datetime.fromisoformat(told["at"])) if told.get("at") else None
    tries = int(told.get("tries", 1))
    return filled(Incident, row[:6], since, tries, cause_of(told), row.incident is not None, row.element)


def cause_of(told: dict[str, Any]) -> Words:
    """Why a case stands still, as words that can be said in the reader's language."""
    if msgid := told.get("msgid"):
        return Words(str(msgid), told.get("params") or {})
    return Words(str(told.get("cause", "")))


def standing_still(db: Session, by: Actor, refs: Collection[str]) -> dict[int, datetime | None]:
    """Of these cases the ones that stand still, by id, with the instant of their earliest timer; one statement."""
    due = select(func.min(Timer.due)).where(Timer.case_id == Case.id).correlate(Case).scalar_subquery()
    query = select(Case.id, due).where(in_flight(by), _stopped(), Case.ref.in_(refs))
    return {case_id: instant for case_id, instant in db.execute(query.order_by(Case.id).limit(MOST))}


def _stopped() -> ColumnElement[bool]:
    return or_(Case.incident.is_not(None), Case.failure.is_not(None))
