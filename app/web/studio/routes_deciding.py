"""Trying a decision: an owner gives example data and sees which rules match, and why the others do not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.web.guard import actor, audience, reading
from app.web.rendering import bureau_here, render_page
from app.web.studio import deciding

bp = Blueprint("deciding", __name__, url_prefix="/studio/decisions")


@bp.get("/<decision>")
@audience("owners")
def show(decision: str) -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        given = {key: request.args.getlist(key)[0] for key in request.args}
        return render_page("studio/try.html", db, actor(), bureau, it=deciding.decision_trial(bureau, decision, given))
