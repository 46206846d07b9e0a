"""Recommendations to hold somebody accountable (B-16d)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, day, text
from app.registers.register import Register, Row


class Recommendation(Row):
    """A recommendation, and the answer to it."""

    __tablename__ = "register_recommendations"

    paper: Mapped[str | None] = text("文号", "Paper", size=100)
    agency: Mapped[str | None] = agency("执法机关", "Agency", filtered=True)
    addressee: Mapped[str | None] = text("受文机关", "Addressee")
    issued_on: Mapped[date | None] = day("发出日期", "Issued on", filtered=True, sorted=True)
    replied_on: Mapped[date | None] = day("答复日期", "Replied on", filtered=True, sorted=True)
    reply: Mapped[str | None] = text("答复内容", "Reply", size=None, listed=False)


REGISTER = Register(
    "recommendations",
    Said("追责建议", "Recommendations"),
    Said("监督意见编号", "Opinion"),
    Recommendation,
)
