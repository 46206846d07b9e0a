"""Issued papers, as they were frozen, to read and to print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.cases import view
from app.web.frame import house_of
from app.web.guard import actor, audience, now, reading
from app.web.rendering import page

bp = Blueprint("papers", __name__, url_prefix="/papers")


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        paper, case = view.paper_and_case(db, ref, by=actor())
        house = house_of(db, actor(), now())
        return page("case/paper.html", db, actor(), house, paper=paper, case_ref=case.ref)
