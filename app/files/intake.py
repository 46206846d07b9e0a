"""Intake of files: the kind told by content, then the structure opened; refused in words that say what to do."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from app.errors import Invalid, words
from app.files import archive, compound, faults, images, media, office, pdf
from app.files.kinds import IMAGES, KINDS, MOST_BYTES, Kind, ending_of, endings, family, kind_of_name

_DRAWN = frozenset(("svg", "html", "htm", "xhtml", "xml", "mht", "mhtml"))
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(r"^\s*(<[!?a-zA-Z]|\{\\rtf|#!|%!PS|MIME-Version:)", re.IGNORECASE)
_WITHIN = frozenset(KINDS) - {"zip"}


@dataclass(frozen=True)
class Upload:
    """What somebody sends in: the name that it had, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Checked:
    """An upload that may come in: under a safe name, of a kind that its content bears out."""

    name: str
    data: bytes
    kind: Kind


def check(upload: Upload, kinds: Collection[str] = tuple(KINDS)) -> Checked:
    """The upload, once its structure has been opened and nothing found. Raises Invalid; no database, no network."""
    if len(upload.data) > MOST_BYTES:
        raise faults.fault(words("A file may have 50 MB at most."), "file.size")
    if not upload.data:
        raise faults.fault(words("This file is empty."), "file.empty")
    faults.refuse_test_virus(upload.data)
    kind = _kind(upload, kinds)
    _inspect(upload.data, kind.name)
    return Checked(safe_name(upload.name), upload.data, kind)


def _kind(upload: Upload, kinds: Collection[str]) -> Kind:
    """The kind that both the name and the content say."""
    claimed = kind_of_name(upload.name)
    if claimed is None or claimed.name not in kinds:
        raise _not_taken(ending_of(upload.name), kinds)
    found = family(upload.data)
    if found == "zip":
        found = _packed(upload.data)
    elif found == "ole":
        found = _compound(upload.data, claimed)
    elif not found and claimed.name == "txt":
        found = "txt"
    if found != claimed.name:
        raise faults.fault(
            words(
                "The content of this file is not what its name says. "
                "Save it with a program of its kind as .{ending}, do not only rename it.",
                ending=ending_of(upload.name),
            ),
            "file.kind",
        )
    return claimed


def _not_taken(ending: str, kinds: Collection[str]) -> Invalid:
    taken = endings(kinds)
    if ending in _DRAWN:
        text = words("Web pages and drawings (SVG) are not taken. Print it as PDF. Taken are: {kinds}.", kinds=taken)
    elif ending in ("docm", "xlsm", "dotm", "xltm"):
        text = words("This file holds macros. Save it without macros (as .docx or .xlsx) and upload that.")
    else:
        text = words("Only these files can be taken: {kinds}.", kinds=taken)
    return faults.fault(text, "file.kind")


def _packed(data: bytes) -> str:
    """What an archive is: an office package, an OFD, or an archive and nothing else."""
    names = set(archive.opened(data).namelist())
    return office.kind_of(names) or ("ofd" if "OFD.xml" in names else "zip")


def _compound(data: bytes, claimed: Kind) -> str:
    """A document of an old format; a new one with a password is compound too."""
    compound.inspect(data)
    return claimed.name if claimed.name in ("doc", "wps") else "ole"


def _inspect(data: bytes, kind: str) -> None:
    if kind not in _PACKED and kind != "txt" and _is_archive(data):
        raise faults.two_faced()
    if kind in IMAGES:
        images.inspect(data, kind)
    elif kind in office.MAIN:
        office.inspect(data, kind)
    elif inspect := _INSPECTORS.get(kind):
        inspect(data)


def _is_archive(data: bytes) -> bool:
    """Whether an unpacking program would find entries in it."""
    try:
        return bool(zipfile.ZipFile(BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False


def _inspect_ofd(data: bytes) -> None:
    package = archive.opened(data)
    for entry in package.infolist():
        content = archive.read(package, entry)
        faults.refuse_test_virus(content)
        if family(content) == "exe" or ending_of(entry.filename) in ("exe", "js", "html", "htm", "bat", "vbs"):
            raise faults.objects()
        if entry.filename.lower().endswith(".xml"):
            office.parsed(content)


def _inspect_zip(data: bytes) -> None:
    """Every file in an archive is looked at as if it had been sent alone; archives within archives are refused."""
    package = archive.opened(data)
    for entry in package.infolist():
        if entry.is_dir():
            continue
        try:
            check(Upload(entry.filename, archive.read(package, entry)), _WITHIN)
        except Invalid as refused:
            name = safe_name(entry.filename)
            text = words('In the archive, "{name}": {why}', name=name, why=refused.words)
            raise faults.fault(text, refused.findings[0].rule) from None


def _inspect_text(data: bytes) -> None:
    text = _decoded(data)
    if text is None or _CONTROLS.search(text):
        raise faults.fault(
            words("This is no plain text. Save it as plain text (UTF-8), or upload it in its own format."), "file.text"
        )
    if _MARKUP.search(text):
        raise faults.fault(words("This is a web page or a script, not a plain text. Print it as PDF."), "file.text")


def _decoded(data: bytes) -> str | None:
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def safe_name(name: str) -> str:
    """The last part of a name, without characters that a header, a reader or a file system would read otherwise."""
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(one for one in last if one.isprintable() and one not in '<>:"/|?*')
    stem, dot, extension = plain.strip().rpartition(".")
    return f"{stem[:150]}{dot}{extension[:10]}" or "file"


_PACKED = frozenset((*office.MAIN, "ofd", "zip"))
_INSPECTORS: dict[str, Callable[[bytes], None]] = {
    "pdf": pdf.inspect,
    "ofd": _inspect_ofd,
    "zip": _inspect_zip,
    "mp4": media.inspect,
    "m4a": media.inspect,
    "txt": _inspect_text,
}
