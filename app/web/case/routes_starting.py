"""Beginning something: what this person may start, and the first form; nothing exists until it is sent or kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, url_for

from app.cases import course, holding, lifecycle
from app.errors import Invalid, words
from app.web import answers as settling
from app.web.delivery import deliver
from app.web.frame import house_of
from app.web.guard import actor, audience, body, now, reading, writing
from app.web.pieces import form_island as asking
from app.web.rendering import page
from app.web.texts import clauses_of, named, tell

bp = Blueprint("starting", __name__, url_prefix="/start")


@bp.get("")
@audience("workers")
def offer() -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        return page("case/start.html", db, actor(), house, processes=house.starts(actor()))


@bp.get("/<process>")
@audience("workers")
def first(process: str) -> Any:
    with reading() as db:
        by, house = actor(), house_of(db, actor(), now())
        pack, work = lifecycle.first_step(db, process, by=by, at=now())
        form = pack.form_of(work.process, work.element)
        address = url_for("starting.begin", process=process)
        place = asking.Place(address, keep=url_for("starting.keep", process=process))
        asked = asking.asked(db, form, work.data, place, by=by)
        basis = clauses_of(pack.basis_of(work.process, work.element))
        name = named(pack.process(process))
        return page("case/first.html", db, by, house, form=asked, name=name, step=work, basis_clauses=basis)


@bp.post("/<process>")
@audience("workers")
def begin(process: str) -> Any:
    answers, key = _given()
    try:
        with writing() as (db, by):
            sent = lifecycle.start(db, process, answers, by=by, at=now(), key=key, settle=settling.settle(db, by))
    finally:
        settling.note_wrong_password()
    deliver(sent.letters)
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
        holding.save_draft(db, ref, settling.without_secrets(answers), by=by, at=now())
    flash(tell(words("Kept as a draft. Nobody else is told until you send it.")))
    return jsonify({"location": url_for("tasks.show", ref=ref)})


def _given() -> tuple[dict[str, Any], str | None]:
    given = body()
    answers, key = given.get("answers"), given.get("key")
    if not isinstance(answers, dict) or not isinstance(key, str | None):
        raise Invalid(words("The answers must be given by field."))
    return answers, key and key[:100]
