"""Timers: one indexed query finds the next case that is due and holds it; its turn fires what is due, once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases import failing, lifecycle
from app.cases.locking import Locked
from app.cases.models import Case, Timer
from app.db import Database
from app.errors import Refusal, Unavailable, words
from app.failpoints import failpoint
from app.people.models import Organisation

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
CLAIM = (
    select(Case, Organisation.name, Organisation.ref, Organisation.settings, Timer.due)
    .join(Timer, Timer.case_id == Case.id)
    .join(Organisation, Organisation.id == Case.bureau_id)
    .where(Timer.ready <= bindparam("now"), Case.closed_at.is_(None))
    .order_by(Timer.ready, Timer.due, Timer.case_id)
    .limit(1)
    .with_for_update(of=Case, skip_locked=True)
    .execution_options(populate_existing=True)
)
"""The same, with all that a turn needs of the case, which is held: one statement finds and locks."""


class Fired(NamedTuple):
    """What came of one look: timers that fired (0: it failed, or somebody was faster), and messages they threw."""

    timers: int
    messages: int


def next_due(database: Database, now: datetime) -> Due | None:
    """The case whose timer is ready first by `now`, and when it is: at its due, or later after a failed try.

    A case that is an incident is never ready.
    """
    with database.reading() as db:
        row = db.execute(READY, {"now": now}).first()
    return (row.case_id, row.ready) if row else None


def claim(db: Session, now: datetime) -> tuple[Locked, datetime] | None:
    """Hold the case whose timer is ready first; on PostgreSQL past those that other workers hold.

    It is the case that is held, not the timer: so its timers fire in due order, whoever fires them.
    """
    row = db.execute(CLAIM, {"now": now}).first()
    return (Locked(*row[:4]), row.due) if row else None


def fire_next(database: Database, now: datetime) -> Fired | None:
    """Fire what is ready first; None where nothing is."""
    due: Due | None = None
    try:
        with database.transaction() as db:
            claimed = claim(db, now)
            if claimed is None:
                return None
            due = claimed[0].case.id, claimed[1]
            messages = lifecycle.wake_held(db, *claimed, at=now)
    except Exception as fault:
        _failed(database, due, fault, now)
        return Fired(0, 0)
    failpoint("after_fire")
    return Fired(1, messages)


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


def _failed(database: Database, due: Due | None, fault: Exception, now: datetime) -> None:
    """Note the failure on the case, unless the database has gone or somebody else has fired the timer meanwhile."""
    if due is None or isinstance(fault, Unavailable):
        raise fault
    case_id, instant = due
    if not isinstance(fault, Refusal):
        log.error("timer of case %s", case_id, exc_info=fault)
        fault = Refusal(words("An internal error stopped this case."))
    with database.transaction() as db:
        if db.scalar(select(Timer.timer_id).where(Timer.case_id == case_id, Timer.due == instant).limit(1)) is not None:
            failing.fail(db, case_id, fault, at=now)
