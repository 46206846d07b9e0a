"""The sweep: everything that is due at one instant, in due order; several may run at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select

from app.cases import recounting
from app.cases.models import Draft, Task
from app.db import Database
from app.jobs.messages import deliver_all
from app.jobs.timers import fire_next, next_due

log = logging.getLogger(__name__)


def sweep(database: Database, now: datetime, *, going: Callable[[], bool] = lambda: True) -> int:
    """Do everything that is due at `now`, in due order; returns how many things were done.

    `going` is asked between two turns whether to go on.
    """
    _finish_imports(database, now, going)
    done = deliver_all(database, now)
    if next_due(database, now) is not None:  # looked up without a lock: a sweep with nothing to do stops nobody
        while going() and (fired := fire_next(database, now)) is not None:
            done += fired.timers + (deliver_all(database, now) if fired.messages else 0)
    clear_drafts(database)
    return done


def _finish_imports(database: Database, now: datetime, going: Callable[[], bool]) -> None:
    """First of all: a timer that moves with the calendar must not fire at its old date."""
    try:
        recounting.finish(database, now, going=going)
    except Exception:  # timers wait for nobody's import
        log.exception("import of days")


def clear_drafts(database: Database) -> None:
    """Drafts of tasks that are done hold personal data for nothing."""
    ended = select(Task.id).where(Task.id == Draft.task_id, Task.closed_at.is_not(None)).exists()
    with database.reading() as db:
        stale = db.scalar(select(Draft.task_id).where(ended).limit(1))
    if stale is not None:
        with database.transaction() as db:
            db.execute(delete(Draft).where(ended))
