"""Recordings (MP4, M4A): a chain of boxes that ends where the file ends, with the box that describes them."""

from __future__ import annotations

from app.files import faults

HEADER, LONG_HEADER = 8, 16


def inspect(data: bytes) -> None:
    """Refuse a recording that is cut off, or is something else behind its first bytes. Raises Invalid."""
    at, names = 0, set()
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + HEADER]
        if size == 1:
            size = int.from_bytes(data[at + HEADER : at + LONG_HEADER], "big")
        elif size == 0:
            size = len(data) - at
        if size < HEADER or at + size > len(data):
            raise faults.damaged()
        names.add(name)
        at += size
    if b"moov" not in names or b"mdat" not in names:
        raise faults.damaged()
