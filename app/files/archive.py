"""Archives: opened within bounds, before anything in them is unpacked; every entry where it says it is."""

from __future__ import annotations

import stat
import zipfile
import zlib
from io import BytesIO

from app.errors import words
from app.files import faults

MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_RATIO = 100
SMALL = 10 * 1024 * 1024
"""Below this, dense content may be packed as tightly as it will."""
LOCAL_HEADER = 30
CHUNK = 1024 * 1024


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, whose entries all may be read with `read`. Raises Invalid."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise faults.damaged() from None
    entries = archive.infolist()
    if not entries:
        raise faults.fault(words("This archive is empty."), "file.empty")
    if len(entries) > MOST_ENTRIES:
        raise faults.bomb()
    _refuse_names(entries)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise faults.encrypted()
    _refuse_overlaps(entries, data)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * len(data)):
        raise faults.bomb()
    return archive


def read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """An entry's bytes, no more than it has declared. Raises Invalid."""
    parts, size = [], 0
    try:
        with archive.open(entry) as source:
            while chunk := source.read(CHUNK):
                parts.append(chunk)
                size += len(chunk)
                if size > entry.file_size:
                    raise faults.bomb()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        raise faults.damaged() from None
    return b"".join(parts)


def _refuse_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    odd = any(
        name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/") for name in names
    )
    links = any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries)
    if odd or links or len({name.casefold() for name in names}) < len(names):
        raise faults.fault(
            words("This archive has entries whose names lead elsewhere or stand twice. Pack it anew."), "file.names"
        )


def _refuse_overlaps(entries: list[zipfile.ZipInfo], data: bytes) -> None:
    """Entries that share their bytes unpack to more than there is; bytes before the first are another file."""
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    if places[0][0] != 0 or not data.startswith(b"PK"):
        raise faults.two_faced()
    for (start, size), (following, _) in zip(places, places[1:], strict=False):
        if start + LOCAL_HEADER + size > following:
            raise faults.bomb()
