"""One's own password: asked before what matters, counted when wrong, changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import g, session

from app import journal
from app.db import Session
from app.errors import Finding, Invalid, Words, words
from app.people import accounts, tokens
from app.people.access import Actor
from app.people.models import Account
from app.web import guard
from app.web.security import passwords


def is_own(password: str, account: Account, at: datetime) -> bool:
    """Whether it is this account's; a wrong one is remembered for `count_wrong`, a locked account has none."""
    if accounts.is_locked(account, at) or not passwords().matches(password, account.password):
        g.wrong_password = account.username
        return False
    return True


def refuse_wrong(password: str, account: Account, at: datetime) -> None:
    """A wrong one counts like one at sign-in, so that an open session is no way to try passwords. Raises Invalid."""
    if not is_own(password, account, at):
        raise _fault("password", words("The password is not right."))


def count_wrong() -> None:
    """Count a wrong password of this request, in a transaction of its own."""
    username = g.pop("wrong_password", None)
    if username:
        with guard.database().transaction() as db:
            accounts.failed(db, username, at=guard.now())


def change(db: Session, form: Mapping[str, str], *, by: Actor, account: Account, at: datetime) -> None:
    """A new password for the signed-in person; all other sessions of the account end. Raises Invalid."""
    old, new = form.get("password", ""), form.get("new_password", "")
    refuse_wrong(old, account, at)
    accounts.refuse_weak(new, account.username)
    if new == old:
        raise _fault("new_password", words("The new password is the old one."))
    if new != form.get("again", ""):
        raise _fault("again", words("The two new passwords differ."))
    g.goes_on = accounts.set_password(db, account.id, passwords().hash(new))
    tokens.end_all(db, account.person_id, at=at)
    note_change(db, account, by, "password", at)


def keep_session() -> None:
    """The session in which the password was changed goes on under the account's new name for it."""
    if uniquifier := g.pop("goes_on", None):
        session[guard.SESSION_KEY] = uniquifier


def note_change(db: Session, account: Account, by: Actor, what: str, at: datetime) -> None:
    """The bureau's own chain says what a person has changed of their account."""
    note = journal.Note("account.changed", data={"username": account.username, "what": what})
    journal.record_outside(db, by.bureau_id, [note], at=at, by=by.id)


def _fault(field: str, text: Words) -> Invalid:
    return Invalid(text, [Finding(text, rule="password", field=field)])
