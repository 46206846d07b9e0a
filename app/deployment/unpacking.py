"""Files from outside before anything reads them: bounded, archives opened with care, names judged."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.definitions import rows
from app.errors import Finding, Words, words

MOST_BYTES = 2 * 1024 * 1024
MOST_IN_ALL = 8 * 1024 * 1024
MOST_FILES = 200
MOST_RATIO = 100
"""How many times its packed size a file may grow; XML and JSON that people write grow less than thirty times."""
ENDINGS = (".bpmn", ".dmn", ".form", rows.ENDING)
ABOUT = "pack.yaml"
ARCHIVE = ".zip"
LONGEST_NAME = 200


BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
)
"""What a damaged archive makes the library raise."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name is shown and gives kind and hints, but never a path."""

    name: str
    data: bytes

    @property
    def stem(self) -> str:
        """The name without folder and ending."""
        return PurePosixPath(self.name).stem

    @property
    def folder(self) -> str:
        """The folder that held it in its archive; empty where there is none."""
        return PurePosixPath(self.name).parent.name


def unpacked(uploads: Iterable[Upload]) -> tuple[list[Upload], list[Finding]]:
    """All files, those of archives among them, and what had to be refused of them."""
    found: list[Upload] = []
    refused: list[Finding] = []
    for one in uploads:
        if not is_plain(one.name):
            refused.append(_refuse(one.name, "file.name", words("A file cannot have such a name.")))
        elif one.name.lower().endswith(ARCHIVE):
            _open(one, found, refused)
        else:
            found.append(one)
    found, unfit = _fit(found)
    return found, refused + unfit


def is_plain(name: str) -> bool:
    """Whether a name is a relative path that people can read: no way up, no drive, no hidden or turning signs."""
    parts = name.split("/")
    odd = not name.isprintable() or "\\" in name or ":" in name or len(name) > LONGEST_NAME
    return not odd and all(part not in ("", ".", "..") and part == part.strip() for part in parts)


def _fit(files: list[Upload]) -> tuple[list[Upload], list[Finding]]:
    fit: list[Upload] = []
    refused = []
    for one in files:
        if fault := _unfit(one):
            refused.append(fault)
        else:
            fit.append(one)
    if sum(len(one.data) for one in fit) > MOST_IN_ALL or len(fit) > MOST_FILES:
        text = words("At most {count} files of {size} MB together.", count=MOST_FILES, size=MOST_IN_ALL >> 20)
        refused.append(Finding(text, "upload.size"))
        return [], refused
    return fit, refused


def _unfit(one: Upload) -> Finding | None:
    if PurePosixPath(one.name).name != ABOUT and not one.name.endswith(ENDINGS):
        text = words("Only .bpmn, .dmn, .form and .rows.yaml files, pack.yaml, and .zip archives of them are taken.")
        return _refuse(one.name, "file.kind", text)
    if len(one.data) > MOST_BYTES:
        text = words("This file is larger than {size} MB.", size=MOST_BYTES >> 20)
        return _refuse(one.name, "file.size", text)
    if not one.data.strip():
        return _refuse(one.name, "file.empty", words("This file is empty."))
    return None


def _open(archive: Upload, found: list[Upload], refused: list[Finding]) -> None:
    """Nothing of an archive is taken when any of it is out of bounds; sizes are counted while reading, not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
            faults = list(_out_of_bounds(archive.name, entries))
            if not faults:
                found += [Upload(one.filename, _read(opened, one)) for one in entries]
            refused += faults
    except _TooLarge:
        refused.append(_bomb(archive.name))
    except BROKEN:
        refused.append(_refuse(archive.name, "zip.broken", words("This archive cannot be opened.")))


def _out_of_bounds(name: str, entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    if len(entries) > MOST_FILES:
        yield _refuse(name, "zip.size", words("An archive may hold at most {count} files.", count=MOST_FILES))
        return
    if sum(one.file_size for one in entries) > MOST_IN_ALL:
        yield _bomb(name)
        return
    yield from filter(None, (_fault_of(f"{name}: {one.filename}", one) for one in entries))


def _fault_of(shown: str, entry: zipfile.ZipInfo) -> Finding | None:
    """Why one entry of an archive, and with it the archive, is not taken."""
    if not is_plain(entry.filename):
        return _refuse(shown, "file.name", words("A file cannot have such a name."))
    if entry.compress_type not in PACKED:
        return _refuse(shown, "zip.broken", words("This archive cannot be opened."))
    if entry.flag_bits & 1:
        return _refuse(shown, "zip.locked", words("An archive with a password is not taken."))
    if entry.filename.lower().endswith(ARCHIVE):
        return _refuse(shown, "zip.nested", words("An archive within an archive is not taken."))
    return _bomb(shown) if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) else None


class _TooLarge(Exception):  # noqa: N818 - raised and caught in this room only
    """An entry is larger than its archive says."""


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with opened.open(entry) as stream:
        data = stream.read(min(entry.file_size, MOST_IN_ALL) + 1)
    if len(data) > entry.file_size:
        raise _TooLarge
    return data


def _bomb(name: str) -> Finding:
    return _refuse(name, "zip.size", words("This archive would become too large when opened."))


def _refuse(name: str, rule: str, text: Words) -> Finding:
    shown = "".join(sign if sign.isprintable() else "�" for sign in name[:LONGEST_NAME])
    return Finding(text, rule, file=shown)
