"""Measures that agencies promised in their answers, followed up to the end (B-14, domain.md 2.4.7)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, choice, day, text
from app.registers.register import Readers, Register, Row


class Measure(Row):
    """What an agency undertook to do, and by when."""

    __tablename__ = "register_measures"

    agency: Mapped[str | None] = agency("责任机关", "Agency", filtered=True)
    measures: Mapped[str | None] = text("措施", "Measures", size=None)
    plan_date: Mapped[date | None] = day("计划完成日期", "Planned for", filtered=True, sorted=True)
    done_on: Mapped[date | None] = day("完成日期", "Done on", filtered=True, sorted=True)
    state: Mapped[str | None] = choice(
        "状态",
        "State",
        {"open": ("落实中", "open"), "done": ("已落实", "done"), "dropped": ("不再落实", "dropped")},
        filtered=True,
    )
    evidence: Mapped[str | None] = text("落实情况", "What was done", size=None, listed=False)


REGISTER = Register(
    "measures",
    Said("采纳落实措施", "Measures"),
    Said("监督意见编号", "Opinion"),
    Measure,
    readers=Readers(agency=("agency",)),
)
