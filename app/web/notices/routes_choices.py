"""Choices that a person makes for themselves: how notices reach them, and their password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for

from app.db import Session
from app.errors import Refusal, words
from app.notify import choices
from app.notify.choices import Choices
from app.people.access import Actor
from app.people.models import Account
from app.web import passwords
from app.web.guard import actor, audience, now, reading, writing
from app.web.notices import choices as choice_page
from app.web.rendering import bureau_here_or_none, render_page
from app.web.texts import tell

bp = Blueprint("choices", __name__, url_prefix="/own")


@bp.get("")
@audience("signed_in")
def show() -> Any:
    return _page()


@bp.post("/notices")
@audience("signed_in")
def keep() -> Any:
    return _done(_keep_choices, words("Your choices are kept."))


@bp.post("/password")
@audience("signed_in")
def password() -> Any:
    return _done(passwords.change, words("The new password holds from now on. Your other sessions have ended."))


def _keep_choices(db: Session, form: Mapping[str, str], *, by: Actor, account: Account, at: datetime) -> None:
    """Keep what the form chooses; another mail address needs the person's password. Raises Invalid."""
    chosen = choice_page.chosen_in(form)
    before = choices.choices_of(db, [by.id]).get(by.id, Choices())
    if chosen.mail != before.mail:
        passwords.refuse_wrong(form.get("password", ""), account, at)
        passwords.note_change(db, account, by, "mail", at)
    choices.keep(db, by.id, chosen)


def _done(doing: Any, said: Any) -> Any:
    try:
        with writing() as (db, by):
            doing(db, request.form, by=by, account=g.account, at=now())
    except Refusal as refusal:
        passwords.count_wrong()
        if getattr(refusal, "kind", "") != "invalid":
            raise
        return _page(refusal), 422
    passwords.keep_session()
    flash(tell(said))
    return redirect(url_for("choices.show"), 303)


def _page(refusal: Refusal | None = None) -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        sheet = choice_page.choices_page(db, actor(), request.form if refusal else None, refusal)
        return render_page("notices/choices.html", db, actor(), bureau, sheet=sheet)
