"""Cases: the list, the page of one, its diagrams, and the acts that a person may do to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, request, url_for

from app.cases import actions, lists
from app.errors import Invalid, words
from app.web import answers as settling
from app.web.case import page as dossier
from app.web.case import reminders as followed
from app.web.delivery import deliver
from app.web.frame import house_of
from app.web.guard import actor, audience, body, now, reading, writing
from app.web.pieces import form_island as asking
from app.web.rendering import page
from app.web.texts import tell

bp = Blueprint("cases", __name__, url_prefix="/cases")
STATES = {"running": True, "closed": False}
DEEPEST = 1_000


@bp.get("")
@audience("workers")
def index() -> Any:
    search, state = request.args.get("search", "")[:100], request.args.get("state", "")
    number = min(max(request.args.get("page", 1, type=int), 1), DEEPEST)
    with reading() as db:
        house = house_of(db, actor(), now())
        found = lists.cases(db, actor(), search=search, running=STATES.get(state), page=number)
        rows = [dossier.listed(db, one, house) for one in found]
        more = len(found) == lists.PAGE
        return page(
            "case/list.html", db, actor(), house, rows=rows, search=search, state=state, number=number, more=more
        )


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        case = dossier.dossier(db, ref, by=actor(), house=house)
        follow = followed.followed(db, case.seen, case.reader, house)
        return page("case/page.html", db, actor(), house, case=case, follow=follow)


@bp.get("/<ref>/diagram/<process>")
@audience("workers")
def diagram(ref: str, process: str) -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        xml = dossier.diagram_of(db, ref, process, by=actor(), house=house)
    return Response(xml, mimetype="application/xml")


@bp.get("/<ref>/acts/<act>")
@audience("workers")
def act_form(ref: str, act: str) -> Any:
    with reading() as db:
        by, house = actor(), house_of(db, actor(), now())
        seen, declared = dossier.act_of(db, ref, act, by=by, at=now())
        form = seen.pack.form(declared.process, declared.form)
        place = asking.Place(url_for("cases.do_act", ref=ref, act=act))
        asked = asking.asked(db, form, seen.case.facts, place, by=by)
        return page("case/act.html", db, by, house, seen=seen, act=declared, form=asked)


@bp.post("/<ref>/acts/<act>")
@audience("workers")
def do_act(ref: str, act: str) -> Any:
    answers = body().get("answers")
    if not isinstance(answers, dict):
        raise Invalid(words("The answers must be given by field."))
    try:
        with writing() as (db, by):
            actions.act(db, ref, act, answers, by=by, at=now(), settle=settling.settle(db, by))
    finally:
        settling.note_wrong_password()
    deliver(1)
    said = tell(words("Done. What follows is shown below."))
    flash(said)
    return jsonify({"location": url_for("cases.show", ref=ref), "sent": said})
