"""Who came to an activity, was excused, or stayed away (W-15-3, B-17-3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, flag, person, text
from app.registers.register import Readers, Register, Row


class Attendance(Row):
    """One supervisor at one activity."""

    __tablename__ = "register_attendance"

    activity: Mapped[str | None] = text("活动编号", "Activity", size=100, filtered=True)
    person: Mapped[str | None] = person("监督员", "Supervisor", filtered=True)
    held_on: Mapped[date | None] = day("日期", "Date", filtered=True, sorted=True)
    rsvp: Mapped[str | None] = choice(
        "回复", "Reply", {"attend": ("参加", "attends"), "leave": ("请假", "asks leave")}, listed=False
    )
    outcome: Mapped[str | None] = choice(
        "出席情况",
        "Outcome",
        {
            "present": ("出席", "present"),
            "excused": ("请假获准", "excused"),
            "unexcused": ("无故缺席", "unexcused"),
            "absent": ("缺席待认定", "absent"),
        },
        filtered=True,
        sorted=True,
    )
    cert_shown: Mapped[bool | None] = flag("已出示证件", "Certificate shown", listed=False)
    reason: Mapped[str | None] = text("原因", "Reason", size=None, listed=False)
    countable: Mapped[bool | None] = flag("计入解聘缺席", "Counts")


REGISTER = Register(
    "attendance",
    Said("出席", "Attendance"),
    Said("活动和人员", "Activity and person"),
    Attendance,
    readers=Readers(own=("person",)),
)
