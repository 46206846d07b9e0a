"""Storage of files: bytes once under their digest, a row for each upload, and who it belongs to."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.files.intake import Upload, media_type_of, safe_name
from app.files.models import File
from app.people.models import new_ref


def keep(db: Session, folder: Path, upload: Upload, *, bureau_id: int, by: int, at: datetime) -> File:
    """Store a file for its uploader, its bytes once under their SHA-256. Raises Invalid for what may not come in."""
    media_type = media_type_of(upload)
    sha256 = hashlib.sha256(upload.data).hexdigest()
    _store(path_of(folder, sha256), upload.data)
    file = File(
        ref=new_ref(),
        bureau_id=bureau_id,
        uploader_id=by,
        name=safe_name(upload.name),
        media_type=media_type,
        size=len(upload.data),
        sha256=sha256,
        uploaded_at=at,
        readers="",
    )
    db.add(file)
    db.flush()
    return file


def bind(db: Session, refs: Collection[str], *, case_id: int, by: int, readers: Collection[str]) -> bool:
    """Give freshly uploaded files of this person to a case and its readers; False where one is not theirs to give."""
    if not refs:
        return True
    mine = File.ref.in_(refs), File.uploader_id == by, (File.case_id.is_(None) | (File.case_id == case_id))
    bound = db.execute(update(File).where(*mine).values(case_id=case_id, readers=" ".join(readers)))
    return bool(bound.rowcount == len(set(refs)))  # type: ignore[attr-defined]


def found(db: Session, ref: str) -> File | None:
    """The row of a file; whoever asks must still be checked."""
    return db.scalar(select(File).where(File.ref == ref))


def of_case(db: Session, case_id: int) -> Mapping[str, File]:
    """Every file that was sent in a case, by ref; one statement."""
    return {file.ref: file for file in db.scalars(select(File).where(File.case_id == case_id))}


def names_of(db: Session, refs: Collection[str], *, by: int) -> dict[str, str]:
    """Names of a person's own uploads, for the draft that names them."""
    if not refs:
        return {}
    query = select(File.ref, File.name).where(File.ref.in_(refs), File.uploader_id == by)
    return {ref: name for ref, name in db.execute(query)}


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of a digest lie."""
    return folder / "files" / sha256[:2] / sha256


def _store(path: Path, data: bytes) -> None:
    """Written beside and moved into place, so that a file under its digest is always whole."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(made).replace(path)
