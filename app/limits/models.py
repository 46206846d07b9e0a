"""Tables of what an office administers itself: days of its calendar and values of its limits, nothing ever erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.people.models import new_ref


class DayImport(Base):
    """Days laid over the calendar at once, and how far the running cases have been counted anew since."""

    __tablename__ = "day_import"
    __table_args__ = (Index("ix_day_import_finished", "finished_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(500), default="")
    year: Mapped[int | None]
    """The year whose table is complete from now on; None where only days were changed."""
    last_case_id: Mapped[int] = mapped_column(default=0)
    """The last case that was running when the days were laid; later ones know them already."""
    counted_to: Mapped[int] = mapped_column(default=0)
    """Cases up to this one have been counted anew, in the order of their ids."""
    moved: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    """How many deadlines have moved, and how many would have been shortened and were kept."""
    failed: Mapped[list[Any]] = mapped_column(default=list)
    """Refs of cases that could not be counted; each carries an incident."""
    finished_at: Mapped[datetime | None]


class DayRow(Base):
    """A day as the office has it from that import on; a later row for the same day supersedes it."""

    __tablename__ = "day_row"
    __table_args__ = (Index("ix_day_row_day", "bureau_id", "day", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("day_import.id"))
    day: Mapped[date]
    worked: Mapped[bool]
    before: Mapped[bool | None]
    """What the office's own table said before; None where it said nothing of its own."""
    name: Mapped[str] = mapped_column(String(40), default="")


class LimitChange(Base):
    """A new value of a limit, in force for what is counted from that instant on."""

    __tablename__ = "limit_change"
    __table_args__ = (Index("ix_limit_change_policy", "bureau_id", "policy", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    policy: Mapped[str] = mapped_column(String(32))
    before: Mapped[int]
    amount: Mapped[int]
    why: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
