"""Files: taken in before the form is sent, given back to who may read the answer that names them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for

from app import files
from app.cases import evidence
from app.errors import Invalid, words
from app.files import Quota, Upload
from app.web import leaving
from app.web.guard import audience, now, settings, writing
from app.web.texts import tell

bp = Blueprint("files", __name__, url_prefix="/files")


@bp.post("")
@audience("workers")
def upload() -> Any:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(words("No file was sent."))
    uploaded = Upload(given.filename, given.stream.read(files.MOST_BYTES + 1))
    checked = files.take_in(uploaded, virus_scanner=settings().virus_scanner)
    bounds = settings().upload_bounds()
    with writing() as (db, by):
        file = files.keep(
            db, settings().data_dir, checked, bureau_id=by.bureau_id, by=by.id, at=now(), bounds=Quota(*bounds)
        )
    return jsonify({"id": file.ref, "name": file.name, "size": file.size}), 201


@bp.get("/<ref>")
@audience("workers")
def download(ref: str) -> Any:
    return leaving.attachment(ref)


@bp.get("/<ref>/preview")
@audience("workers")
def preview(ref: str) -> Any:
    return leaving.preview(ref)


@bp.get("/<ref>/thumbnail")
@audience("workers")
def thumbnail(ref: str) -> Any:
    return leaving.thumbnail(ref)


@bp.post("/<ref>/release")
@audience("bureau")
def release(ref: str) -> Any:
    with writing() as (db, by):
        case = evidence.release(db, ref, by=by, at=now())
    flash(tell(words("The file has been released. Readers outside the bureau get it as it was uploaded.")))
    return redirect(url_for("cases.show", ref=case), 303)
