"""Running cases counted anew after a change of the calendar: later dates move, shorter ones are kept and listed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.cases import locking
from app.cases.models import Case
from app.cases.turn import turn
from app.definitions.releases import open_release
from app.limits import counts
from app.limits.calendars import Touched
from app.limits.recount import Recount, RecountedDeadline, RunningCase
from app.people.access import Actor
from app.registers.patching import Writing, patch

log = logging.getLogger(__name__)
REVIEWS = "deadline_reviews"
CHUNK = 200


def opened(db: Session, case: Case) -> RunningCase:
    """A case with its pack and instance. Raises Refusal where its state cannot be read."""
    pack = open_release(db, case.release_id)
    instance = engine.load(case.state, pack.diagram)
    return RunningCase(case.id, case.bureau_id, case.number, case.facts, pack, instance)


def moves_of_all(counting: Recount, bureau_id: int) -> Iterator[tuple[Case, list[RecountedDeadline]]]:
    """Each running case with what would move in it; a case that cannot be read has nothing to say."""
    last = 0
    running = select(Case).where(Case.bureau_id == bureau_id, Case.closed_at.is_(None)).order_by(Case.id)
    while chunk := counting.db.scalars(running.where(Case.id > last).limit(CHUNK)).all():
        yield from ((case, moves_or_none(counting, case)) for case in chunk)
        last = chunk[-1].id


def moves_or_none(counting: Recount, case: Case) -> list[RecountedDeadline]:
    """What would move in a case; nothing where it cannot be read."""
    try:
        return counting.moves(opened(counting.db, case))
    except Exception:
        log.warning("case %s cannot be counted", case.id, exc_info=True)
        return []


def recount(db: Session, case_id: int, touched: Touched, *, by: Actor, at: datetime) -> list[RecountedDeadline]:
    """Move a case's deadlines that the new table makes later; one that it would shorten is kept and listed."""
    held = locking.lock_case(db, case_id)
    if held is None or held.case.closed_at is not None:
        return []
    moves = Recount(db, held.bureau_settings, touched, at).moves(opened(db, held.case))
    for move in moves:
        if move.shorter:
            _keep_for_review(db, held.case, move, at=at)
    later = [move for move in moves if not move.shorter]
    if later:
        with turn(db, held, by=by, at=at) as progress:
            for move in later:
                progress.move(move.deadline, move.computed, why=counts.CALENDAR)
    return moves


def _keep_for_review(db: Session, case: Case, move: RecountedDeadline, *, at: datetime) -> None:
    one = move.deadline
    branch = f" {one.scope}" if one.scope else ""
    key = f"{case.number or case.ref} {one.key}{branch}"[:100]
    fields = {"kept": move.kept, "computed": move.computed, "deadline": one.key, "policy": move.policy}
    patch(db, REVIEWS, key, fields, Writing(case.bureau_id, None, at, case.id))
