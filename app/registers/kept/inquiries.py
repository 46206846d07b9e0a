"""Questions and files that supervisors asked of agencies (B-9, B-20)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, choice, day, person, text
from app.registers.register import Readers, Register, Row


class Inquiry(Row):
    """A request and the agency's answer."""

    __tablename__ = "register_inquiries"

    person: Mapped[str | None] = person("监督员", "Supervisor", filtered=True)
    agency: Mapped[str | None] = agency("执法机关", "Agency", filtered=True)
    type: Mapped[str | None] = choice(
        "类型",
        "Type",
        {
            "question": ("询问", "question"),
            "consult_document": ("查阅文件", "document"),
            "enforcement_file": ("查阅案卷", "enforcement file"),
            "progress": ("了解进展", "progress"),
        },
        filtered=True,
    )
    purpose: Mapped[str | None] = text("目的", "Purpose", size=None, listed=False)
    asked_on: Mapped[date | None] = day("提出日期", "Asked on", filtered=True, sorted=True)
    due: Mapped[date | None] = day("答复期限", "Due", sorted=True)
    answered_on: Mapped[date | None] = day("答复日期", "Answered on", sorted=True)
    result: Mapped[str | None] = choice(
        "结果",
        "Result",
        {"provide": ("提供", "provided"), "partly": ("部分提供", "in part"), "refuse": ("不予提供", "refused")},
        filtered=True,
    )
    reason: Mapped[str | None] = text("理由", "Reason", size=None, listed=False)


REGISTER = Register(
    "inquiries",
    Said("询问查阅", "Inquiries"),
    Said("编号", "Number"),
    Inquiry,
    readers=Readers(own=("person",)),
)
