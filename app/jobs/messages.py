"""Messages: each message between cases is handed over once, after the commit that threw it, or waits for a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.cases import lifecycle
from app.cases.failing import PAUSES
from app.cases.models import Case, CaseMessage, Subscription
from app.db import Database
from app.definitions.releases import open_release
from app.errors import Conflict, Refusal, Unavailable, words
from app.failpoints import failpoint

log = logging.getLogger(__name__)
LONGEST_CAUSE = 500
INTERNAL = words("An internal error stopped this message.")


def _waits(message: Any) -> ColumnElement[bool]:
    return and_(message.delivered_at.is_(None), message.dead_at.is_(None))


_earlier = aliased(CaseMessage)
WAITING = (
    select(CaseMessage.id)
    .where(
        _waits(CaseMessage),
        or_(CaseMessage.next_try.is_(None), CaseMessage.next_try <= bindparam("now")),
        ~select(_earlier.id)
        .where(_earlier.case_id == CaseMessage.case_id, _earlier.id < CaseMessage.id, _waits(_earlier))
        .exists(),
    )
    .order_by(CaseMessage.id)
    .limit(1)
)
"""The oldest message to try by `now`; those of one case go in the order in which it threw them."""
CLAIM = WAITING.with_for_update(of=CaseMessage, skip_locked=True)


def deliver_all(database: Database, now: datetime) -> int:
    """Deliver every message that waits, the oldest first; a message may bring others."""
    with database.reading() as db:
        if db.scalar(WAITING, {"now": now}) is None:
            return 0
    done = 0
    while (delivered := _deliver_next(database, now)) is not None:
        done += delivered
    return done


def _deliver_next(database: Database, now: datetime) -> int | None:
    """Deliver the oldest: 1, or 0 where it failed; None where none waits. Past those that other workers hold."""
    message_id: int | None = None
    try:
        with database.transaction() as db:
            message_id = db.scalar(CLAIM, {"now": now})
            if message_id is None:
                return None
            done = deliver(db, message_id, at=now)
    except Exception as fault:
        if message_id is None or isinstance(fault, Unavailable):
            raise
        _failed(database, message_id, fault, now)
        return 0
    failpoint("after_delivery")
    return done


def _failed(database: Database, message_id: int, fault: Exception, now: datetime) -> None:
    """Count the try: again in one minute, then in five, then it waits for an administrator."""
    if not isinstance(fault, Refusal):
        log.error("message %s", message_id, exc_info=fault)
    cause = str(fault if isinstance(fault, Refusal) else INTERNAL)
    with database.transaction() as db:
        message = db.get_one(CaseMessage, message_id, with_for_update=True)
        message.tries, message.cause = message.tries + 1, cause[:LONGEST_CAUSE]
        message.next_try = now + PAUSES[message.tries - 1] if message.tries <= len(PAUSES) else None
        message.dead_at = None if message.next_try else now


def deliver(db: Session, message_id: int, *, at: datetime) -> int:
    """Hand one message to every case that waits for it, or start the process that begins with it; once only."""
    claimed = db.execute(
        update(CaseMessage)
        .where(CaseMessage.id == message_id, CaseMessage.delivered_at.is_(None))
        .values(delivered_at=at)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    failpoint("after_claim")
    message = db.get_one(CaseMessage, message_id)
    receivers = _hand_over(db, message, at=at) or _start(db, message, at=at)
    db.execute(update(CaseMessage).where(CaseMessage.id == message_id).values(receivers=receivers))
    return 1


def hand_in(  # noqa: PLR0913 - one message's parts
    db: Session, bureau_id: int, message: str, data: Mapping[str, object], *, at: datetime, case_id: int | None = None
) -> int:
    """A message from outside: to each case that waits for it under one of the values it carries, else to a start.

    `case_id` narrows it to one case. Returns how many took it; raises Conflict where nobody does.
    """
    keys = dict.fromkeys(value for value in data.values() if isinstance(value, str))
    waiting = _waiting(bureau_id, message).where(Subscription.key.is_(None) | Subscription.key.in_(keys))
    if case_id is not None:
        waiting = waiting.where(Subscription.case_id == case_id)
    found = db.execute(waiting.add_columns(Subscription.key).order_by(Subscription.case_id)).all()
    taken = sum(lifecycle.receive(db, found_id, message, key, data, at=at) for found_id, key in found)
    if not taken and case_id is None:
        outside = CaseMessage(bureau_id=bureau_id, case_id=None, message=message, data=dict(data))
        taken = _start(db, outside, at=at)
    if not taken:
        raise Conflict(words('Nothing waits for the message "{message}".', message=message))
    return taken


def _waiting(bureau_id: int, message: str) -> Select[int]:
    return (
        select(Subscription.case_id)
        .join(Case, Case.id == Subscription.case_id)
        .where(Case.bureau_id == bureau_id, Subscription.message == message)
        .distinct()
    )


def _hand_over(db: Session, message: CaseMessage, *, at: datetime) -> int:
    waiting = _waiting(message.bureau_id, message.message)
    waiting = waiting.where((Subscription.key == message.key) | Subscription.key.is_(None))
    cases = db.scalars(waiting.order_by(Subscription.case_id)).all()
    return sum(lifecycle.receive(db, case_id, message.message, message.key, message.data, at=at) for case_id in cases)


def _start(db: Session, message: CaseMessage, *, at: datetime) -> int:
    office = lifecycle.office_of(db, message.bureau_id)
    pack = open_release(db, office.release_id)
    begun = [
        process.id
        for process in pack.diagram.processes.values()
        if any(start.message == message.message for start in process.starts)
    ]
    return sum(_starts(db, office, process, message, at=at) for process in begun)


def _starts(db: Session, office: lifecycle.Office, process: str, message: CaseMessage, *, at: datetime) -> bool:
    """Start a case, unless one is running for the same matter: saying it twice asks for nothing more."""
    try:
        lifecycle.start_by_message(db, office, process, message.message, message.data, parent=message.case_id, at=at)
    except Conflict:
        return False
    return True
