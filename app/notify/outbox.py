"""Notices as rows, written in the transaction of what they tell of; recipients are a person or a lane.

A row holds what it is about and names only; no personal data of anybody beyond the recipient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, insert_rows

ABOUT = frozenset(
    "assigned returned due_soon overdue urged supervised copied objection_filed result deadline_changed"
    " publicity_ends term_60 term_30 term_7 meeting_due evaluation_opens return_items alert"
    " taken_back unmanned".split()
)


class NoticeRow(Base):
    """One notice to one person, or to everybody who serves a lane in an organisation."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person", "person_id", "id"),
        Index("ix_notice_lane", "organisation_id", "lane", "id"),
        Index(
            "ix_notice_unspread",
            "id",
            sqlite_where=text("spread_at IS NULL"),
            postgresql_where=text("spread_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lane: Mapped[str | None] = mapped_column(String(64))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    about: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    spread_at: Mapped[datetime | None]
    """When it was dealt out to the channels of its recipients; until then the row is its own place in the outbox."""


@dataclass(frozen=True)
class Notice:
    """A notice not yet written: to a person, or to a lane in an organisation."""

    about: str
    person_id: int | None = None
    lane: str | None = None
    organisation_id: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)


def tell(db: Session, bureau_id: int, notices: Sequence[Notice], *, at: datetime, case_id: int | None = None) -> None:
    """Write the notices; one statement however many."""
    for notice in notices:
        assert notice.about in ABOUT, notice.about
    rows = [
        {
            "bureau_id": bureau_id,
            "case_id": case_id,
            "person_id": notice.person_id,
            "lane": notice.lane,
            "organisation_id": notice.organisation_id,
            "about": notice.about,
            "data": dict(notice.data),
            "at": at,
        }
        for notice in _each_once(notices)
    ]
    insert_rows(db, NoticeRow, rows)


def _each_once(notices: Sequence[Notice]) -> list[Notice]:
    """Nobody is told twice of the same thing in one turn."""
    seen: dict[tuple[object, ...], Notice] = {}
    for notice in notices:
        subject = (
            notice.about,
            notice.person_id,
            notice.lane,
            notice.organisation_id,
            repr(sorted(notice.data.items())),
        )
        seen.setdefault(subject, notice)
    return list(seen.values())
