"""Matters handed to the organ that is competent (B-19, domain.md 2.4.15)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, day, person, text
from app.registers.register import Register, Row


class Transfer(Row):
    """A matter and where it was sent."""

    __tablename__ = "register_transfers"

    person: Mapped[str | None] = person("涉及监督员", "Supervisor", filtered=True)
    agency: Mapped[str | None] = agency("反映机关", "Reporting agency", filtered=True)
    transfer_to: Mapped[str | None] = text("受移送机关", "Sent to")
    sent_on: Mapped[date | None] = day("移送日期", "Sent on", filtered=True, sorted=True)
    paper: Mapped[str | None] = text("文号", "Paper", size=100)
    facts: Mapped[str | None] = text("事实", "Facts", size=None, listed=False)
    replied_on: Mapped[date | None] = day("回复日期", "Replied on", sorted=True)


REGISTER = Register(
    "transfers",
    Said("移送", "Transfers"),
    Said("编号", "Number"),
    Transfer,
)
