"""Definition files as they are handed out: to keep, and to the diagram's island."""

from __future__ import annotations

from flask import Response, url_for

from app.db import Session
from app.definitions.releases import files_in
from app.deployment import proposing
from app.errors import NotFound, words
from app.people.access import Actor
from app.web.studio.page import Room


def attachment(data: bytes, path: str) -> Response:
    """A file that is never shown by the browser itself, whatever is in it."""
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=path.rpartition("/")[2])
    return answer


def of_release(db: Session, room: Room, number: str, path: str) -> bytes:
    """A file of a release of this bureau; only what its manifest names can be asked for. Raises NotFound."""
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise NotFound(words("There is no such release."))
    manifest = room.shelf.issue(int(number)).manifest
    if path not in manifest:
        raise NotFound(words("This release has no such file."))
    return files_in(db, {path: manifest[path]})[path]


def of_proposal(db: Session, ref: str, path: str, *, by: Actor) -> bytes:
    """A file as it is proposed. Raises NotFound."""
    manifest = proposing.proposal(db, ref, by=by).manifest
    if path not in manifest:
        raise NotFound(words("This proposal has no such file."))
    return files_in(db, {path: manifest[path]})[path]


def release_address(number: int, path: str) -> str:
    """Where a file of a release is."""
    return url_for("studio.file", ref=str(number), file=path)


def proposal_address(ref: str, path: str) -> str:
    """Where a file of a proposal is."""
    return url_for("studio_proposals.file", ref=ref, file=path)
