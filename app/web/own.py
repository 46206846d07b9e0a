"""What people change about themselves: choices about notices, mail address, password; one's own password is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import g, session

from app import journal
from app.db import Session
from app.errors import Finding, Invalid, Words, words
from app.notify import choices
from app.notify.choices import PERSONAL, Choices
from app.notify.quiet import Quiet
from app.notify.wording import KINDS
from app.people import accounts
from app.people.access import Actor
from app.people.models import Account
from app.web import guard
from app.web.security import passwords

Form = Mapping[str, str]


def chosen_in(form: Form) -> Choices:
    """What a sent form chooses; an hour that is no number is Invalid later, by its field."""
    modes = {kind: {about: form[name] for about in KINDS if (name := f"{kind}.{about}") in form} for kind in PERSONAL}
    hours = {name: _hour(form.get(name, "")) for name in ("digest_hour", "quiet_from", "quiet_to")}
    quiet = Quiet(hours["quiet_from"], hours["quiet_to"])
    return Choices(form.get("mail", "").strip(), modes, hours["digest_hour"], quiet)


def _hour(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1  # noqa: PLR2004 - two digits


def keep_choices(db: Session, form: Form, *, by: Actor, account: Account, at: datetime) -> None:
    """Keep what the form chooses; another mail address needs the person's password. Raises Invalid."""
    chosen = chosen_in(form)
    before = choices.choices_of(db, [by.id]).get(by.id, Choices())
    if chosen.mail != before.mail:
        refuse_wrong_password(form.get("password", ""), account, at)
        _note(db, account, by, "mail", at)
    choices.keep(db, by.id, chosen)


def change_password(db: Session, form: Form, *, by: Actor, account: Account, at: datetime) -> None:
    """A new password for the signed-in person; all other sessions of the account end. Raises Invalid."""
    old, new = form.get("password", ""), form.get("new_password", "")
    refuse_wrong_password(old, account, at)
    accounts.refuse_weak(new, account.username)
    if new == old:
        raise _fault("new_password", words("The new password is the old one."))
    if new != form.get("again", ""):
        raise _fault("again", words("The two new passwords differ."))
    g.goes_on = accounts.set_password(db, account.id, passwords().hash(new))
    _note(db, account, by, "password", at)


def _fault(field: str, text: Words) -> Invalid:
    return Invalid(text, [Finding(text, rule="password", field=field)])


def refuse_wrong_password(password: str, account: Account, at: datetime) -> None:
    """A wrong one counts like one at sign-in, so that an open session is no way to try passwords."""
    if accounts.is_locked(account, at) or not passwords().matches(password, account.password):
        g.wrong_password = account.username
        text = words("The password is not right.")
        raise Invalid(text, [Finding(text, rule="password", field="password")])


def note_wrong_password() -> None:
    """Count a wrong password, in a transaction of its own."""
    username = g.pop("wrong_password", None)
    if username:
        with guard.database().transaction() as db:
            accounts.failed(db, username, at=guard.now())


def after_change() -> None:
    """The session in which the password was changed goes on under the account's new name for it."""
    if uniquifier := g.pop("goes_on", None):
        session[guard.SESSION_KEY] = uniquifier


def _note(db: Session, account: Account, by: Actor, what: str, at: datetime) -> None:
    note = journal.Note("account.changed", data={"username": account.username, "what": what})
    journal.record_outside(db, by.bureau_id, [note], at=at, by=by.id)
