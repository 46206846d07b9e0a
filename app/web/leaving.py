"""Files on their way out: as uploaded or as a copy without metadata, to be kept, looked at, or seen small."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flask import Response, send_file

from app import files
from app.cases import evidence
from app.cases.evidence import Leaving
from app.errors import Conflict, NotFound, words
from app.web import guard

VIEWABLE = frozenset(("pdf", "jpg", "png", "webp"))
"""Kinds of copies that a browser shows by itself; each was written anew by us."""
SEALED = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Whatever the bytes may be, they run nothing and are nobody's page."""
SIDE = 240


@dataclass(frozen=True)
class Outgoing:
    """The bytes that go out, under which name, as which kind."""

    path: Path
    name: str
    kind: str
    sha256: str


def attachment(ref: str) -> Response:
    """The file to be kept by this reader. Raises NotFound, and Conflict where the bureau still holds it."""
    leaving = _leaving(ref)
    if leaving.as_uploaded or leaving.file.released_at is not None:
        return _sent(_as_uploaded(leaving), inline=False)
    return _sent(_copy(leaving), inline=False)


def preview(ref: str) -> Response:
    """The copy, shown by the browser itself in a sealed page; for the bureau too, since no copy runs anything."""
    return _sent(_viewable(ref), inline=True)


def thumbnail(ref: str) -> Response:
    """A small picture of a picture. Raises NotFound for other kinds."""
    shown = _viewable(ref)
    if shown.kind == "pdf":
        raise NotFound(words("There is no such file here."))
    small = files.thumbnail(shown.path.read_bytes(), shown.kind, side=SIDE)
    response = send_file(BytesIO(small), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SEALED
    return response


def _viewable(ref: str) -> Outgoing:
    copy = _copy(_leaving(ref))
    if copy.kind not in VIEWABLE:
        raise NotFound(words("There is no such file here."))
    return copy


def _leaving(ref: str) -> Leaving:
    with guard.reading() as db:
        return evidence.file(db, ref, by=guard.actor())


def _as_uploaded(leaving: Leaving) -> Outgoing:
    kind, sha256 = files.kind_of_media(leaving.file.media_type), leaving.file.sha256
    return Outgoing(files.path_of(guard.settings().data_dir, sha256), leaving.name, kind, sha256)


def _copy(leaving: Leaving) -> Outgoing:
    folder = guard.settings().data_dir
    made = files.copy_of(guard.database(), folder, leaving.file, at=guard.now())
    if made.sha256 is None:
        raise Conflict(words("The bureau holds this file until it has been converted or released."))
    name = leaving.name
    if made.kind != files.kind_of_media(leaving.file.media_type):
        name = re.sub(r"\.[^.]*$", "", name) + f".{files.KINDS[made.kind].endings[0]}"
    return Outgoing(files.path_of(folder, made.sha256), name, made.kind, made.sha256)


def _sent(going: Outgoing, *, inline: bool) -> Response:
    """No time of the bytes goes with them: it would say when they were uploaded."""
    media_type = files.KINDS[going.kind].media_type
    response = send_file(
        going.path, mimetype=media_type, as_attachment=not inline, download_name=going.name, etag=going.sha256
    )
    response.headers.pop("Last-Modified", None)
    response.headers["Content-Security-Policy"] = SEALED
    return response
