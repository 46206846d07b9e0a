"""How people sign in: password hashes, failed attempts, locks. Nothing here knows a browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, insert, literal, or_, update
from sqlalchemy.orm import Session

from app.db import Instant
from app.errors import Finding, Invalid, words
from app.people.models import Account

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=10)
LEAST_PASSWORD, MOST_PASSWORD = 10, 200
"""Characters of a password; more would only keep the hashing busy."""

LEAST_DIFFERENT = 5
"""Different characters of a password."""


class Passwords:
    """Argon2id over a keyed digest of the password; the salt is the installation's, the hash carries its own too.

    The form is that of Flask-Security, so that either can check what the other has written.
    """

    def __init__(self, salt: str, *, time_cost: int = 3, memory_kib: int = 65_536) -> None:
        self._salt = salt.encode()
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib)
        self._nobody = self.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """The hash that an account keeps."""
        return self._hasher.hash(self._keyed(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is that account's password; without an account the same work is done in vain."""
        sane = password[:MOST_PASSWORD]
        try:
            return self._hasher.verify(kept or self._nobody, self._keyed(sane)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def _keyed(self, password: str) -> str:
        digest = hmac.new(self._salt, password.encode(), hashlib.sha512).digest()
        return base64.b64encode(digest).decode()


def refuse_weak(password: str, username: str = "") -> None:
    """What every new password must keep to, whoever sets it. Raises Invalid."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        text = words("A password has {least} characters or more.", least=LEAST_PASSWORD)
    elif len(set(password)) < LEAST_DIFFERENT or named(password) == named(username):
        text = words("This password is too easy to guess.")
    else:
        return
    raise Invalid(text, [Finding(text, rule="password", field="new_password")])


def set_password(db: Session, account_id: int, password_hash: str) -> str:
    """Give an account a new password and end its sessions; returns the name of the session that may go on."""
    uniquifier = secrets.token_hex(16)
    new = {"password": password_hash, "uniquifier": uniquifier, "failures": 0, "locked_until": None}
    db.execute(update(Account).where(Account.id == account_id).values(**new))
    return uniquifier


def add_account(db: Session, person_id: int, username: str, password_hash: str) -> None:
    """Let a person sign in; user names are kept in lower case."""
    row = {"person_id": person_id, "username": named(username), "password": password_hash, "active": True}
    db.execute(insert(Account).values(**row, uniquifier=secrets.token_hex(16), failures=0))


def named(username: str) -> str:
    """A user name as it is stored and looked for."""
    return username.strip().lower()[:64]


def is_locked(account: Account, at: datetime) -> bool:
    """Whether failed attempts have closed the account for now."""
    return account.locked_until is not None and at < account.locked_until


def failed(db: Session, username: str, *, at: datetime) -> None:
    """Count a failed sign-in; the fifth in a row locks the account for ten minutes. One statement, also for nobody.

    What is tried while the account is locked counts for nothing, so that nobody can keep it locked.
    """
    count = Account.failures + 1
    until = literal(at + LOCKED_FOR, Instant())
    changes = {
        "failures": case((count >= MOST_FAILURES, 0), else_=count),
        "locked_until": case((count >= MOST_FAILURES, until), else_=Account.locked_until),
    }
    free = or_(Account.locked_until.is_(None), Account.locked_until <= at)
    db.execute(update(Account).where(Account.username == named(username), free).values(**changes))


def succeeded(db: Session, account_id: int) -> None:
    """A good sign-in forgets the failed ones."""
    db.execute(update(Account).where(Account.id == account_id).values(failures=0, locked_until=None))


def end_sessions(db: Session, account_id: int) -> None:
    """End every session of the account, wherever its cookie has been copied to."""
    db.execute(update(Account).where(Account.id == account_id).values(uniquifier=secrets.token_hex(16)))
