"""Issued papers, as they were frozen, to read and to print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.cases import view
from app.web.guard import actor, audience, reading
from app.web.rendering import bureau_here, render_page

bp = Blueprint("papers", __name__, url_prefix="/papers")


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> Any:
    with reading() as db:
        paper, case = view.paper_and_case(db, ref, by=actor())
        bureau = bureau_here(db)
        return render_page("case/paper.html", db, actor(), bureau, paper=paper, case_ref=case.ref)
