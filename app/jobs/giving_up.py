"""What an administrator does with a message that was given up: have it tried anew, or discard it and say why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.cases.models import Case, CaseMessage
from app.errors import Finding, Invalid, NotAllowed, NotFound, words
from app.journal import Note
from app.people.access import Actor

LONGEST_REASON = 500


def retry_message(db: Session, case_ref: str, sequence: int, *, by: Actor, at: datetime) -> None:
    """Let a given-up message be tried three times more; the bureau's journal says who. Raises NotFound, NotAllowed."""
    message = _given_up(db, case_ref, sequence, by)
    message.tries, message.next_try, message.dead_at = 0, None, None
    _record(db, "letter.retried", message, case_ref, by=by, at=at)


def discard_message(db: Session, case_ref: str, sequence: int, why: str, *, by: Actor, at: datetime) -> None:
    """Deliver a given-up message to nobody; who and why stand in the bureau's journal.

    Raises Invalid without a reason, NotFound, NotAllowed.
    """
    why = why.strip()
    if not 0 < len(why) <= LONGEST_REASON:
        finding = Finding(words("Say why, in 500 characters at most."), rule="reason.missing", field="why")
        raise Invalid(words("A message is discarded with a reason only."), [finding])
    message = _given_up(db, case_ref, sequence, by)
    message.delivered_at = message.discarded_at = at
    _record(db, "letter.discarded", message, case_ref, by=by, at=at, why=why)


def _given_up(db: Session, case_ref: str, sequence: int, by: Actor) -> CaseMessage:
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("This page is not open to you."), clauses=["permission"])
    query = select(CaseMessage).join(Case, Case.id == CaseMessage.case_id)
    query = query.where(Case.ref == case_ref, CaseMessage.sequence == sequence, CaseMessage.bureau_id == by.bureau_id)
    given_up = CaseMessage.dead_at.is_not(None), CaseMessage.delivered_at.is_(None)
    message = db.scalar(query.where(*given_up).with_for_update(of=CaseMessage))
    if message is None:
        raise NotFound(words("There is no such message here any more."))
    return message


def _record(
    db: Session, kind: str, message: CaseMessage, case_ref: str, *, by: Actor, at: datetime, **more: str
) -> None:  # noqa: PLR0913
    db.flush()
    data = {"case": case_ref, "sequence": message.sequence, "message": message.message, **more}
    journal.record_outside(db, message.bureau_id, [Note(kind, data=data)], at=at, by=by.id)
