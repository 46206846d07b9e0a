"""The list of what is overdue (report 5), for the notice of criticism (通报): the steps, the longest overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendar import MAX_DAYS, Calendar
from app.cases.models import Case, Task
from app.monitor.colours import Colour, Marks
from app.monitor.scope import filled, in_flight
from app.people.access import Actor
from app.people.models import Organisation, Person

MOST = 500


@dataclass(frozen=True)
class Late:
    """An open step past its due date. `days`: working days past it; 0 where no working day has gone by since."""

    case_id: int
    case_ref: str
    title: str
    number: str
    started: str
    """The process of the case."""
    release_id: int
    process: str
    element: str
    lane: str
    place: str
    place_ref: str
    at_agency: bool
    due: date
    opened_at: datetime
    holder: str | None
    days: int = 0
    level: Colour = "level1"


@dataclass(frozen=True)
class Overdue:
    """What is overdue, and how many steps are in all."""

    rows: tuple[Late, ...]
    total: int


def overdue(db: Session, by: Actor, marks: Marks, calendar: Calendar, *, most: int = MOST) -> Overdue:
    """Every open step of the bureau's cases whose due date has passed; one statement."""
    case_columns = (Case.id, Case.ref, Case.title, Case.number, Case.process, Case.release_id)
    task_columns = (Task.process, Task.element, Task.lane, Organisation.name, Organisation.ref)
    query = (
        select(*case_columns, *task_columns, Organisation.kind == "agency", Task.due, Task.opened_at, Person.name)
        .add_columns(func.count().over().label("total"))
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(Person, Person.id == Task.holder_id)
        .where(in_flight(by), Task.closed_at.is_(None), marks.within("red", Task.due))
        .order_by(Task.due, Task.id)
        .limit(most)
    )
    found = db.execute(query).all()
    days = {due: _days(calendar, due, marks.today) for due in {row.due for row in found}}
    rows = [filled(Late, row[:-1], days[row.due], marks.colour(row.due)) for row in found]
    return Overdue(tuple(rows), found[0].total if found else 0)


def _days(calendar: Calendar, due: date, today: date) -> int:
    """Working days past the due date; what is overdue for longer than a calendar can count is so for as long."""
    return calendar.working_days_between(max(due, today - timedelta(days=MAX_DAYS)), today)
