"""Ties to agencies that recusal looks at, of supervisors and of officers (W-13-2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, day, person, text
from app.registers.register import Readers, Register, Row


class Interest(Row):
    """A tie between somebody and an agency."""

    __tablename__ = "register_interests"

    person: Mapped[str | None] = person("本人", "Person", filtered=True)
    name: Mapped[str | None] = text("执法人员姓名", "Officer's name", size=100, filtered=True)
    card_no: Mapped[str | None] = text("执法证号", "Enforcement card", size=64, filtered=True)
    agency: Mapped[str | None] = agency("执法机关", "Agency", filtered=True, required=True)
    relation: Mapped[str | None] = text("关系", "Relation", size=64, required=True)
    kin_name: Mapped[str | None] = text("亲属姓名", "Name of kin", personal=True, listed=False)
    declared_on: Mapped[date | None] = day("申报日期", "Declared on", sorted=True)
    ended_on: Mapped[date | None] = day("终止日期", "Ended on")
    note: Mapped[str | None] = text("说明", "Remark", size=None, listed=False)


REGISTER = Register(
    "interests",
    Said("利害关系", "Interests"),
    Said("登记号", "Entry"),
    Interest,
    readers=Readers(own=("person",)),
    writers=frozenset({"bureau_clerk"}),
)
