"""Orders to correct (B-16c)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, choice, day, text
from app.registers.register import Readers, Register, Row


class CorrectionOrder(Row):
    """An order to an agency, and whether it was followed."""

    __tablename__ = "register_correction_orders"

    agency: Mapped[str | None] = agency("执法机关", "Agency", filtered=True)
    opinion_no: Mapped[str | None] = text("监督意见编号", "Opinion", size=100, filtered=True)
    issued_on: Mapped[date | None] = day("发出日期", "Issued on", filtered=True, sorted=True)
    due: Mapped[date | None] = day("整改期限", "To be done by", filtered=True, sorted=True)
    status: Mapped[str | None] = choice(
        "状态",
        "Status",
        {
            "open": ("整改中", "open"),
            "reported": ("已报告", "reported"),
            "rectified": ("已整改", "rectified"),
            "not_passed": ("未通过", "not passed"),
            "withdrawn": ("已撤销", "withdrawn"),
        },
        filtered=True,
        sorted=True,
    )
    measures: Mapped[str | None] = text("整改措施", "Measures", size=None, listed=False)
    done_on: Mapped[date | None] = day("完成日期", "Done on", sorted=True)


REGISTER = Register(
    "correction_orders",
    Said("责令纠正通知", "Correction orders"),
    Said("文号", "Number"),
    CorrectionOrder,
    readers=Readers(agency=("agency",)),
)
