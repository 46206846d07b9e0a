"""Kinds of files: what each is called, and how its content shows it within the first 1,024 bytes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

HEAD = 1024
"""PDF readers look for the header so far into the file; so do we."""
MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name, its media type, the endings that it may have."""

    name: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",)),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg")),
        Kind("png", "image/png", ("png",)),
        Kind("webp", "image/webp", ("webp",)),
        Kind("heic", "image/heic", ("heic", "heif")),
        Kind("docx", _OFFICE + "wordprocessingml.document", ("docx",)),
        Kind("xlsx", _OFFICE + "spreadsheetml.sheet", ("xlsx",)),
        Kind("doc", "application/msword", ("doc",)),
        Kind("wps", "application/vnd.ms-works", ("wps",)),
        Kind("ofd", "application/ofd", ("ofd",)),
        Kind("txt", "text/plain", ("txt",)),
        Kind("mp4", "video/mp4", ("mp4",)),
        Kind("m4a", "audio/mp4", ("m4a",)),
        Kind("zip", "application/zip", ("zip",)),
    )
}
USUAL = ("pdf", "jpg", "png", "webp", "heic", "docx", "xlsx", "doc", "wps", "ofd", "txt")
"""What a field takes whose pack says nothing else."""
IMAGES = frozenset(("jpg", "png", "webp", "heic"))
HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"))
_STARTS = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"GIF8", "gif"), (b"MZ", "exe"), (b"\x7fELF", "exe"),
    (b"{\\rtf", "rtf"), (b"Rar!", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gz"), (b"BM", "bmp"),
    (b"II*\x00", "tif"), (b"MM\x00*", "tif"),
)  # fmt: skip


def family(data: bytes) -> str:
    """The format by content: a kind's name, `ole` for compound files, another format's name, or "" (perhaps text)."""
    head = data[:HEAD]
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in HEIF_BRANDS else "m4a" if head[8:11] == b"M4A" else "mp4"
    return "pdf" if b"%PDF-" in head else ""


def ending_of(name: str) -> str:
    """The last part of a file's name, in small letters."""
    return name.rpartition(".")[2].lower()


def kind_of_name(name: str) -> Kind | None:
    """The kind that a name claims by its ending."""
    ending = ending_of(name)
    return next((kind for kind in KINDS.values() if ending in kind.endings), None)


def kind_of_media(media_type: str) -> str:
    """The name of the kind with that media type; "" where there is none."""
    return next((kind.name for kind in KINDS.values() if kind.media_type == media_type), "")


def endings(kinds: Collection[str]) -> str:
    """The endings of these kinds, as people read them."""
    return ", ".join(ending for kind in KINDS.values() if kind.name in kinds for ending in kind.endings)
