"""Tokens: what a person gives to a script that acts for them, with exactly the rights that the person has just then."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base
from app.errors import Conflict, Finding, Invalid, NotFound, words
from app.people.access import Actor, actor_beside
from app.people.models import Account, new_ref

MARK = "duban_"
"""How every token begins, so that a scanner of repositories can find one that was left lying about."""
SECRET_BYTES = 32
LONGEST = 365
MOST_LIVE = 20
LONGEST_NAME = 60


class Token(Base):
    """A token of a person; only the SHA-256 of its secret is kept, which 256 random bits need no salt for."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    read_only: Mapped[bool]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    """The day only: when exactly somebody works is nobody's business."""
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Wish:
    """What a person asks of a new token. `days`: calendar days until it ends."""

    name: str
    days: int
    read_only: bool


@dataclass(frozen=True)
class Bearer:
    """Whom a token stands for: the account, and the person with the rights of this moment."""

    token: Token
    account: Account
    by: Actor


def make(db: Session, wish: Wish, *, by: Actor, at: datetime) -> tuple[Token, str]:
    """A new token with its secret, which is never to be had again. Raises Invalid (name, days), Conflict (too many)."""
    _refuse(wish)
    live = Token.person_id == by.id, Token.revoked_at.is_(None), Token.expires_at > at
    if (db.scalar(select(func.count(Token.id)).where(*live)) or 0) >= MOST_LIVE:
        raise Conflict(words("You have {count} tokens; revoke one that is no longer used first.", count=MOST_LIVE))
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    token = Token(
        person_id=by.id,
        name=wish.name.strip(),
        digest=_digest(secret),
        read_only=wish.read_only,
        made_at=at,
        expires_at=at + timedelta(days=wish.days),
    )
    db.add(token)
    db.flush()
    return token, secret


def bearer(db: Session, secret: str, *, username: str | None = None, at: datetime) -> Bearer | None:
    """Whom the secret stands for at this instant; None for one unknown, ended or revoked, or of a closed account.

    `username` must be the account's where it is given, as in HTTP basic authentication. One statement.
    """
    found = actor_beside(db, Token, Token.digest == _digest(secret), Token.revoked_at.is_(None), Token.expires_at > at)
    if found is None:
        return None
    token, account, by = found
    named = username is None or username.strip().lower() == account.username
    return Bearer(token, account, by) if account.active and named else None


def used(db: Session, token: Token, *, on: date) -> None:
    """Remember the day of the last use; one statement, on the first use of a day."""
    db.execute(update(Token).where(Token.id == token.id).values(last_used_on=on))


def tokens_of(db: Session, by: Actor) -> list[Token]:
    """A person's own tokens that are not revoked, the newest first."""
    query = select(Token).where(Token.person_id == by.id, Token.revoked_at.is_(None))
    return list(db.scalars(query.order_by(Token.id.desc())))


def revoke(db: Session, ref: str, *, by: Actor, at: datetime) -> Token:
    """End one of one's own tokens at once. Raises NotFound."""
    query = select(Token).where(Token.ref == ref, Token.person_id == by.id, Token.revoked_at.is_(None))
    token = db.scalar(query)
    if token is None:
        raise NotFound(words("There is no such token here."))
    token.revoked_at = at
    db.flush()
    return token


def end_all(db: Session, person_id: int, *, at: datetime) -> None:
    """End every token of a person: with a new password, a locked account, the loss of all posts (P6)."""
    live = Token.person_id == person_id, Token.revoked_at.is_(None)
    db.execute(update(Token).where(*live).values(revoked_at=at))


def _refuse(wish: Wish) -> None:
    faults = []
    if not 1 <= len(wish.name.strip()) <= LONGEST_NAME or not wish.name.isprintable():
        faults.append(Finding(words("Give it a name of at most {count} characters.", count=LONGEST_NAME), field="name"))
    if not 1 <= wish.days <= LONGEST:
        faults.append(Finding(words("It may last 1 to {count} days.", count=LONGEST), field="days"))
    if faults:
        raise Invalid(words("The token cannot be made like this."), faults)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
