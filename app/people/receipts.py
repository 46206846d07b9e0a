"""Receipts: the answer to a request that carried a key of its own, so that the same request again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, insert_new, keys_of
from app.errors import Finding, Invalid, words

PLACE = "receipt.body"
KEPT = timedelta(days=30)


class Receipt(Base):
    """What was answered to a person's request of that key; the body is encrypted, since it may name people."""

    __tablename__ = "receipt"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Keyed, of what was asked: method, address, body."""
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Request:
    """A person's request: its key, and the keyed digest of what it asks."""

    person_id: int
    key: str
    digest: str


@dataclass(frozen=True)
class Kept:
    """The answer that the request has got before."""

    status: int
    location: str | None
    body: str


def claim(db: Session, request: Request, *, at: datetime) -> Kept | None:
    """Take the key for this transaction, or give back what it has brought already. Three statements at most.

    Of two at once the second waits here until the first has committed (the primary key makes it). Raises Invalid where
    the key belongs to another request.
    """
    mine = Receipt.person_id == request.person_id
    db.execute(delete(Receipt).where(mine, Receipt.at < at - KEPT))
    row = {"person_id": request.person_id, "key": request.key, "digest": request.digest, "status": 0, "body": ""}
    if insert_new(db, Receipt, {**row, "at": at}):
        return None
    kept = found(db, request)
    assert kept is not None
    return kept


def found(db: Session, request: Request) -> Kept | None:
    """The answer that the request has got before; one statement. Raises Invalid where the key belongs to another."""
    mine = Receipt.person_id == request.person_id, Receipt.key == request.key
    row = db.scalars(select(Receipt).where(*mine)).one_or_none()
    if row is None:
        return None
    if row.digest != request.digest:
        fault = Finding(words("Use a new key for a new request."), rule="idempotency", field="Idempotency-Key")
        raise Invalid(words("This key was sent before with another request."), [fault])
    return Kept(row.status, row.location, keys_of(db).decrypt(row.body, PLACE))


def keep(db: Session, request: Request, answer: Kept) -> None:
    """Keep the answer with what the request has changed; both are committed together."""
    sealed = keys_of(db).encrypt(answer.body, PLACE)
    changes = {"status": answer.status, "location": answer.location, "body": sealed}
    mine = Receipt.person_id == request.person_id, Receipt.key == request.key
    db.execute(update(Receipt).where(*mine).values(**changes))
