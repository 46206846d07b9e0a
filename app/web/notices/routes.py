"""Notices: a person's box, read marks, and the reminder (催办) that bureau staff send."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.cases import notices, urging
from app.errors import NotFound, words
from app.web.guard import actor, audience, now, reading, writing
from app.web.notices import page
from app.web.rendering import bureau_here_or_none, render_page
from app.web.texts import tell

bp = Blueprint("notices", __name__)
DEEPEST = 200


@bp.get("/notices")
@audience("signed_in")
def index() -> Any:
    number = min(max(request.args.get("page", 1, type=int), 1), DEEPEST)
    unread = request.args.get("show") == "unread"
    with reading() as db:
        bureau = bureau_here_or_none(db)
        found = notices.box(db, actor(), unread_only=unread, page=number)
        days = page.notices_by_day(found, bureau, exact=actor().learns_instants)
        more = len(found) == notices.PAGE
        newest = max((one.id for one in found), default=0)
        return render_page(
            "notices/box.html", db, actor(), bureau,
            days=days, unread=unread, number=number, more=more, newest=newest,
        )  # fmt: skip


@bp.post("/notices/<number>/read")
@audience("signed_in")
def read(number: str) -> Any:
    """Mark one as read and go on to what it is about."""
    with writing() as (db, by):
        notices.mark_read(db, _number(number), by=by, at=now())
        target = notices.address_of(db, _number(number), by=by)
    if target is None:
        return redirect(url_for("notices.index"), 303)
    kind, ref = target
    return redirect(url_for("tasks.show" if kind == "task" else "cases.show", ref=ref), 303)


@bp.post("/notices/read")
@audience("signed_in")
def read_all() -> Any:
    with writing() as (db, by):
        notices.mark_all_read(db, _number(request.form.get("newest", "0")), by=by)
    return redirect(url_for("notices.index"), 303)


@bp.post("/tasks/<ref>/urge")
@audience("bureau")
def urge(ref: str) -> Any:
    with writing() as (db, by):
        case_ref = urging.urge(db, ref, by=by, at=now())
    flash(tell(words("The reminder is on its way. Who holds the task sees it at once.")))
    return redirect(url_for("cases.show", ref=case_ref), 303)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound(words("There is no such notice here."))
    return int(text)
