"""Files: taken in before the form is sent, given back to who may read the answer that names them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, send_file

from app import files
from app.cases import view
from app.errors import Invalid, words
from app.files import Upload
from app.web.guard import actor, audience, now, reading, settings, writing

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.post("")
@audience("workers")
def upload() -> Any:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(words("No file was sent."))
    uploaded = Upload(given.filename, given.stream.read(files.MOST_BYTES + 1))
    with writing() as (db, by):
        file = files.keep(db, settings().data_dir, uploaded, bureau_id=by.bureau_id, by=by.id, at=now())
    return jsonify({"id": file.ref, "name": file.name, "size": file.size}), 201


@bp.get("/<ref>")
@audience("workers")
def download(ref: str) -> Any:
    with reading() as db:
        file = view.file(db, ref, by=actor())
    path = files.path_of(settings().data_dir, file.sha256)
    return send_file(path, mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256)
