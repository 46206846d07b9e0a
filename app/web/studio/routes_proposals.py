"""Uploads and proposals: checked files become a draft, a second owner decides, a release comes or comes back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.deployment import proposing
from app.deployment.placing import placed
from app.deployment.proposing import Checked
from app.deployment.unpacking import MOST_IN_ALL, Upload
from app.errors import Invalid, NotFound, words
from app.people.access import admit
from app.web import downloads
from app.web.guard import actor, audience, now, reading, writing
from app.web.rendering import bureau_here_or_none, render_page
from app.web.studio import files, page, proposal
from app.web.texts import tell

bp = Blueprint("studio_proposals", __name__, url_prefix="/studio")


@bp.get("/upload")
@audience("owners")
def upload() -> Any:
    return _upload_page(None)


@bp.post("/upload")
@audience("owners")
def take() -> Any:
    """Everything is read and checked before a transaction is opened; what cannot be taken in is said on the page."""
    admit("owners", actor())
    uploads = [Upload(one.filename or "", one.stream.read(MOST_IN_ALL + 1)) for one in request.files.getlist("files")]
    try:
        checked = _checked([one for one in uploads if one.name])
    except Invalid as refusal:
        return _upload_page(refusal), 422
    with writing() as (db, by):
        ref = proposing.draft(db, checked, by=by, at=now(), note=request.form.get("note", ""))
    flash(tell(words("The files have been checked and kept as a draft. Nobody else is asked yet.")))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


def _checked(uploads: list[Upload]) -> Checked:
    with reading() as db:
        current = proposing.current_files(db, by=actor())
        changes = placed(uploads, current, request.form.get("place", ""))
        return proposing.check(db, changes, by=actor())


@bp.post("/remove")
@audience("owners")
def remove() -> Any:
    """A draft of the current release without one file; what still needs it is found like every other fault."""
    admit("owners", actor())
    with reading() as db:
        checked = proposing.check(db, {request.form.get("path", ""): None}, by=actor())
    with writing() as (db, by):
        ref = proposing.draft(db, checked, by=by, at=now())
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


def _upload_page(refusal: Invalid | None) -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        room = page.studio_of(db, actor(), bureau)
        content = {
            "form_places": proposal.form_places(db, room, by=actor()),
            "note": request.form.get("note", ""),
        }
        return render_page("studio/upload.html", db, actor(), bureau, room=room, refusal=refusal, **content)


@bp.get("/proposals/<ref>")
@audience("owners")
def show(ref: str) -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        room = page.studio_of(db, actor(), bureau)
        found = proposal.proposal_page(db, room, ref, by=actor())
        return render_page("studio/proposal.html", db, actor(), bureau, room=room, it=found)


@bp.get("/proposals/<ref>/files/<path:file>")
@audience("owners")
def file(ref: str, file: str) -> Any:
    with reading() as db:
        data = files.proposal_file(db, ref, file, by=actor())
    return downloads.attachment(data, file)


@bp.post("/proposals/<ref>/submit")
@audience("owners")
def submit(ref: str) -> Any:
    with writing() as (db, by):
        proposing.submit(db, ref, by=by, at=now(), note=request.form.get("note"))
    flash(tell(words("Handed on. A second process owner has to approve it.")))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


@bp.post("/proposals/<ref>/take-back")
@audience("owners")
def take_back(ref: str) -> Any:
    with writing() as (db, by):
        proposing.take_back(db, ref, by=by)
    flash(tell(words("Taken back. It is a draft again.")))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


@bp.post("/proposals/<ref>/put-away")
@audience("owners")
def put_away(ref: str) -> Any:
    with writing() as (db, by):
        proposing.put_away(db, ref, by=by)
    flash(tell(words("The draft has been put away.")))
    return redirect(url_for("studio.index"), 303)


@bp.post("/proposals/<ref>/approve")
@audience("owners")
def approve(ref: str) -> Any:
    with writing() as (db, by):
        release = proposing.approve(db, ref, by=by, at=now())
        number = release.number
    flash(tell(words("Release {number} is current now. Cases that are running stay on theirs.", number=number)))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


@bp.post("/proposals/<ref>/reject")
@audience("owners")
def reject(ref: str) -> Any:
    with writing() as (db, by):
        proposing.reject(db, ref, by=by, at=now(), why=request.form.get("why", ""))
    flash(tell(words("Rejected. Its maker finds the reason here.")))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)


@bp.post("/releases")
@audience("owners")
def roll_back() -> Any:
    """An earlier release is proposed again, as a draft to look at first."""
    number = request.form.get("number", type=int)
    with writing() as (db, by):
        if number is None:
            raise NotFound(words("There is no such release."))
        ref = proposing.propose_release(db, number, by=by, at=now())
    flash(tell(words("Release {number} is a draft now. Look at what would change, then hand it on.", number=number)))
    return redirect(url_for("studio_proposals.show", ref=ref), 303)
