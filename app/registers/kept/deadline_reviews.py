"""Running deadlines that a new holiday table would have shortened, and that were kept (domain.md 2.7)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import day, text
from app.registers.register import Register, Row


class DeadlineReview(Row):
    """A deadline that was kept, and the day it would have by the new table."""

    __tablename__ = "register_deadline_reviews"

    deadline: Mapped[str | None] = text("时限名", "Deadline", size=64, listed=False)
    policy: Mapped[str | None] = text("时限", "Limit", size=32, filtered=True)
    kept: Mapped[date | None] = day("保留日期", "Kept", filtered=True, sorted=True)
    computed: Mapped[date | None] = day("重算日期", "By the new table", sorted=True)


REGISTER = Register(
    "deadline_reviews",
    Said("时限复核", "Deadline reviews"),
    Said("案件和时限", "Case and limit"),
    DeadlineReview,
)
