"""Timers: one indexed query finds the next case that is due and holds it; its turn fires what is due, once."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.cases import lifecycle
from app.cases.models import Case, Timer
from app.db import Database
from app.errors import Refusal, words
from app.failpoints import failpoint

log = logging.getLogger(__name__)
Due = tuple[int, datetime]
"""A case, and the instant at which its next timer is due."""
READY = (
    select(Timer.case_id, Timer.due, Timer.ready)
    .join(Case, Case.id == Timer.case_id)
    .where(Timer.ready <= bindparam("now"), Case.closed_at.is_(None))
    .order_by(Timer.ready, Timer.due, Timer.case_id)
    .limit(1)
)
"""The tick's query: the timer that is ready first by `now`; the index on (ready, due, case) answers it."""
CLAIM = READY.with_for_update(of=Case, skip_locked=True)


def next_due(database: Database, now: datetime) -> Due | None:
    """The case whose timer is ready first by `now`, and when it is: at its due, or later after a failed try.

    A case that is an incident is never ready.
    """
    with database.reading() as db:
        row = db.execute(READY, {"now": now}).first()
    return (row.case_id, row.ready) if row else None


def claim(db: Session, now: datetime) -> Due | None:
    """Hold the case whose timer is ready first; on PostgreSQL past those that other workers hold.

    It is the case that is held, not the timer: so its timers fire in due order, whoever fires them.
    """
    row = db.execute(CLAIM, {"now": now}).first()
    return (row.case_id, row.due) if row else None


def fire_next(database: Database, now: datetime) -> int | None:
    """Fire what is ready first: 1, or 0 where it failed or somebody else was faster; None where nothing is ready."""
    held: Due | None = None
    try:
        with database.transaction() as db:
            held = claim(db, now)
            if held is None:
                return None
            lifecycle.wake(db, *held, at=now)
    except Exception as fault:
        _failed(database, held, fault, now)
        return 0
    failpoint("after_fire")
    return 1


def fire(database: Database, case_id: int, due: datetime, *, now: datetime) -> int:
    """Fire one case's timers due at that instant; a failure is noted on the case, and 0 returned."""
    try:
        with database.transaction() as db:
            fired = int(lifecycle.wake(db, case_id, due, at=now))
    except Exception as fault:
        _failed(database, (case_id, due), fault, now)
        return 0
    failpoint("after_fire")
    return fired


def _failed(database: Database, held: Due | None, fault: Exception, now: datetime) -> None:
    """Note the failure on the case, unless the database has gone or somebody else has fired the timer meanwhile."""
    if held is None or (isinstance(fault, DBAPIError) and fault.connection_invalidated):
        raise fault
    case_id, due = held
    if not isinstance(fault, Refusal):
        log.error("timer of case %s", case_id, exc_info=fault)
        fault = Refusal(words("An internal error stopped this case."))
    with database.transaction() as db:
        if db.scalar(select(Timer.timer_id).where(Timer.case_id == case_id, Timer.due == due).limit(1)) is not None:
            lifecycle.fail(db, case_id, fault, at=now)
