"""Clues: leads from whatever source, and what was late or set aside (domain.md 2.4.22, D-9)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, choice, day, instant, person, text
from app.registers.register import Register, Row

CHANNELS = {
    "opinion": ("监督意见", "opinion"),
    "12345": ("12345 热线", "hotline 12345"),
    "enterprise": ("企业反映", "enterprise"),
    "letter": ("来信来访", "letter or visit"),
    "media": ("媒体", "media"),
    "late_objection": ("逾期异议", "late objection"),
    "agency_report": ("机关反映", "agency's report"),
    "activity": ("监督活动", "activity"),
    "other": ("其他", "other"),
}


class Clue(Row):
    """A clue and what it led to."""

    __tablename__ = "register_clues"

    author: Mapped[str | None] = person("提出人", "Author", filtered=True)
    agency: Mapped[str | None] = agency("涉及机关", "Agency", filtered=True)
    channel: Mapped[str | None] = choice("来源", "Channel", CHANNELS, filtered=True)
    received_on: Mapped[date | None] = day("收到日期", "Received on", filtered=True, sorted=True)
    facts: Mapped[str | None] = text("事实", "Facts", size=None, listed=False)
    publicity: Mapped[str | None] = text("公示编号", "Publicity", size=100, listed=False)
    candidate: Mapped[str | None] = text("报名编号", "Candidate", size=100, listed=False)
    objector_type: Mapped[str | None] = text("提出方式", "Signed or anonymous", size=32, listed=False)
    received_via: Mapped[str | None] = text("收到途径", "Received by", size=32, listed=False)
    received_at: Mapped[datetime | None] = instant("收到时间", "Received at", listed=False)
    contact: Mapped[str | None] = text("联系方式", "Contact", personal=True, listed=False)
    outcome: Mapped[str | None] = choice(
        "研判结果",
        "Outcome",
        {
            "key": ("挂牌督办", "watched"),
            "ordinary": ("一般线索", "ordinary"),
            "not_in_scope": ("不属范围", "not in scope"),
            "to_opinion": ("转监督意见", "made an opinion"),
        },
        filtered=True,
    )
    reason: Mapped[str | None] = text("理由", "Reason", size=None, listed=False)
    closed_on: Mapped[date | None] = day("办结日期", "Closed on", sorted=True)


REGISTER = Register(
    "clues",
    Said("线索", "Clues"),
    Said("编号", "Number"),
    Clue,
)
