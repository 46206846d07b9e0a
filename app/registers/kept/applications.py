"""Applications of candidates (W-5 to W-7, B-6, B-7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import amount, choice, day, number, person, several, text
from app.registers.register import Readers, Register, Row

STATUSES = {
    "submitted": ("已提交", "submitted"),
    "supplement": ("待补正", "to be completed"),
    "rejected": ("不予通过", "rejected"),
    "lapsed": ("逾期未补正", "lapsed"),
    "qualified": ("资格合格", "qualified"),
    "proposed": ("拟聘", "proposed"),
    "not_proposed": ("未列入拟聘", "not proposed"),
    "clear": ("公示无异议", "clear"),
    "held": ("异议核实中", "held"),
    "removed": ("异议成立", "removed"),
    "withdrawn": ("已撤回", "withdrawn"),
    "appointment_refused": ("不予聘任", "appointment refused"),
    "appointed": ("已聘任", "appointed"),
}


class Application(Row):
    """An application and where it stands."""

    __tablename__ = "register_applications"

    campaign: Mapped[str | None] = text("批次", "Campaign", size=100, filtered=True)
    person: Mapped[str | None] = person("报名人", "Applicant", filtered=True)
    channel: Mapped[str | None] = text("报名渠道", "Channel", size=64, filtered=True)
    status: Mapped[str | None] = choice("状态", "Status", STATUSES, filtered=True, sorted=True)
    categories: Mapped[list[Any] | None] = several("所属类别", "Categories")
    submitted_on: Mapped[date | None] = day("提交日期", "Submitted on", filtered=True, sorted=True)
    unit: Mapped[str | None] = text("推荐单位", "Recommending unit", listed=False)
    score: Mapped[Decimal | None] = amount("评分", "Score", internal=True, listed=False)
    rank: Mapped[int | None] = number("排名", "Rank", internal=True, listed=False)
    reason: Mapped[str | None] = text("理由", "Reason", size=None, listed=False)
    id_card: Mapped[str | None] = text("身份证号", "ID number", personal=True, listed=False)
    mobile: Mapped[str | None] = text("手机", "Mobile phone", personal=True, listed=False)


REGISTER = Register(
    "applications",
    Said("报名", "Applications"),
    Said("报名编号", "Number"),
    Application,
    readers=Readers(own=("person",)),
)
