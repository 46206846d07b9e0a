"""The inbox: boxes with counts, the list, and beside it the work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.errors import NotFound, words
from app.people.access import AUDIENCES
from app.web.frame import sections_of
from app.web.guard import actor, audience, reading
from app.web.inbox import page
from app.web.rendering import bureau_here, bureau_here_or_none, render_page

bp = Blueprint("inbox", __name__)


@bp.get("/")
@audience("signed_in")
def home() -> Any:
    if AUDIENCES["workers"](actor()):
        return redirect(url_for("inbox.box", box="todo"))
    if own := [one for one in sections_of(actor()) if one.audience != "signed_in"]:
        return redirect(url_for(own[0].endpoint))
    with reading() as db:
        return render_page("inbox/home.html", db, actor(), bureau_here_or_none(db))


@bp.get("/inbox/next")
@audience("workers")
def following() -> Any:
    with reading() as db:
        ref = page.next_task_ref(db, actor())
    return redirect(url_for("tasks.show", ref=ref) if ref else url_for("inbox.box", box="todo"))


@bp.get("/inbox/<box>")
@audience("workers")
def box(box: str) -> Any:
    if box not in page.BOXES:
        raise NotFound(words("There is no such box."))
    asked = page.InboxQuery(box, request.args.get("search", "")[:100], request.args.get("page", 1, type=int))
    with reading() as db:
        bureau = bureau_here(db)
        listed = page.inbox_list(db, actor(), bureau, asked)
        return render_page("inbox/page.html", db, actor(), bureau, queue=listed, task=None)
