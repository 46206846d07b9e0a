"""Papers by their number (domain.md 2.6, 2.8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import day, text
from app.registers.register import Register, Row


class Document(Row):
    """A paper's entry."""

    __tablename__ = "register_documents"

    code: Mapped[str | None] = text("文书种类", "Kind", size=16, filtered=True)
    title: Mapped[str | None] = text("标题", "Title")
    issued_on: Mapped[date | None] = day("发文日期", "Issued on", filtered=True, sorted=True)
    addressee: Mapped[str | None] = text("主送", "Addressee", size=None)
    opinion_no: Mapped[str | None] = text("监督意见编号", "Opinion", size=100, filtered=True)
    archived_on: Mapped[date | None] = day("归档日期", "Archived on", listed=False)


REGISTER = Register(
    "documents",
    Said("文书", "Papers"),
    Said("文号", "Number"),
    Document,
)
