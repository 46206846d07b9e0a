"""The history of a register's row as its reader may know it: who, when, and the case, where it is open to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_

from app.cases.models import Case
from app.cases.visible import visible
from app.db import Session
from app.people.access import Actor
from app.people.models import Person
from app.registers.changes import Change
from app.registers.reading import reads_every, reads_log, visible_history
from app.registers.register import Register

MOST = 300


@dataclass(frozen=True)
class FollowedChange:
    """A change. `who`: empty where a case went on by itself or the reader is not to know. `case_ref`: where open."""

    change: Change
    who: str
    case_ref: str
    case_name: str


def history_of_row(db: Session, register: Register, key: str, *, by: Actor) -> list[FollowedChange]:
    """The last changes of a row, the newest first, one more than `MOST` where there are more; one statement.

    Who reads only rows about themselves does not learn who at the office made a change.
    """
    told = reads_every(register, by) or reads_log(by)
    query = visible_history(register, by).where(Change.row_key == key)
    rows = db.execute(
        query.add_columns(Person.name, Case.ref, Case.number, Case.title)
        .outerjoin(Person, Person.id == Change.by_id)
        .outerjoin(Case, and_(Case.id == Change.case_id, visible(by)))
        .order_by(Change.id.desc())
        .limit(MOST + 1)
    )
    return [
        FollowedChange(change, (name or "") if told or change.by_id == by.id else "", ref or "", number or title or "")
        for change, name, ref, number, title in rows
    ]
