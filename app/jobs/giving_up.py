"""What an administrator does with a letter that was given up: have it tried anew, or discard it and say why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.cases.models import Case, Letter
from app.errors import Finding, Invalid, NotAllowed, NotFound, words
from app.journal import Note
from app.people.access import Actor

LONGEST_REASON = 500


def retry_letter(db: Session, case_ref: str, sequence: int, *, by: Actor, at: datetime) -> None:
    """Let a given-up letter be tried three times more; the bureau's journal says who. Raises NotFound, NotAllowed."""
    letter = _given_up(db, case_ref, sequence, by)
    letter.tries, letter.next_try, letter.dead_at = 0, None, None
    _record(db, "letter.retried", letter, case_ref, by=by, at=at)


def discard_letter(db: Session, case_ref: str, sequence: int, why: str, *, by: Actor, at: datetime) -> None:
    """Deliver a given-up letter to nobody; who and why stand in the bureau's journal.

    Raises Invalid without a reason, NotFound, NotAllowed.
    """
    why = why.strip()
    if not 0 < len(why) <= LONGEST_REASON:
        finding = Finding(words("Say why, in 500 characters at most."), rule="reason.missing", field="why")
        raise Invalid(words("A message is discarded with a reason only."), [finding])
    letter = _given_up(db, case_ref, sequence, by)
    letter.delivered_at = letter.discarded_at = at
    _record(db, "letter.discarded", letter, case_ref, by=by, at=at, why=why)


def _given_up(db: Session, case_ref: str, sequence: int, by: Actor) -> Letter:
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("This page is not open to you."), clauses=["permission"])
    query = (
        select(Letter).join(Case, Case.id == Letter.case_id).where(Case.ref == case_ref, Letter.sequence == sequence)
    )
    given_up = Letter.dead_at.is_not(None), Letter.delivered_at.is_(None), Letter.bureau_id == by.bureau_id
    letter = db.scalar(query.where(*given_up).with_for_update(of=Letter))
    if letter is None:
        raise NotFound(words("There is no such message here any more."))
    return letter


def _record(db: Session, kind: str, letter: Letter, case_ref: str, *, by: Actor, at: datetime, **more: str) -> None:  # noqa: PLR0913
    db.flush()
    data = {"case": case_ref, "sequence": letter.sequence, "message": letter.message, **more}
    journal.record_outside(db, letter.bureau_id, [Note(kind, data=data)], at=at, by=by.id)
