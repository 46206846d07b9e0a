"""Tables of papers: the frozen paper and its number series."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.papers.content import PaperContent, from_json
from app.people.models import new_ref


class Series(Base):
    """The last number given in a bureau's series of a year; numbers have no gaps because it moves with its paper."""

    __tablename__ = "number_series"

    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Paper(Base):
    """An issued paper, never changed: what was frozen is what is shown."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("bureau_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    code: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    readers: Mapped[str] = mapped_column(String(100))
    """Who may read it, as words of the readers' list: bureau agency author team."""
    content: Mapped[dict[str, Any]]
    """What it says, as it was frozen; `said` reads it, whatever version it was written in."""
    sha256: Mapped[str] = mapped_column(String(64))

    @property
    def said(self) -> PaperContent:
        """What the paper says. Raises Invalid where its content is of no known version."""
        return from_json(self.content, number=self.number, code=self.code)
