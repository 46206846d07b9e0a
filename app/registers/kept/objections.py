"""Objections to candidates, with who made them kept apart (D-8, domain.md 2.4.4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, instant, text
from app.registers.register import IDENTITY_LANES, Readers, Register, Row


class Objection(Row):
    """An objection and how it was decided."""

    __tablename__ = "register_objections"

    publicity: Mapped[str | None] = text("公示编号", "Publicity", size=100, filtered=True)
    candidate: Mapped[str | None] = text("报名编号", "Candidate", size=100, filtered=True)
    objector_type: Mapped[str | None] = text("提出方式", "Signed or anonymous", size=32, filtered=True)
    received_via: Mapped[str | None] = text("收到途径", "Received by", size=32)
    received_at: Mapped[datetime | None] = instant("收到时间", "Received at", sorted=True)
    objector_name: Mapped[str | None] = text("提出人姓名", "Objector", personal=True, listed=False)
    objector_phone: Mapped[str | None] = text("提出人电话", "Objector's phone", personal=True, listed=False)
    outcome: Mapped[str | None] = choice(
        "结果",
        "Outcome",
        {
            "sustained": ("成立", "sustained"),
            "not_sustained": ("不成立", "not sustained"),
            "withdrawn": ("候选人撤回", "candidate withdrew"),
        },
        filtered=True,
        sorted=True,
    )
    closed_on: Mapped[date | None] = day("办结日期", "Closed on", sorted=True)


REGISTER = Register(
    "objections",
    Said("异议", "Objections"),
    Said("异议编号", "Number"),
    Objection,
    readers=Readers(lanes=IDENTITY_LANES),
)
