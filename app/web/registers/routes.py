"""Registers: who may read anything finds them here; rows and columns as far as they are open."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.web.guard import actor, audience, reading
from app.web.registers import page
from app.web.rendering import bureau_here, render_page

bp = Blueprint("registers", __name__, url_prefix="/registers")


@bp.get("")
@audience("signed_in")
def index() -> ResponseReturnValue:
    with reading() as db:
        bureau = bureau_here(db)
        found = page.index(db, actor())
        return render_page("registers/index.html", db, actor(), bureau, registers=found)


@bp.get("/<name>")
@audience("signed_in")
def listed(name: str) -> ResponseReturnValue:
    with reading() as db:
        bureau = bureau_here(db)
        found = page.list_page(db, actor(), name, request.args.to_dict())
        return render_page("registers/list.html", db, actor(), bureau, sheet=found)


@bp.get("/<name>/<ref>")
@audience("signed_in")
def row(name: str, ref: str) -> ResponseReturnValue:
    with reading() as db:
        bureau = bureau_here(db)
        found = page.row_page(db, actor(), name, ref)
        return render_page("registers/row.html", db, actor(), bureau, sheet=found)
