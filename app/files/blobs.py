"""Bytes of files: each content once, under its SHA-256; written beside and moved, deleted so that none is lost."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

BEING_DELETED = ".away"


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of a digest lie."""
    return folder / "files" / sha256[:2] / sha256


def store(folder: Path, data: bytes) -> str:
    """Keep the bytes and return their digest. What is there already is touched, so that no sweep takes it."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(folder, sha256)
    try:
        os.utime(path)
    except FileNotFoundError:
        _write(path, data)
    return sha256


def all_digests(folder: Path) -> Iterator[str]:
    """The digests of everything that is kept."""
    for path in sorted((folder / "files").glob("??/*")):
        if len(path.name) == hashlib.sha256().digest_size * 2:
            yield path.name


def is_older(folder: Path, sha256: str, than: datetime) -> bool:
    """Whether nobody has uploaded these bytes since."""
    try:
        return path_of(folder, sha256).stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        return False


def delete(folder: Path, sha256: str, is_used: Callable[[], bool], than: datetime) -> bool:
    """Delete bytes that no row names. They are moved aside first and put back where somebody has used them meanwhile.

    An upload of the same bytes either touches them before the move, which is seen after it, or no longer finds them
    and writes them anew.
    """
    path = path_of(folder, sha256)
    aside = path.with_name(path.name + BEING_DELETED)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if is_used() or aside.stat().st_mtime >= than.timestamp():
        aside.rename(path)
        return False
    aside.unlink()
    return True


def _write(path: Path, data: bytes) -> None:
    """Written beside and moved into place, so that a file under its digest is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(made).replace(path)
