"""Definition files as they are handed out."""

from __future__ import annotations

from app.db import Session
from app.definitions.releases import files_in
from app.deployment import proposing
from app.errors import NotFound, words
from app.people.access import Actor
from app.web.studio.page import Studio


def release_file(db: Session, room: Studio, number: str, path: str) -> bytes:
    """A file of a release of this bureau; only what its manifest names can be asked for. Raises NotFound."""
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise NotFound(words("There is no such release."))
    manifest = room.shelf.issue(int(number)).manifest
    if path not in manifest:
        raise NotFound(words("This release has no such file."))
    return files_in(db, {path: manifest[path]})[path]


def proposal_file(db: Session, ref: str, path: str, *, by: Actor) -> bytes:
    """A file as it is proposed. Raises NotFound."""
    manifest = proposing.proposal(db, ref, by=by).manifest
    if path not in manifest:
        raise NotFound(words("This proposal has no such file."))
    return files_in(db, {path: manifest[path]})[path]
