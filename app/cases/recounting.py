"""Taking an import of days to its end: each running case counted anew in a transaction of its own, resumable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from time import monotonic

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.cases import failing
from app.cases.models import Case
from app.cases.recount import recount
from app.db import Database
from app.errors import NotFound, Refusal, words
from app.limits.calendars import Touched
from app.limits.models import DayImport, DayRow
from app.limits.recount import RecountedDeadline
from app.people.access import Actor, actor_of

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Cases that are looked at in one transaction as long as nothing moves in them."""


class _NotCounted(Exception):
    """A case that could not be counted; `args[0]` is its id."""


def finish(database: Database, at: datetime, *, going: Callable[[], bool] = lambda: True) -> int:
    """Count anew what imports have left to count, the oldest import first; gives how many deadlines have moved.

    `going` is asked between two transactions whether to go on. A case that cannot be counted is noted as failed and
    holds up nobody.
    """
    moved = 0
    for count in _steps(database, at):
        moved += count
        if not going():
            break
    return moved


def finish_within(database: Database, at: datetime, *, seconds: float) -> tuple[int, bool]:
    """The same for so long at most; how many have moved, and whether it is finished."""
    moved, end = 0, monotonic() + seconds
    for count in _steps(database, at):
        moved += count
        if monotonic() > end:
            return moved, False
    return moved, True


def _steps(database: Database, at: datetime) -> Iterator[int]:
    while (import_id := _unfinished(database)) is not None:
        try:
            with database.transaction() as db:
                moved = _go_on(db, import_id, at=at)
        except _NotCounted as failed:
            moved = 0
            log.exception("case %s after an import of days", failed.args[0])
            with database.transaction() as db:
                _pass_over(db, import_id, int(failed.args[0]), failed.__cause__, at=at)
        yield moved


def again(db: Session, ref: str, *, by: Actor) -> None:
    """Let an import be counted once more from its first case, as after mending one that failed. Raises NotFound."""
    row = db.scalar(select(DayImport).where(DayImport.ref == ref, DayImport.bureau_id == by.bureau_id))
    if row is None:
        raise NotFound(words("There is no such import."))
    row.counted_to, row.failed, row.finished_at = 0, [], None
    db.flush()


def _unfinished(database: Database) -> int | None:
    with database.reading() as db:
        query = select(DayImport.id).where(DayImport.finished_at.is_(None))
        return db.scalar(query.order_by(DayImport.id).limit(1))


def _go_on(db: Session, import_id: int, *, at: datetime) -> int:
    """The next cases, up to the first in which something moves; its row is held, so that nobody counts beside."""
    row = _held(db, import_id)
    if row is None or row.finished_at is not None:
        return 0
    by = actor_of(db, row.by_id)
    days = db.scalars(select(DayRow.day).where(DayRow.import_id == row.id))
    touched = Touched(frozenset(days), row.year)
    waiting = list(db.scalars(_waiting(row)))
    for case_id in waiting:
        moves = _counted(db, case_id, touched, by, at)
        row.counted_to = case_id
        if moves:
            later = sum(not move.shorter for move in moves)
            row.moved, row.kept = row.moved + later, row.kept + len(moves) - later
            return later
    if len(waiting) < AT_ONCE:
        row.finished_at = at
    return 0


def _counted(db: Session, case_id: int, touched: Touched, by: Actor, at: datetime) -> list[RecountedDeadline]:
    try:
        return recount(db, case_id, touched, by=by, at=at)
    except Exception as cause:
        raise _NotCounted(case_id) from cause


def _waiting(row: DayImport) -> Select[int]:
    here = Case.bureau_id == row.bureau_id, Case.closed_at.is_(None)
    between = Case.id > row.counted_to, Case.id <= row.last_case_id
    return select(Case.id).where(*here, *between).order_by(Case.id).limit(AT_ONCE)


def _pass_over(db: Session, import_id: int, case_id: int, cause: BaseException | None, *, at: datetime) -> None:
    row = _held(db, import_id)
    if row is None:
        return
    said = cause if isinstance(cause, Refusal) else Refusal(words("An internal error stopped this case."))
    failing.fail(db, case_id, said, at=at)
    row.counted_to, row.failed = case_id, [*row.failed, case_id]


def _held(db: Session, import_id: int) -> DayImport | None:
    query = select(DayImport).where(DayImport.id == import_id).with_for_update()
    return db.scalar(query.execution_options(populate_existing=True))
