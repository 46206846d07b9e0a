"""Intake of files: what may come in, told by its content, and refused in words that say what to do."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from app.errors import Invalid, words

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
