"""Cases: the list, the page of one, its diagrams, and the acts that a person may do to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, request, url_for

from app.cases import actions, lists
from app.errors import Invalid, words
from app.web import passwords, submissions
from app.web.case import page, reminders
from app.web.delivery import deliver
from app.web.guard import actor, audience, body, now, reading, writing
from app.web.pieces.form_island import FormTarget, shown_form
from app.web.rendering import bureau_here, render_page
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
        bureau = bureau_here(db)
        found = lists.cases(db, actor(), search=search, running=STATES.get(state), page=number)
        rows = [page.case_row(db, one, bureau) for one in found]
        more = len(found) == lists.PAGE
        return render_page(
            "case/list.html", db, actor(), bureau, rows=rows, search=search, state=state, number=number, more=more
        )


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        case = page.case_page(db, ref, by=actor(), bureau=bureau)
        follow = reminders.reminders(db, case.seen, case.reader, bureau)
        return render_page("case/page.html", db, actor(), bureau, case=case, follow=follow)


@bp.get("/<ref>/diagram/<process>")
@audience("workers")
def diagram(ref: str, process: str) -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        xml = page.diagram_of(db, ref, process, by=actor(), bureau=bureau)
    return Response(xml, mimetype="application/xml")


@bp.get("/<ref>/acts/<act>")
@audience("workers")
def act_form(ref: str, act: str) -> Any:
    with reading() as db:
        by, bureau = actor(), bureau_here(db)
        seen, declared = page.act_of(db, ref, act, by=by, at=now())
        form = seen.pack.form(declared.process, declared.form)
        target = FormTarget(url_for("cases.do_act", ref=ref, act=act))
        asked = shown_form(db, form, seen.case.facts, target, by=by, at=now(), case=seen.case)
        return render_page("case/act.html", db, by, bureau, seen=seen, act=declared, form=asked)


@bp.post("/<ref>/acts/<act>")
@audience("workers")
def do_act(ref: str, act: str) -> Any:
    answers = body().get("answers")
    if not isinstance(answers, dict):
        raise Invalid(words("The answers must be given by field."))
    try:
        with writing() as (db, by):
            actions.act(db, ref, act, answers, by=by, at=now(), settle=submissions.checks(db, by))
    finally:
        passwords.count_wrong()
    deliver(1)
    said = tell(words("Done. What follows is shown below."))
    flash(said)
    return jsonify({"location": url_for("cases.show", ref=ref), "sent": said})
