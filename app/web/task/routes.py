"""One task: its pane, taking and giving back, the draft, and sending it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for

from app.cases import holding
from app.cases import inbox as cases_inbox
from app.errors import Invalid, NotFound, Refusal, words
from app.web import answers as settling
from app.web.delivery import deliver
from app.web.errors import wants_json
from app.web.frame import house_of
from app.web.guard import SignInNeeded, actor, audience, body, now, reading, writing
from app.web.inbox import page as queue
from app.web.rendering import page
from app.web.task import destination as where
from app.web.task import page as panes
from app.web.texts import tell

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        task = panes.pane(db, ref, by=actor(), house=house)
        if request.headers.get("HX-Target") == "work":
            return render_template("task/pane.html", task=task, house=house)
        box = queue.Asked("done" if task.state == panes.DONE else "todo")
        listed_tasks = queue.queue(db, actor(), house, box)
        return page("inbox/page.html", db, actor(), house, queue=listed_tasks, task=task)


@bp.post("/<ref>/complete")
@audience("workers")
def complete(ref: str) -> Any:
    given = body()
    answers, revision, key = given.get("answers"), given.get("revision"), given.get("key")
    if not isinstance(answers, dict) or not isinstance(revision, int | None) or not isinstance(key, str | None):
        raise Invalid(words("The answers must be given by field."))
    try:
        with writing() as (db, by):
            sent = cases_inbox.submit(
                db, ref, answers, by=by, at=now(), revision=revision, key=key and key[:100],
                settle=settling.settle(db, by),
            )  # fmt: skip
            said = tell(where.sent_words(db, ref, sent, by))
    except Refusal as refusal:
        if not isinstance(refusal, NotFound | SignInNeeded):
            _note(ref, refusal)
        raise
    finally:
        settling.note_wrong_password()
    deliver(sent.letters)
    flash(said)
    return jsonify({"location": url_for("inbox.following"), "sent": said})


def _note(ref: str, refusal: Refusal) -> None:
    """The journal says that answers were refused and by which rule, in a transaction of its own."""
    with writing() as (db, by):
        holding.note_refusal(db, ref, refusal, by=by, at=now())


@bp.put("/<ref>/draft")
@audience("workers")
def draft(ref: str) -> Any:
    answers = body().get("answers")
    if not isinstance(answers, dict):
        raise Invalid(words("The answers must be given by field."))
    with writing() as (db, by):
        holding.save_draft(db, ref, settling.without_secrets(answers), by=by, at=now())
    return jsonify({"saved_at": now().isoformat()})


@bp.post("/<ref>/claim")
@audience("workers")
def claim(ref: str) -> Any:
    with writing() as (db, by):
        holding.claim(db, ref, by=by, at=now())
    return _back(ref)


@bp.post("/<ref>/release")
@audience("workers")
def release(ref: str) -> Any:
    with writing() as (db, by):
        holding.release(db, ref, by=by, at=now())
    return _back(ref)


def _back(ref: str) -> Any:
    """The same task again, as a page, or for a script its address."""
    g.pop("now", None)
    target = url_for("tasks.show", ref=ref)
    if wants_json():
        return jsonify({"location": target})
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)
