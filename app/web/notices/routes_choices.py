"""What a person decides for themselves: how notices reach them, and their password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for

from app.errors import Refusal, words
from app.web import own
from app.web.frame import house_or_none
from app.web.guard import actor, audience, now, reading, writing
from app.web.notices import choices as shown
from app.web.rendering import page
from app.web.texts import tell

bp = Blueprint("choices", __name__, url_prefix="/own")


@bp.get("")
@audience("signed_in")
def show() -> Any:
    return _page()


@bp.post("/notices")
@audience("signed_in")
def keep() -> Any:
    return _done(own.keep_choices, words("Your choices are kept."))


@bp.post("/password")
@audience("signed_in")
def password() -> Any:
    return _done(own.change_password, words("The new password holds from now on. Your other sessions have ended."))


def _done(doing: Any, said: Any) -> Any:
    try:
        with writing() as (db, by):
            doing(db, request.form, by=by, account=g.account, at=now())
    except Refusal as refusal:
        own.note_wrong_password()
        if getattr(refusal, "kind", "") != "invalid":
            raise
        return _page(refusal), 422
    own.after_change()
    flash(tell(said))
    return redirect(url_for("choices.show"), 303)


def _page(refusal: Refusal | None = None) -> Any:
    with reading() as db:
        house = house_or_none(db, actor(), now())
        sheet = shown.sheet(db, actor(), request.form if refusal else None, refusal)
        return page("notices/choices.html", db, actor(), house, sheet=sheet)
