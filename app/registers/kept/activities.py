"""Supervision activities, trainings and meetings (W-4, W-10, B-12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, flag, several, text
from app.registers.register import Register, Row

TYPES = {
    "supervision_routine": ("日常监督", "routine supervision"),
    "supervision_special": ("专项监督", "special supervision"),
    "inspection": ("执法检查", "inspection"),
    "casefile_review": ("案卷评查", "review of files"),
    "normative_review": ("规范性文件审查", "review of normative papers"),
    "research": ("调研", "research"),
    "special_survey": ("专题调查", "survey"),
    "dispute_coordination": ("争议协调", "coordination of disputes"),
    "training": ("培训", "training"),
    "meeting": ("会议", "meeting"),
    "entrusted": ("受委托", "entrusted"),
    "other": ("其他", "other"),
}


class Activity(Row):
    """An activity as it was planned and held."""

    __tablename__ = "register_activities"

    title: Mapped[str | None] = text("名称", "Title")
    type: Mapped[str | None] = choice("类型", "Type", TYPES, filtered=True)
    organizer: Mapped[str | None] = text("组织者", "Organiser", size=100)
    date_from: Mapped[date | None] = day("开始", "From", filtered=True, sorted=True)
    date_to: Mapped[date | None] = day("结束", "To", sorted=True)
    place: Mapped[str | None] = text("地点", "Place")
    agencies: Mapped[list[Any] | None] = several("执法机关", "Agencies")
    supervisors: Mapped[list[Any] | None] = several("监督员", "Supervisors")
    agenda: Mapped[str | None] = text("议程", "Agenda", size=None, listed=False)
    counts_for_absence: Mapped[bool | None] = flag("计入缺席", "Counts for absence", internal=True, listed=False)
    insurance_confirmed: Mapped[bool | None] = flag("已办保险", "Insured", listed=False)
    state: Mapped[str | None] = choice(
        "状态",
        "State",
        {
            "planned": ("已计划", "planned"),
            "convened": ("已召集", "convened"),
            "held": ("已开展", "held"),
            "cancelled": ("已取消", "cancelled"),
        },
        filtered=True,
        sorted=True,
    )


REGISTER = Register(
    "activities",
    Said("监督活动", "Activities"),
    Said("编号", "Number"),
    Activity,
)
