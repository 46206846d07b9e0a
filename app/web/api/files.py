"""Files for scripts: taken in before the answers that name them, given back to who may read those."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request, send_file

from app import files
from app.cases import view
from app.db import Session
from app.errors import Invalid, words
from app.files import Upload
from app.people.access import Actor
from app.web.api.once import Done, once
from app.web.api.shapes import Shape
from app.web.guard import actor, audience, now, reading, settings

bp = APIBlueprint("api_files", __name__, tag="files", url_prefix="/api/v1/files")


class Kept(Shape):
    """An uploaded file; its `id` is the answer to a file field."""

    id: str
    name: str
    size: int


BODY = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
BINARY = {"200": {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}


@bp.post("")
@bp.output(Kept, status_code=201)
@bp.doc(extensions={"x-multipart": BODY})
@audience("workers")
def upload() -> Any:
    """Upload a file, as multipart field `file`."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(words("No file was sent."), fields=["file"])
    uploaded = Upload(given.filename, given.stream.read(files.MOST_BYTES + 1))
    given.stream.seek(0)

    def work(db: Session, by: Actor) -> Done:
        file = files.keep(db, settings().data_dir, uploaded, bureau_id=by.bureau_id, by=by.id, at=now())
        return Done(Kept(id=file.ref, name=file.name, size=file.size), 201)

    return once(work)


@bp.get("/<ref>")
@bp.doc(responses=BINARY)
@audience("workers")
def download(ref: str) -> Any:
    """Download a file."""
    with reading() as db:
        file = view.file(db, ref, by=actor())
    path = files.path_of(settings().data_dir, file.sha256)
    return send_file(path, mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256)
