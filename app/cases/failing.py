"""Cases that could not go on by themselves: noted, tried again twice, then an incident that waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.cases import locking
from app.errors import Conflict, Refusal, words
from app.journal import Note
from app.people.access import Actor

PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
"""Between the first and second, second and third try of what a case does by itself; a fourth needs a person."""


def fail(db: Session, case_id: int, cause: Refusal, *, at: datetime) -> None:
    """Note that a case could not go on by itself, in a transaction of its own; at the third time it is an incident.

    Until the next try (one minute, then five), and after the third for good, workers leave its timers alone.
    """
    held = locking.lock_case(db, case_id)
    if held is None:
        return
    tries = int((held.case.failure or {}).get("tries", 0)) + 1
    said = {"msgid": cause.words.msgid, "params": {name: str(value) for name, value in cause.words.params.items()}}
    failure = {"at": at.isoformat(), "cause": str(cause.words), **said, "tries": tries}
    again = at + PAUSES[tries - 1] if tries <= len(PAUSES) else None
    locking.hold_timers(db, case_id, again)
    changes = {"failure": failure, "incident": None if again else failure}
    locking.append(db, held.case, [Note("case.failed", data=failure)], at=at, by=None, changes=changes)


def retry(db: Session, case_id: int, *, by: Actor, at: datetime) -> None:
    """Forget failure and incident, so that the next sweep tries again; the journal says who. Raises Conflict."""
    held = locking.lock_case(db, case_id)
    if held is None or (held.case.failure is None and held.case.incident is None):
        raise Conflict(words("This case has no incident."))
    locking.free_timers(db, case_id)
    changes = {"failure": None, "incident": None}
    locking.append(db, held.case, [Note("case.retried")], at=at, by=by.id, changes=changes)
