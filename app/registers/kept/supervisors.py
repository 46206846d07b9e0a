"""Supervisors: a row a term, both its days included (W-7, W-8, B-5, B-7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, flag, person, several, text
from app.registers.register import InForce, Readers, Register, Row

STATUSES = {
    "candidate": ("待聘", "candidate"),
    "active": ("在任", "in office"),
    "suspended": ("暂停履职", "suspended"),
    "expired": ("任期届满", "term ended"),
    "expired_auto_dismissed": ("任期届满自动解聘", "dismissed by end of term"),
    "dismissed": ("已解聘", "dismissed"),
    "resigned": ("已辞任", "resigned"),
    "released": ("已调整退出", "released"),
}
IN_FORCE = frozenset({"active", "suspended"})


class Supervisor(Row):
    """A term of a supervisor; who is appointed again has another row."""

    __tablename__ = "register_supervisors"

    person: Mapped[str | None] = person("姓名", "Name", filtered=True, required=True)
    status: Mapped[str | None] = choice("状态", "Status", STATUSES, filtered=True, sorted=True, required=True)
    term_start: Mapped[date | None] = day("任期开始", "Term begins", filtered=True, sorted=True, required=True)
    term_end: Mapped[date | None] = day("任期届满", "Term ends", filtered=True, sorted=True, required=True)
    letter_no: Mapped[str | None] = text("聘书编号", "Letter of appointment", size=64)
    certificate_no: Mapped[str | None] = text("监督员证编号", "Certificate", size=64)
    categories: Mapped[list[Any] | None] = several("所属类别", "Categories")
    expertise: Mapped[str | None] = text("专业领域", "Field", filtered=True)
    employer: Mapped[str | None] = text("工作单位", "Employer", listed=False)
    mobile: Mapped[str | None] = text("手机", "Mobile phone", personal=True, listed=False)
    id_card: Mapped[str | None] = text("身份证号", "ID number", personal=True, listed=False)
    age_exception: Mapped[str | None] = text(
        "超龄聘任理由", "Reason for an appointment over sixty", size=None, internal=True, listed=False
    )
    protected: Mapped[bool | None] = flag("防止打击报复", "Protected against retaliation", internal=True, listed=False)
    ended_on: Mapped[date | None] = day("离任日期", "Left office on", listed=False)
    ground: Mapped[str | None] = text("离任情形", "Ground of leaving", size=32, listed=False)


REGISTER = Register(
    "supervisors",
    Said("监督员", "Supervisors"),
    Said("任期编号", "Term"),
    Supervisor,
    readers=Readers(own=("person",)),
    writers=frozenset({"bureau_clerk"}),
    in_force=InForce("person", "status", IN_FORCE),
)
