"""Breaches of duty by supervisors (W-11, W-12, B-11)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, day, person, text
from app.registers.register import Register, Row


class Violation(Row):
    """A breach as it was found."""

    __tablename__ = "register_violations"

    person: Mapped[str | None] = person("监督员", "Supervisor", filtered=True)
    code: Mapped[str | None] = text("情形", "Code", size=32, filtered=True)
    found_on: Mapped[date | None] = day("认定日期", "Found on", filtered=True, sorted=True)
    source: Mapped[str | None] = text("来源", "Source", size=64)
    agency: Mapped[str | None] = agency("反映机关", "Reporting agency", filtered=True)
    facts: Mapped[str | None] = text("事实", "Facts", size=None, listed=False)
    disposition: Mapped[str | None] = text("处理", "Disposition", size=64, filtered=True)


REGISTER = Register(
    "violations",
    Said("违规情况", "Violations"),
    Said("编号", "Number"),
    Violation,
)
