"""PDF: opened whole, and refused where it runs, starts, embeds or hides something."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from app.files import faults
from app.files.kinds import HEAD

MOST_OBJECTS = 2_000_000
MOST_STREAM = 20 * 1024 * 1024
MOST_RATIO = 100
BEFORE_STREAM = 2048
_STREAM = re.compile(rb"stream\r?\n")
_RUNNING_KEYS = ("/JS", "/XFA", "/RichMediaContent", "/RichMediaSettings")
_EMBEDDING_KEYS = ("/EF", "/EmbeddedFiles", "/AF")
_RUNNING_ACTIONS = frozenset(("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/GoToR"))
_RUNNING_NOTES = frozenset(("/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"))


def inspect(data: bytes) -> None:
    """Refuse a PDF that is damaged, encrypted, a bomb, or does more than show its pages. Raises Invalid."""
    _refuse_other_beginning(data[: data.index(b"%PDF-", 0, HEAD + 5)])
    _refuse_bombs(data)
    with opened(data) as document:
        if document.is_encrypted:
            raise faults.encrypted()
        if not len(document.pages):
            raise faults.damaged()
        for one in dictionaries(document):
            _refuse_active(one)


def opened(data: bytes) -> Pdf:
    """The document. Raises Invalid."""
    try:
        return Pdf.open(BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise faults.encrypted() from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise faults.damaged() from None


def dictionaries(document: Pdf) -> Iterator[Object]:
    """Every dictionary of a document, those of streams and those within others too. Raises Invalid beyond a bound."""
    waiting: list[Object] = [*document.objects, document.trailer]
    seen = 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if seen > MOST_OBJECTS:
            raise faults.bomb()
        if isinstance(one, Dictionary | Stream):
            yield one
            parts = [one[key] for key in list(one.keys())]
        elif isinstance(one, Array):
            parts = list(one)
        else:
            continue
        waiting += [each for each in parts if isinstance(each, Dictionary | Array) and not each.is_indirect]


def _refuse_active(one: Object) -> None:
    keys = set(one.keys())
    if keys.intersection(_RUNNING_KEYS) or _named(one, "/S") in _RUNNING_ACTIONS:
        raise faults.active()
    kind = _named(one, "/Subtype")
    if kind in _RUNNING_NOTES:
        raise faults.active()
    if keys.intersection(_EMBEDDING_KEYS) or kind == "/FileAttachment" or _named(one, "/Type") == "/EmbeddedFile":
        raise faults.objects()


def _named(one: Object, key: str) -> str:
    return str(one[key]) if key in one else ""


def _refuse_other_beginning(before: bytes) -> None:
    """Before the header may stand a byte-order mark, blanks, a printer's words; no other kind of file."""
    if (
        re.match(rb"(PK|GIF8|\xff\xd8|MZ|\x89PNG|\{\\rtf|Rar!|7z|\x7fELF|RIFF|BM|#!|\xd0\xcf)", before)
        or b"<" in before
    ):
        raise faults.two_faced()


def _refuse_bombs(data: bytes) -> None:
    """Packed streams are unpacked by piece, up to a bound; the pixels of pictures are for the viewer to bound."""
    for found in _STREAM.finditer(data):
        about = data[max(0, found.start() - BEFORE_STREAM) : found.start()].rpartition(b"endobj")[2]
        if b"/FlateDecode" not in about and b"/Fl" not in about:
            continue
        size, rest = _unpacked(memoryview(data)[found.end() :])
        picture = b"/Image" in about and b"/ObjStm" not in about
        if size >= MOST_STREAM and not picture and size > MOST_RATIO * rest:
            raise faults.bomb()


def _unpacked(packed: memoryview) -> tuple[int, int]:
    """How many bytes a stream unpacks to, up to one more than the bound, and how many it took."""
    machine, size, at = zlib.decompressobj(), 0, 0
    try:
        while size < MOST_STREAM and not machine.eof and at < len(packed):
            piece = bytes(packed[at : at + 16384])
            size += len(machine.decompress(piece, MOST_STREAM))
            at += len(piece)
    except zlib.error:
        pass
    return size, at
