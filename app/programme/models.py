"""Tables of the registers: supervisors, their interests, and rows of the smaller registers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Supervisor(Base):
    """A supervisor's standing: term (both days included), letter and certificate (domain.md 2.8)."""

    __tablename__ = "supervisor"

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    status: Mapped[str] = mapped_column(String(32))
    term_start: Mapped[date]
    term_end: Mapped[date]
    letter_no: Mapped[str] = mapped_column(String(64))
    certificate_no: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("bureau_id", "certificate_no"),)


class Interest(Base):
    """A tie between a person and an agency that recusal looks at (W-13-2)."""

    __tablename__ = "interest"

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    relation: Mapped[str] = mapped_column(String(64))


class RegisterRow(Base):
    """A row of one of the smaller registers: opinions, measures, correction orders, recommendations …"""

    __tablename__ = "register_row"
    __table_args__ = (
        UniqueConstraint("bureau_id", "register", "key"),
        Index("ix_register_row_case", "case_id", "register"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    register: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(100))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    data: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
