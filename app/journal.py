"""What happened: append-only entries in a chain of seals, one chain per case and one per bureau for the rest."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, insert_rows, keys_of
from app.keyring import KeyRing

NO_SEAL = "0" * 64
KINDS = frozenset(
    "case.started case.closed case.failed case.retried case.acted status.changed task.opened task.completed"
    " task.cancelled task.claimed task.released task.named task.refused task.urged timer.fired message.sent"
    " message.received deadline.changed clock.stopped clock.resumed document.issued register.changed identity.read"
    " calendar.imported release.loaded limit.changed"
    " letter.retried letter.discarded clock.confirmed"
    " release.proposed release.approved release.rejected"
    " account.changed channel.changed file.released".split()
)


class Entry(Base):
    """One entry; `seal` is a keyed digest over its content and the seal before it."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_journal_entry_bureau", "bureau_id", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    element: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    prev: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Note:
    """An entry not yet written. `data` holds no personal field: what is written here can never be erased."""

    kind: str
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """Where a chain ends: the number and seal of its last entry."""

    seq: int = 0
    seal: str = NO_SEAL


@dataclass(frozen=True)
class Chain:
    """Whose chain it is: a case's, or the bureau's own where `case_id` is None."""

    bureau_id: int
    case_id: int | None = None


def record(  # noqa: PLR0913 - the parts of one entry
    db: Session, chain: Chain, head: Head, notes: Sequence[Note], *, at: datetime, by: int | None
) -> Head:
    """Append to the chain that ends at `head`; the caller keeps the new head on the row it has locked."""
    rows = []
    for note in notes:
        assert note.kind in KINDS, note.kind
        row: dict[str, Any] = {
            "bureau_id": chain.bureau_id,
            "case_id": chain.case_id,
            "seq": head.seq + 1,
            "at": at,
            "kind": note.kind,
            "actor_id": by,
            "element": note.element,
            "data": dict(note.data),
            "prev": head.seal,
        }
        row["seal"] = seal_of(keys_of(db), row)
        rows.append(row)
        head = Head(head.seq + 1, row["seal"])
    insert_rows(db, Entry, rows)
    return head


def record_outside(db: Session, bureau_id: int, notes: Sequence[Note], *, at: datetime, by: int | None) -> None:
    """Append to the bureau's own chain; its last row is locked by the advisory lock of the bureau."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": bureau_id})
    last = db.execute(
        select(Entry.seq, Entry.seal)
        .where(Entry.bureau_id == bureau_id, Entry.case_id.is_(None))
        .order_by(Entry.seq.desc())
        .limit(1)
    ).first()
    record(db, Chain(bureau_id), Head(*last) if last else Head(), notes, at=at, by=by)


def seal_of(keys: KeyRing, row: Mapping[str, Any]) -> str:
    """The seal of one entry over all that it says and the entry before."""
    at: datetime = row["at"]
    content = [
        *(row[name] for name in ("bureau_id", "case_id", "seq", "kind", "actor_id", "element", "prev")),
        int(at.timestamp() * 1_000_000),
        row["data"],
    ]
    return keys.seal(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def broken(keys: KeyRing, entries: Iterable[Entry], head: Head | None = None) -> Iterator[str]:
    """What is wrong with a chain, in the order of its entries; nothing where it is whole."""
    last = Head()
    for entry in entries:
        row = {name: getattr(entry, name) for name in Entry.__table__.columns.keys()}  # noqa: SIM118
        if entry.seq != last.seq + 1:
            yield f"entry {last.seq + 1} is missing"
        if entry.prev != last.seal or not hmac.compare_digest(entry.seal, seal_of(keys, row)):
            yield f"entry {entry.seq} has been altered"
        last = Head(entry.seq, entry.seal)
    if head is not None and head != last:
        yield f"the chain ends at {last.seq}, the case says {head.seq}"


def entries_of(db: Session, case_id: int) -> list[Entry]:
    """A case's entries in order."""
    return list(db.scalars(select(Entry).where(Entry.case_id == case_id).order_by(Entry.seq)))
