"""One task: its pane, taking and giving back, the draft, and sending it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, jsonify, redirect, render_template, request, url_for

from app.cases import drafts, holding
from app.cases import inbox as cases_inbox
from app.errors import Invalid, NotFound, Refusal, words
from app.papers.content import PaperContent
from app.papers.rendering import Press, Preview
from app.web import passwords, submissions
from app.web.delivery import deliver
from app.web.errors import wants_json
from app.web.guard import SignInNeeded, actor, audience, body, now, reading, writing
from app.web.inbox import page as inbox_page
from app.web.rendering import bureau_here, render_page
from app.web.task import destination, page
from app.web.texts import tell

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        task = page.task_pane(db, ref, by=actor(), bureau=bureau)
        paper = rendered(task.paper)
        if request.headers.get("HX-Target") == "work":
            return render_template("task/pane.html", task=task, bureau=bureau, paper=paper)
        box = inbox_page.InboxQuery("done" if task.state == page.DONE else "todo")
        listed_tasks = inbox_page.inbox_list(db, actor(), bureau, box)
        return render_page("inbox/page.html", db, actor(), bureau, queue=listed_tasks, task=task, paper=paper)


def rendered(content: PaperContent | None) -> Preview | None:
    """The draft of a paper as it will look: 草稿 while it has no number, else 送审稿."""
    if content is None:
        return None
    press: Press = current_app.extensions["press"]
    return press.preview(content, stage="review" if content.number else "draft")


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
                settle=submissions.checks(db, by),
            )  # fmt: skip
            said = tell(destination.destination_words(db, ref, sent, by))
    except Refusal as refusal:
        if not isinstance(refusal, NotFound | SignInNeeded):
            _note(ref, refusal)
        raise
    finally:
        passwords.count_wrong()
    deliver(sent.messages)
    flash(said)
    return jsonify({"location": url_for("inbox.following"), "sent": said})


def _note(ref: str, refusal: Refusal) -> None:
    """The journal says that answers were refused and by which rule, in a transaction of its own."""
    with writing() as (db, by):
        holding.note_refusal(db, ref, refusal, by=by, at=now())


@bp.put("/<ref>/draft")
@audience("workers")
def draft(ref: str) -> Any:
    given = body()
    answers, revision = given.get("answers"), given.get("revision")
    if not isinstance(answers, dict) or not _is_count(revision):
        raise Invalid(words("The answers must be given by field."))
    with writing() as (db, by):
        kept = drafts.save(db, ref, submissions.without_secrets(answers), by=by, at=now(), revision=revision)
    return jsonify({"saved_at": now().isoformat(), "revision": kept.revision})


@bp.get("/<ref>/standing")
@audience("workers")
def standing(ref: str) -> Response:
    with reading() as db:
        by = actor()
        found = page.standing(db, ref, by=by, bureau=bureau_here(db))
        return jsonify(
            {"open": found.open, "words": tell(found.words) if found.words else "", "person": by.ref, "name": by.name}
        )


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


def _is_count(revision: object) -> bool:
    """Whether it can be a revision: none, or a number that the column holds; `true` is no number here."""
    return revision is None or (type(revision) is int and 0 <= revision < 2**31)


def _back(ref: str) -> Any:
    """The same task again, as a page, or for a script its address."""
    g.pop("now", None)
    target = url_for("tasks.show", ref=ref)
    if wants_json():
        return jsonify({"location": target})
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)
