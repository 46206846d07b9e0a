"""Rows of files: one for each upload, who it belongs to, and which case it was sent in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.files import blobs, quota, scanner
from app.files.intake import Checked, Upload, check
from app.files.kinds import kind_of_media
from app.files.models import File
from app.files.quota import Quota
from app.people.models import new_ref

USUAL_BOUNDS = Quota()


def take_in(upload: Upload, *, virus_scanner: str = "") -> Checked:
    """Check an upload and have it scanned: before any transaction, for both take their time.

    Raises Invalid for what may not come in, Unavailable where the scanner does not answer.
    """
    checked = check(upload)
    scanner.scan(upload.data, virus_scanner)
    return checked


def keep(  # noqa: PLR0913 - the parts of one row
    db: Session, folder: Path, checked: Checked, *, bureau_id: int, by: int, at: datetime, bounds: Quota = USUAL_BOUNDS
) -> File:
    """Store a checked file for its uploader, its bytes once under their SHA-256. Raises Invalid beyond the quota."""
    quota.refuse_person(db, bounds, by=by, size=len(checked.data), at=at)
    file = File(
        ref=new_ref(),
        bureau_id=bureau_id,
        uploader_id=by,
        name=checked.name,
        media_type=checked.kind.media_type,
        size=len(checked.data),
        sha256=hashlib.sha256(checked.data).hexdigest(),
        uploaded_at=at,
        readers="",
    )
    db.add(file)
    db.flush()  # the row first: a sweep that sees the bytes sees who uses them
    blobs.store(folder, checked.data)
    return file


def bind(db: Session, refs: Collection[str], *, case_id: int, by: int, readers: Collection[str]) -> list[str] | None:
    """Give freshly uploaded files of this person to a case and its readers; their kinds.

    None where one is not theirs to give.
    """
    if not refs:
        return []
    mine = File.ref.in_(refs), File.uploader_id == by, (File.case_id.is_(None) | (File.case_id == case_id))
    given = update(File).where(*mine).values(case_id=case_id, readers=" ".join(readers))
    media_types = list(db.scalars(given.returning(File.media_type)))
    return [kind_of_media(one) for one in media_types] if len(media_types) == len(set(refs)) else None


def names_of(db: Session, refs: Collection[str], *, by: int) -> dict[str, str]:
    """Names of a person's own uploads, for the draft that names them."""
    if not refs:
        return {}
    query = select(File.ref, File.name).where(File.ref.in_(refs), File.uploader_id == by)
    return {ref: name for ref, name in db.execute(query)}
