"""Beginning something: what this person may start, and the first form; nothing exists until it is sent or kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, url_for

from app.cases import course, drafts, lifecycle
from app.errors import Invalid, words
from app.web import passwords, submissions
from app.web.delivery import deliver
from app.web.guard import actor, audience, body, now, reading, writing
from app.web.pieces.form_island import FormTarget, shown_form
from app.web.rendering import bureau_here, render_page
from app.web.texts import clauses_of, named, tell

bp = Blueprint("starting", __name__, url_prefix="/start")


@bp.get("")
@audience("workers")
def offer() -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        return render_page("case/start.html", db, actor(), bureau, processes=bureau.starts(actor()))


@bp.get("/<process>")
@audience("workers")
def first(process: str) -> Any:
    with reading() as db:
        by, bureau = actor(), bureau_here(db)
        pack, work = lifecycle.first_step(db, process, by=by, at=now())
        form = pack.form_of(work.process, work.element)
        address = url_for("starting.begin", process=process)
        target = FormTarget(address, keep=url_for("starting.keep", process=process))
        asked = shown_form(db, form, work.data, target, by=by, at=now())
        basis = clauses_of(pack.basis_of(work.process, work.element))
        name = named(pack.process(process))
        return render_page("case/first.html", db, by, bureau, form=asked, name=name, step=work, basis_clauses=basis)


@bp.post("/<process>")
@audience("workers")
def begin(process: str) -> Any:
    answers, key = _given()
    try:
        with writing() as (db, by):
            sent = lifecycle.start(db, process, answers, by=by, at=now(), key=key, settle=submissions.checks(db, by))
    finally:
        passwords.count_wrong()
    deliver(sent.messages)
    said = tell(words("Sent. You can follow the case here."))
    flash(said)
    return jsonify({"location": url_for("cases.show", ref=sent.case_ref), "sent": said})


@bp.post("/<process>/draft")
@audience("workers")
def keep(process: str) -> Any:
    answers, key = _given()
    with writing() as (db, by):
        sent = lifecycle.start(db, process, None, by=by, at=now(), key=key)
        ref = course.first_ref(db, sent.case_ref) or ""
        drafts.save(db, ref, submissions.without_secrets(answers), by=by, at=now())
    flash(tell(words("Kept as a draft. Nobody else is told until you send it.")))
    return jsonify({"location": url_for("tasks.show", ref=ref)})


def _given() -> tuple[dict[str, Any], str | None]:
    given = body()
    answers, key = given.get("answers"), given.get("key")
    if not isinstance(answers, dict) or not isinstance(key, str | None):
        raise Invalid(words("The answers must be given by field."))
    return answers, key and key[:100]
