"""The inbox: boxes with counts, the list, and beside it the work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.errors import NotFound, words
from app.people.access import AUDIENCES
from app.web.frame import house_of, house_or_none, places_of
from app.web.guard import actor, audience, now, reading
from app.web.inbox import page as queue
from app.web.rendering import page

bp = Blueprint("inbox", __name__)


@bp.get("/")
@audience("signed_in")
def home() -> Any:
    if AUDIENCES["workers"](actor()):
        return redirect(url_for("inbox.box", box="todo"))
    if places := places_of(actor()):
        return redirect(url_for(places[0].endpoint))
    with reading() as db:
        return page("inbox/home.html", db, actor(), house_or_none(db, actor(), now()))


@bp.get("/inbox/next")
@audience("workers")
def following() -> Any:
    with reading() as db:
        ref = queue.next_ref(db, actor())
    return redirect(url_for("tasks.show", ref=ref) if ref else url_for("inbox.box", box="todo"))


@bp.get("/inbox/<box>")
@audience("workers")
def box(box: str) -> Any:
    if box not in queue.BOXES:
        raise NotFound(words("There is no such box."))
    asked = queue.Asked(box, request.args.get("search", "")[:100], request.args.get("page", 1, type=int))
    with reading() as db:
        house = house_of(db, actor(), now())
        listed = queue.queue(db, actor(), house, asked)
        return page("inbox/page.html", db, actor(), house, queue=listed, task=None)
