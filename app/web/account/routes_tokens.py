"""A person's tokens for scripts: made here with the password, token_page once, listed with their last use, revoked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for

from app import journal
from app.db import Session
from app.errors import Conflict, Invalid, Refusal, words
from app.people import tokens
from app.people.access import Actor
from app.people.tokens import Token, Wish
from app.web import passwords
from app.web.account import tokens as token_page
from app.web.guard import actor, audience, now, reading, writing
from app.web.rendering import bureau_here_or_none, render_page
from app.web.texts import tell

bp = Blueprint("tokens", __name__, url_prefix="/own/tokens")


@bp.get("")
@audience("signed_in")
def index() -> Any:
    return _page()


@bp.post("")
@audience("signed_in")
def make() -> Any:
    form = request.form
    days = form.get("days", "")
    wish = Wish(form.get("name", ""), int(days) if days in token_page.DAYS else 0, read_only="read_only" in form)
    try:
        with writing() as (db, by):
            passwords.refuse_wrong(form.get("password", ""), g.account, now())
            token, secret = tokens.make(db, wish, by=by, at=now())
            _note(db, "made", token, by)
    except (Invalid, Conflict) as refusal:
        passwords.count_wrong()
        return _page(refusal), 422
    return _page(secret=secret)


@bp.post("/<ref>/revoke")
@audience("signed_in")
def revoke(ref: str) -> Any:
    with writing() as (db, by):
        token = tokens.revoke(db, ref, by=by, at=now())
        _note(db, "revoked", token, by)
    flash(tell(words("The token “{name}” is revoked; what used it is out at once.", name=token.name)))
    return redirect(url_for("tokens.index"), 303)


def _note(db: Session, did: str, token: Token, by: Actor) -> None:
    """The bureau's own chain says who may act by a script, and since when no more."""
    data = {"token": token.ref, "what": did, "read_only": token.read_only, "until": token.expires_at.isoformat()}
    journal.record_outside(db, by.bureau_id, [journal.Note("account.changed", data=data)], at=now(), by=by.id)


def _page(refusal: Refusal | None = None, secret: str = "") -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        sheet = token_page.tokens_page(db, actor(), request.form if refusal else {}, refusal, now())
        return render_page("account/tokens.html", db, actor(), bureau, sheet=sheet, secret=secret)
