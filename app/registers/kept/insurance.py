"""Insurance for supervision activities (W-4-5, W-7-3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import amount, day, person, text
from app.registers.register import Readers, Register, Row


class Insurance(Row):
    """A policy that covers supervisors."""

    __tablename__ = "register_insurance"

    person: Mapped[str | None] = person("被保险人", "Insured", filtered=True)
    insurer: Mapped[str | None] = text("保险公司", "Insurer")
    valid_from: Mapped[date | None] = day("起期", "From", sorted=True)
    valid_until: Mapped[date | None] = day("止期", "Until", filtered=True, sorted=True)
    activity: Mapped[str | None] = text("活动编号", "Activity", size=100, filtered=True)
    amount: Mapped[Decimal | None] = amount("保额", "Cover")


REGISTER = Register(
    "insurance",
    Said("保险", "Insurance"),
    Said("保单号", "Policy"),
    Insurance,
    readers=Readers(own=("person",)),
    writers=frozenset({"bureau_clerk"}),
)
