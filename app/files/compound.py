"""Compound files (DOC, WPS): their streams are listed, and what runs, embeds or hides something is refused."""

from __future__ import annotations

import re
from io import BytesIO

import olefile  # type: ignore[import-untyped]

from app.errors import words
from app.files import faults

FIB_MAGIC = 0xA5EC
_ENCRYPTED = 0x0100
_FLAGS_AT = 10
_MACROS = frozenset(("macros", "vba", "_vba_project", "_vba_project_cur"))
_OBJECTS = frozenset(("objectpool", "\x01ole10native", "ole10native", "\x03ocxname"))
_FIELD_DDE = re.compile(rb"\x13\s*DDE(AUTO)?\b|\x13\x00(\s\x00)*D\x00D\x00E\x00", re.IGNORECASE)
_TEMPLATE = re.compile(
    rb"(h\x00t\x00t\x00p\x00s?\x00?:\x00/\x00/\x00|\\\x00\\\x00)([^\x00]\x00){3,200}?\.\x00d\x00o\x00t\x00"
)


def inspect(data: bytes) -> None:
    """Refuse a compound file that is no document, is encrypted, or holds macros, objects or command fields."""
    try:
        with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as compound:
            names = {part.lower() for path in compound.listdir(streams=True, storages=True) for part in path}
            streams = {path[0]: compound.openstream(path).read() for path in compound.listdir() if len(path) == 1}
    except (OSError, ValueError, TypeError, IndexError, MemoryError):
        raise faults.damaged() from None
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise faults.encrypted()
    if names & _MACROS:
        raise faults.macros()
    if names & _OBJECTS:
        raise faults.objects()
    _refuse_word(streams)


def _refuse_word(streams: dict[str, bytes]) -> None:
    text = streams.get("WordDocument")
    if text is None:
        raise faults.fault(
            words("Only text documents are taken in this old format. Save it as .docx, .xlsx or PDF."), "file.kind"
        )
    if len(text) < _FLAGS_AT + 2 or int.from_bytes(text[:2], "little") != FIB_MAGIC:
        raise faults.damaged()
    if int.from_bytes(text[_FLAGS_AT : _FLAGS_AT + 2], "little") & _ENCRYPTED:
        raise faults.encrypted()
    if _FIELD_DDE.search(text):
        raise faults.commands()
    if any(_TEMPLATE.search(stream) for stream in streams.values()):
        raise faults.outside()
    for stream in streams.values():
        faults.refuse_test_virus(stream)
