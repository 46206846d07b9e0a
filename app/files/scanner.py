"""The virus scanner: clamd over its socket, asked with the bytes themselves (INSTREAM); no file of ours is named."""

from __future__ import annotations

import socket
import struct

from app.errors import Unavailable, words
from app.files import faults

CHUNK = 64 * 1024
SECONDS = 30
MOST_ANSWER = 4096


def scan(data: bytes, address: str) -> None:
    """Ask the scanner at `unix:/path` or `tcp:host:port`; empty: none is set up, and nothing is asked.

    Raises Invalid where it has found something, Unavailable where it does not answer: nothing comes in unscanned.
    """
    if not address:
        return
    try:
        answer = _asked(data, address)
    except (OSError, ValueError):
        raise _unreachable() from None
    said = answer.rstrip(b"\0\n").decode("ascii", "replace")
    if said.endswith(" FOUND"):
        raise faults.virus(said.removeprefix("stream: ").removesuffix(" FOUND"))
    if not said.endswith(" OK"):
        raise _unreachable()


def _asked(data: bytes, address: str) -> bytes:
    with _connected(address) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for at in range(0, len(data), CHUNK):
            piece = data[at : at + CHUNK]
            scanner.sendall(struct.pack("!I", len(piece)) + piece)
        scanner.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER and (more := scanner.recv(MOST_ANSWER)):
            answer += more
    return answer


def _connected(address: str) -> socket.socket:
    kind, _, place = address.partition(":")
    if kind == "unix":
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(SECONDS)
        try:
            made.connect(place)
        except OSError:
            made.close()
            raise
        return made
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _unreachable() -> Unavailable:
    return Unavailable(
        words("The virus scanner does not answer, so no file can be taken just now. Please try again in a few minutes.")
    )
