"""Copies that leave: without metadata, made once a content, kept by digest; or none, and then the file is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Invalid
from app.files import blobs, clean_images, clean_office, clean_pdf
from app.files.kinds import IMAGES, kind_of_media
from app.files.models import Copy, File

CLEANABLE = frozenset((*IMAGES, "pdf", "docx", "xlsx", "txt"))
"""Kinds of which a copy without metadata can be made; others are held until the bureau releases them."""


@dataclass(frozen=True)
class Made:
    """A copy: its bytes' digest and kind; `sha256` is None where none could be made."""

    sha256: str | None
    kind: str
    size: int


def copy_of(database: Database, folder: Path, file: File, *, at: datetime) -> Made:
    """The copy of a file, made now where it is not there yet: outside any transaction, then one row."""
    with database.reading() as db:
        known = found(db, file.sha256)
    if known is not None:
        return known
    made = make(folder, file.sha256, kind_of_media(file.media_type))
    with database.transaction() as db:
        dialect = postgresql if database.engine.dialect.name == "postgresql" else sqlite
        row = {"original": file.sha256, "sha256": made.sha256, "kind": made.kind, "size": made.size, "made_at": at}
        db.execute(dialect.insert(Copy).values(**row).on_conflict_do_nothing())
    return made


def found(db: Session, original: str) -> Made | None:
    """The copy that was made of these bytes; one statement."""
    row = db.execute(select(Copy.sha256, Copy.kind, Copy.size).where(Copy.original == original)).first()
    return Made(*row) if row else None


def make(folder: Path, original: str, kind: str) -> Made:
    """Make a copy of kept bytes and keep it; one without a digest where no copy can be vouched for."""
    if kind not in CLEANABLE:
        return Made(None, kind, 0)
    try:
        data, kind = cleaned(blobs.path_of(folder, original).read_bytes(), kind)
    except Invalid:
        return Made(None, kind, 0)
    return Made(blobs.store(folder, data), kind, len(data))


def cleaned(data: bytes, kind: str) -> tuple[bytes, str]:
    """The bytes without metadata, and their kind. Raises Invalid."""
    if kind in IMAGES:
        return clean_images.clean(data, kind)
    return _CLEANERS[kind](data), kind


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "pdf": clean_pdf.clean,
    "docx": clean_office.clean,
    "xlsx": clean_office.clean,
    "txt": lambda data: data,
}
