"""Who is a supervisor in office, and what that closes; entering those who are."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.clock import OFFICE_ZONE
from app.db import insert_rows
from app.errors import NotAllowed, words
from app.people.access import Actor
from app.people.models import new_ref
from app.registers.kept.certificates import Certificate
from app.registers.kept.supervisors import Supervisor

IN_OFFICE = "active"


def appoint(db: Session, bureau_id: int, person: str, *, start: date, number: int) -> None:
    """Enter a supervisor, by ref, with a valid letter and certificate; the term ends three years on, less a day (D-10).

    Two statements. For offices that begin with supervisors already in office; who is appointed by a case is patched.
    """
    row = {"bureau_id": bureau_id, "changed_at": datetime.combine(start, time(), OFFICE_ZONE), "person": person}
    term = {"term_start": start, "term_end": last_day(start)}
    numbers = {"letter_no": f"L-{start.year}-{number:03d}", "certificate_no": f"C-{start.year}-{number:03d}"}
    supervisor = row | term | numbers | {"ref": new_ref(), "key": f"{person} {start}", "status": IN_OFFICE}
    insert_rows(db, Supervisor, [supervisor])
    held = row | term | {"state": "valid", "issue_date": start, "handed_over_on": start}
    kinds = (("letter", numbers["letter_no"]), ("card", numbers["certificate_no"]))
    insert_rows(db, Certificate, [held | {"ref": new_ref(), "key": key, "kind": kind} for kind, key in kinds])


def last_day(start: date, years: int = 3) -> date:
    """The last day of a term that begins on `start` (D-10)."""
    try:
        end = start.replace(year=start.year + years)
    except ValueError:
        end = start.replace(year=start.year + years, month=3, day=1)
    return date.fromordinal(end.toordinal() - 1)


def is_in_office(db: Session, bureau_id: int, person: str, *, on: date) -> bool:
    """Whether the person of that ref is a supervisor whose term runs on that day; both its ends belong to it."""
    return db.scalar(select(Supervisor.id).where(*_in_office(bureau_id, person, on)).limit(1)) is not None


def refuse_unless_in_office(db: Session, person: Actor, *, on: date) -> None:
    """New opinions and escalations are for supervisors in office (D-21)."""
    if not is_in_office(db, person.bureau_id, person.ref, on=on):
        text = words("Only a supervisor in office may do this; cases already begun go on.")
        raise NotAllowed(text, clauses=["D-21"])


def _in_office(bureau_id: int, person: str, on: date) -> tuple[ColumnElement[bool], ...]:
    named = (Supervisor.bureau_id == bureau_id, Supervisor.person == person)
    return (*named, Supervisor.status == IN_OFFICE, Supervisor.term_start <= on, Supervisor.term_end >= on)
