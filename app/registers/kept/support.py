"""Money for what supervision costs the volunteers (W-4-5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import amount, choice, day, person, text
from app.registers.register import Readers, Register, Row


class Support(Row):
    """A settlement for one supervisor."""

    __tablename__ = "register_support"

    person: Mapped[str | None] = person("监督员", "Supervisor", filtered=True)
    activity: Mapped[str | None] = text("活动编号", "Activity", size=100, filtered=True)
    transport: Mapped[Decimal | None] = amount("交通", "Transport")
    meal: Mapped[Decimal | None] = amount("餐费", "Meals")
    insurance: Mapped[Decimal | None] = amount("保险", "Insurance")
    other: Mapped[Decimal | None] = amount("其他", "Other")
    state: Mapped[str | None] = choice(
        "状态",
        "State",
        {
            "filled": ("已填报", "filled in"),
            "confirmed": ("本人已确认", "confirmed"),
            "approved": ("已批准", "approved"),
            "paid": ("已支付", "paid"),
        },
        filtered=True,
        sorted=True,
    )
    paid_on: Mapped[date | None] = day("支付日期", "Paid on", filtered=True, sorted=True)


REGISTER = Register(
    "support",
    Said("经费支持", "Support"),
    Said("编号", "Number"),
    Support,
    readers=Readers(own=("person",)),
)
