"""The register of supervisors: who is in office, and what that closes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from app.errors import NotAllowed, words
from app.people.models import Person
from app.programme.models import Supervisor

IN_OFFICE = "active"


def appoint(db: Session, bureau_id: int, person_id: int, *, start: date, number: int) -> None:
    """Enter a supervisor with a valid letter and certificate; the term ends three years on, less a day (D-10)."""
    end = last_day(start)
    row = {"bureau_id": bureau_id, "person_id": person_id, "status": IN_OFFICE, "term_start": start, "term_end": end}
    numbers = {"letter_no": f"L-{start.year}-{number:03d}", "certificate_no": f"C-{start.year}-{number:03d}"}
    db.execute(insert(Supervisor).values(**row, **numbers))


def last_day(start: date, years: int = 3) -> date:
    """The last day of a term that begins on `start` (D-10)."""
    try:
        end = start.replace(year=start.year + years)
    except ValueError:
        end = start.replace(year=start.year + years, month=3, day=1)
    return date.fromordinal(end.toordinal() - 1)


def is_in_office(db: Session, bureau_id: int, person: str, *, on: date) -> bool:
    """Whether the person of that ref is a supervisor whose term runs on that day; both its ends belong to it."""
    standing = select(Supervisor.id).join(Person, Person.id == Supervisor.person_id)
    standing = standing.where(Supervisor.bureau_id == bureau_id, Person.ref == person, *_in_office(on))
    return db.scalar(standing) is not None


def refuse_unless_in_office(db: Session, person_id: int, *, on: date) -> None:
    """New opinions and escalations are for supervisors in office (D-21)."""
    if db.scalar(select(Supervisor.id).where(Supervisor.person_id == person_id, *_in_office(on))) is None:
        text = words("Only a supervisor in office may do this; cases already begun go on.")
        raise NotAllowed(text, clauses=["D-21"])


def _in_office(on: date) -> tuple[ColumnElement[bool], ...]:
    return Supervisor.status == IN_OFFICE, Supervisor.term_start <= on, Supervisor.term_end >= on
