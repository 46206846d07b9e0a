"""Recruitment campaigns (W-7-1, B-7-1); the fields of `draft_plan`."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, number, several, text
from app.registers.register import Register, Row


class Campaign(Row):
    """A campaign as it was approved."""

    __tablename__ = "register_campaigns"

    campaign_name: Mapped[str | None] = text("批次名称", "Name")
    state: Mapped[str | None] = choice(
        "状态",
        "State",
        {
            "draft": ("拟定中", "draft"),
            "open": ("报名中", "open"),
            "closed": ("报名截止", "closed"),
            "publicity": ("公示中", "in publicity"),
            "appointed": ("已聘任", "appointed"),
            "cancelled": ("已取消", "cancelled"),
        },
        filtered=True,
        sorted=True,
    )
    mode: Mapped[str | None] = choice(
        "发布方式",
        "Announced by",
        {
            "public_announcement": ("公告", "announcement"),
            "unit_invitation": ("邀请单位推荐", "invitation of units"),
            "both": ("两种方式", "both"),
        },
        filtered=True,
    )
    quota: Mapped[int | None] = number("拟聘人数", "Places", sorted=True)
    apply_open: Mapped[date | None] = day("报名开始", "Opens", filtered=True, sorted=True)
    apply_close: Mapped[date | None] = day("报名截止", "Closes", filtered=True, sorted=True)
    expected_appointment_date: Mapped[date | None] = day("预计聘任日期", "Expected appointment", sorted=True)
    term_start_expected: Mapped[date | None] = day("预计任期开始", "Expected start of term", listed=False)
    channels: Mapped[list[Any] | None] = several("报名方式", "Ways to apply")
    categories: Mapped[list[Any] | None] = several("范围", "Categories")
    extra_conditions: Mapped[list[Any] | None] = several("其他条件", "Further conditions")
    required_materials: Mapped[list[Any] | None] = several("提交材料", "Papers to hand in")
    contact: Mapped[str | None] = text("联系人及电话", "Contact", listed=False)
    complaint_phone: Mapped[str | None] = text("监督电话", "Complaints", size=64, listed=False)
    invited_units: Mapped[list[Any] | None] = several("受邀单位", "Invited units")
    basis: Mapped[str | None] = text("依据", "Basis", listed=False)


REGISTER = Register(
    "campaigns",
    Said("选聘批次", "Campaigns"),
    Said("编号", "Number"),
    Campaign,
)
