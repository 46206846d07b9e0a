"""Files for scripts: taken in before the answers that name them, given back to who may read those."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app import files
from app.db import Session
from app.errors import Invalid, words
from app.files import Checked, Quota, Upload
from app.people.access import Actor
from app.web import leaving
from app.web.api.once import Done, once
from app.web.api.shapes import Shape
from app.web.guard import audience, now, settings

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

    def work(db: Session, by: Actor, checked: Checked) -> Done:
        bounds = Quota(*settings().upload_bounds())
        file = files.keep(db, settings().data_dir, checked, bureau_id=by.bureau_id, by=by.id, at=now(), bounds=bounds)
        return Done(Kept(id=file.ref, name=file.name, size=file.size), 201)

    return once(work, lambda: files.take_in(uploaded, virus_scanner=settings().virus_scanner))


@bp.get("/<ref>")
@bp.doc(responses=BINARY)
@audience("workers")
def download(ref: str) -> Any:
    """Download a file."""
    return leaving.attachment(ref)
