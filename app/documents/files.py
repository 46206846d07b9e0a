"""Uploaded files: what may come in, where its bytes lie, and who may have it back."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.documents.models import File
from app.errors import Invalid, words
from app.people.models import new_ref

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
OFFICE = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MAGIC = {
    "pdf": (b"%PDF-", "application/pdf"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
}
KINDS = (*MAGIC, *OFFICE, "txt")


@dataclass(frozen=True)
class Upload:
    """What somebody sends in: the name that it had, and its bytes."""

    name: str
    data: bytes


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


def safe_name(name: str) -> str:
    """The last part of a name, without signs that a header or a file system would read otherwise."""
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"/|?*\u202e\u202d')
    stem, dot, extension = plain.strip().rpartition(".")
    return f"{stem[:150]}{dot}{extension[:10]}" or "file"


def media_type_of(upload: Upload) -> str:
    """The type that both the name and the bytes agree on. Raises Invalid."""
    if len(upload.data) > MOST_BYTES:
        raise Invalid(words("A file may have 50 MB at most."))
    if not upload.data:
        raise Invalid(words("This file is empty."))
    extension = upload.name.rpartition(".")[2].lower()
    if extension in MAGIC and upload.data.startswith(MAGIC[extension][0]):
        return MAGIC[extension][1]
    if extension in OFFICE and _is_office(upload.data, OFFICE[extension][0]):
        return OFFICE[extension][1]
    if extension == "txt" and _is_text(upload.data):
        return "text/plain"
    if extension in KINDS:
        raise Invalid(words("The content of this file is not what its name says."))
    raise Invalid(words("Only these files can be taken: {kinds}.", kinds=", ".join(KINDS)))


def _is_office(data: bytes, part: str) -> bool:
    """A whole zip with that part, no macros, not blown up beyond reason."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            unpacked = sum(info.file_size for info in archive.infolist())
            macros = any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names)
            return part in names and not macros and unpacked <= MOST_UNPACKED
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return "\x00" not in data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return False


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
