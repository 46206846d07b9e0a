"""Publicities of candidates (W-7-2, B-7-2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, number, text
from app.registers.register import Register, Row


class Publicity(Row):
    """A publicity and what came of it."""

    __tablename__ = "register_publicities"

    campaign: Mapped[str | None] = text("批次", "Campaign", size=100, filtered=True)
    state: Mapped[str | None] = choice(
        "状态",
        "State",
        {"running": ("公示中", "running"), "interrupted": ("中断", "interrupted"), "closed": ("已结束", "closed")},
        filtered=True,
        sorted=True,
    )
    published_on: Mapped[date | None] = day("公示日期", "Published on", filtered=True, sorted=True)
    publicity_end: Mapped[date | None] = day("截止日期", "Last day", filtered=True, sorted=True)
    clear: Mapped[int | None] = number("无异议", "Clear")
    held: Mapped[int | None] = number("核实中", "Held")
    removed: Mapped[int | None] = number("异议成立", "Removed")
    withdrawn: Mapped[int | None] = number("撤回", "Withdrawn")
    url: Mapped[str | None] = text("网址或地点", "Where", listed=False)


REGISTER = Register(
    "publicities",
    Said("公示", "Publicities"),
    Said("公示编号", "Number"),
    Publicity,
)
