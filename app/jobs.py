"""What happens by itself: letters are delivered and due timers fire, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.cases import holidays, lifecycle
from app.cases.models import Case, Draft, Letter, Subscription, Task, Timer
from app.db import Database
from app.definitions.releases import open_release
from app.errors import Conflict, Refusal, words
from app.failpoints import failpoint
from app.people.access import Actor

log = logging.getLogger(__name__)


def sweep(database: Database, now: datetime) -> int:
    """Do everything that is due at `now`, in due order; returns how many things were done."""
    done, last = deliver_all(database, now), None
    while (due := next_due(database, now)) is not None:
        if due == last:  # its row is still there: fired again and again, it would hold up everybody
            _incident(database, due[0], Refusal(words("A timer of this case is due and does not fire.")), now)
        else:
            done += fire(database, *due, now=now)
        done += deliver_all(database, now)
        last = due
    clear_drafts(database)
    return done


def next_due(database: Database, now: datetime) -> tuple[int, datetime] | None:
    """The case with the earliest timer due by `now`; cases with an incident wait for a retry."""
    query = (
        select(Timer.case_id, Timer.due)
        .join(Case, Case.id == Timer.case_id)
        .where(Timer.due <= now, Case.incident.is_(None))
        .order_by(Timer.due, Timer.case_id)
        .limit(1)
    )
    with database.reading() as db:
        row = db.execute(query).first()
    return (row.case_id, row.due) if row else None


def fire(database: Database, case_id: int, due: datetime, *, now: datetime) -> int:
    """Fire one case's timers due at that instant; a failure becomes an incident, and the sweep goes on."""
    try:
        with database.transaction() as db:
            fired = int(lifecycle.wake(db, case_id, due, at=now))
        failpoint("after_fire")
        return fired
    except Refusal as cause:
        _incident(database, case_id, cause, now)
    except Exception:
        log.exception("timer of case %s", case_id)
        _incident(database, case_id, Refusal(words("An internal error stopped this case.")), now)
    return 0


def _incident(database: Database, case_id: int, cause: Refusal, now: datetime) -> None:
    with database.transaction() as db:
        lifecycle.fail(db, case_id, cause, at=now)


def deliver_all(database: Database, now: datetime) -> int:
    """Deliver every letter that waits, the oldest first; a letter may bring others."""
    done, refused = 0, set[int]()
    while (letter_id := _next_letter(database, refused)) is not None:
        try:
            with database.transaction() as db:
                done += deliver(db, letter_id, at=now)
            failpoint("after_delivery")
        except Exception:
            log.exception("letter %s", letter_id)
            refused.add(letter_id)
    return done


def _next_letter(database: Database, refused: set[int]) -> int | None:
    query = select(Letter.id).where(Letter.delivered_at.is_(None), Letter.id.not_in(refused))
    with database.reading() as db:
        return db.scalar(query.order_by(Letter.id).limit(1))


def deliver(db: Session, letter_id: int, *, at: datetime) -> int:
    """Hand one letter to every case that waits for it, or start the process that begins with it; once only."""
    claimed = db.execute(
        update(Letter).where(Letter.id == letter_id, Letter.delivered_at.is_(None)).values(delivered_at=at)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    failpoint("after_claim")
    letter = db.get_one(Letter, letter_id)
    receivers = _hand_over(db, letter, at=at) or _start(db, letter, at=at)
    db.execute(update(Letter).where(Letter.id == letter_id).values(receivers=receivers))
    return 1


def hand_in(  # noqa: PLR0913 - one message's parts
    db: Session, bureau_id: int, message: str, data: Mapping[str, Any], *, at: datetime, case_id: int | None = None
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
        letter = Letter(bureau_id=bureau_id, case_id=None, message=message, data=dict(data))
        taken = _start(db, letter, at=at)
    if not taken:
        raise Conflict(words('Nothing waits for the message "{message}".', message=message))
    return taken


def _waiting(bureau_id: int, message: str) -> Select[tuple[int]]:
    return (
        select(Subscription.case_id)
        .join(Case, Case.id == Subscription.case_id)
        .where(Case.bureau_id == bureau_id, Subscription.message == message)
        .distinct()
    )


def _hand_over(db: Session, letter: Letter, *, at: datetime) -> int:
    waiting = _waiting(letter.bureau_id, letter.message)
    waiting = waiting.where((Subscription.key == letter.key) | Subscription.key.is_(None))
    cases = db.scalars(waiting.order_by(Subscription.case_id)).all()
    return sum(lifecycle.receive(db, case_id, letter.message, letter.key, letter.data, at=at) for case_id in cases)


def _start(db: Session, letter: Letter, *, at: datetime) -> int:
    office = lifecycle.office_of(db, letter.bureau_id)
    pack = open_release(db, office.release_id)
    begun = [
        process.id
        for process in pack.diagram.processes.values()
        if any(start.message == letter.message for start in process.starts)
    ]
    return sum(_starts(db, office, process, letter, at=at) for process in begun)


def _starts(db: Session, office: lifecycle.Office, process: str, letter: Letter, *, at: datetime) -> bool:
    """Start a case, unless one is running for the same matter: saying it twice asks for nothing more."""
    try:
        lifecycle.start_by_message(db, office, process, letter.message, letter.data, parent=letter.case_id, at=at)
    except Conflict:
        return False
    return True


def import_days(database: Database, days: Mapping[date, bool], *, year: int | None, by: Actor, at: datetime) -> int:
    """Import days of the holiday table, then count each running case anew in a transaction of its own (D-24).

    Returns how many cases have moved. Raises NotAllowed for anybody but the system administrator.
    """
    with database.transaction() as db:
        running, years = holidays.import_days(db, days, year=year, by=by, at=at)
    moved = 0
    for case_id in running:
        with database.transaction() as db:
            moved += holidays.recount(db, case_id, years, by=by, at=at)
    return moved


def clear_drafts(database: Database) -> None:
    """Drafts of tasks that are done hold personal data for nothing."""
    ended = select(Task.id).where(Task.id == Draft.task_id, Task.closed_at.is_not(None)).exists()
    with database.reading() as db:
        stale = db.scalar(select(Draft.task_id).where(ended).limit(1))
    if stale is not None:
        with database.transaction() as db:
            db.execute(delete(Draft).where(ended))
