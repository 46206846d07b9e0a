"""Tidying: once an hour, uploads that nobody has sent for a day go, with the bytes that nothing names any more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import files
from app.cases import drafts
from app.cases.models import Draft
from app.clock import Clock
from app.db import Database

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600


def tidy(database: Database, folder: Path, now: datetime) -> int:
    """Remove orphans; what somebody's draft names stays. Returns how many uploads went."""
    return files.sweep(database, folder, now, named=in_drafts)


def in_drafts(db: Session, people: Collection[int]) -> frozenset[str]:
    """Every text in the drafts of these people: a ref of a file among them is still wanted."""
    holders = db.scalars(select(Draft.person_id).where(Draft.person_id.in_(people)).distinct())
    return frozenset(text for person in holders for text in drafts.texts_of(db, person))


def keep_tidy(database: Database, folder: Path, clock: Clock, over: threading.Event) -> None:
    """Tidy until the end; a fault is logged, and the next hour comes all the same."""
    while not over.is_set():
        try:
            tidy(database, folder, clock.now())
        except Exception:
            log.exception("uploads could not be tidied")
        over.wait(EVERY_SECONDS)
