"""Trying a decision: an owner gives example data and sees which rules match, and why the others do not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.web.frame import house_of
from app.web.guard import actor, audience, now, reading
from app.web.rendering import page
from app.web.studio import deciding

bp = Blueprint("deciding", __name__, url_prefix="/studio/decisions")


@bp.get("/<decision>")
@audience("owners")
def show(decision: str) -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        given = {key: request.args.getlist(key)[0] for key in request.args}
        return page("studio/try.html", db, actor(), house, it=deciding.tried(house, decision, given))
