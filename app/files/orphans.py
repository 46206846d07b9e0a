"""Orphans: uploads that were never sent go after a day, and bytes that no row names any more with them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from app.db import Database
from app.files import blobs
from app.files.models import Copy, File

KEPT = timedelta(days=1)
AT_ONCE = 200
"""Rows in one transaction, so that a sweep holds nobody up."""


Named = Callable[[Session, Collection[int]], Collection[str]]
"""Which refs of files the drafts of these people still name."""


def sweep(database: Database, folder: Path, now: datetime, *, named: Named = lambda db, people: ()) -> int:
    """Remove what was uploaded more than a day ago, never sent and named by no draft; returns how many uploads went."""
    before = now - KEPT
    with database.reading() as db:
        unsent = select(File.ref, File.uploader_id).where(File.case_id.is_(None), File.uploaded_at < before)
        found = dict(db.execute(unsent.order_by(File.id)).tuples().all())
        wanted = frozenset(named(db, frozenset(found.values()))) if found else frozenset()
        refs = [ref for ref in found if ref not in wanted][:AT_ONCE]
    if refs:
        with database.transaction() as db:
            db.execute(delete(File).where(File.ref.in_(refs), File.case_id.is_(None)))
    _sweep_bytes(database, folder, before)
    return len(refs)


def _sweep_bytes(database: Database, folder: Path, before: datetime) -> None:
    with database.reading() as db:
        used = set(db.scalars(select(File.sha256))) | set(db.scalars(select(Copy.sha256).where(_is_needed())))
    loose = [one for one in blobs.all_digests(folder) if one not in used and blobs.is_older(folder, one, before)]
    for sha256 in loose:
        blobs.delete(folder, sha256, lambda sha256=sha256: _is_used(database, sha256), before)  # type: ignore[misc]
    with database.transaction() as db:
        db.execute(delete(Copy).where(~_is_needed()))


def _is_needed() -> ColumnElement[bool]:
    return exists().where(File.sha256 == Copy.original)


def _is_used(database: Database, sha256: str) -> bool:
    """Asked again once the bytes are out of reach, for an upload may have come meanwhile."""
    with database.reading() as db:
        return _names(db, sha256)


def _names(db: Session, sha256: str) -> bool:
    uploaded = exists().where(File.sha256 == sha256)
    copied = exists().where(Copy.sha256 == sha256, _is_needed())
    return bool(db.scalar(select(or_(uploaded, copied))))
