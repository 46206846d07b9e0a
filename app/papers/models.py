"""Tables of papers: the frozen paper, its number series, and drafts with their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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


class PaperDraft(Base):
    """A paper on its way out; once it is distributed, the issued paper bears the same ref.

    `made_of` is what the text is composed from: template, values, what the clerk changed. Facts that move after the
    draft was made do not move it; only its dates are those of the day on which it goes out.
    """

    __tablename__ = "paper_draft"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'numbered', 'issued', 'void')", name="state"),
        Index("ix_paper_draft_case", "case_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    code: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Given when it was signed; one that became void keeps it, so that the series has no gap."""
    made_of: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]


class PaperVersion(Base):
    """What a draft said at one time: after it was composed, and after each round of the clerk's."""

    __tablename__ = "paper_version"
    __table_args__ = (UniqueConstraint("draft_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("paper_draft.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    open: Mapped[dict[str, Any]]
    """The parts that the clerk may change, as they stand."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    @property
    def said(self) -> PaperContent:
        """What the draft said."""
        return from_json(self.content)
