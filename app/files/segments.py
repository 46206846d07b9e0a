"""Segments of pictures within documents: those that carry metadata are cut out, the coded pixels stay as they are."""

from __future__ import annotations

import struct

START, END, SCAN = b"\xff\xd8", 0xD9, 0xDA
ADOBE = 0xEE
"""Its transform says how the colours are to be read."""
COMMENT = 0xFE
APPLICATIONS = range(0xE0, 0xF0)
PNG_START = 8
PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"bKGD", b"sBIT")
)
JPX_DROPPED = frozenset((b"xml ", b"uuid", b"uinf", b"jp2i", b"asoc", b"free", b"skip"))


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without application segments and comments, but for the one that its colours need; cut after its end."""
    if not data.startswith(START):
        return data
    kept, at = [START], len(START)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == SCAN:
            end = data.rfind(bytes((0xFF, END)))
            return b"".join((*kept, data[at : end + 2] if end > at else data[at:]))
        if marker == 0xFF:
            at += 1
            continue
        if marker == ADOBE or not (marker in APPLICATIONS or marker == COMMENT):
            kept.append(data[at : at + 2 + size])
        at += 2 + size
    return data[:0]


def bare_png(data: bytes) -> bytes:
    """A PNG of those chunks only that its pixels need; cut after its end."""
    kept, at = [data[:PNG_START]], PNG_START
    while at + 12 <= len(data):
        (size,), name = struct.unpack("!I", data[at : at + 4]), data[at + 4 : at + 8]
        if name in PNG_KEPT:
            kept.append(data[at : at + 12 + size])
        at += 12 + size
        if name == b"IEND":
            break
    return b"".join(kept)


def bare_jpeg2000(data: bytes) -> bytes:
    """A JPEG 2000 file without its boxes of metadata; a bare code stream stays."""
    kept, at = [], 0
    if data[4:8] != b"jP  ":
        return data
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        size = len(data) - at if size == 0 else int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size
        if size < 8:
            break
        if name not in JPX_DROPPED:
            kept.append(data[at : at + size])
        at += size
    return b"".join(kept)
