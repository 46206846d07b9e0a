"""What was changed in a register, field by field, by whom, when, and in which case; nothing here is ever erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Change(Base):
    """One field of one row, before and after, as JSON; of a personal one only that it was changed."""

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_row", "bureau_id", "register", "row_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    register: Mapped[str] = mapped_column(String(32))
    row_key: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(64))
    old: Mapped[str | None]
    new: Mapped[str | None]
    personal: Mapped[bool]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where a case went on by itself."""
    at: Mapped[datetime]
