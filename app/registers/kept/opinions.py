"""Opinions of supervisors under their gap-free number (W-14, B-13, B-14)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import agency, choice, day, number, person, text
from app.registers.register import Readers, Register, Row

RESULTS = {
    "adopted": ("采纳", "adopted"),
    "partial": ("部分采纳", "adopted in part"),
    "not_adopted": ("不予采纳", "not adopted"),
    "answered": ("已答复", "answered"),
    "correction_ordered": ("已责令纠正", "correction ordered"),
    "rectified": ("已整改", "rectified"),
    "recommended": ("已建议追责", "accountability recommended"),
    "reasons_explained": ("已说明理由", "reasons explained"),
    "not_in_scope": ("不属受理范围", "not in scope"),
    "clue": ("转为线索", "kept as a clue"),
    "merged": ("已并案", "merged"),
    "withdrawn": ("已撤回", "withdrawn"),
    "closed": ("办结", "closed"),
    "closed_no_escalation": ("未提请监督，办结", "closed without escalation"),
}


class Opinion(Row):
    """An opinion and what became of it."""

    __tablename__ = "register_opinions"

    author: Mapped[str | None] = person("提出人", "Author", filtered=True)
    received_on: Mapped[date | None] = day("收到日期", "Received on", filtered=True, sorted=True)
    title: Mapped[str | None] = text("标题", "Title")
    agency: Mapped[str | None] = agency("被监督机关", "Agency", filtered=True)
    subject: Mapped[str | None] = text("意见对象", "Subject", size=64, listed=False)
    result: Mapped[str | None] = choice("结果", "Result", RESULTS, filtered=True, sorted=True)
    into: Mapped[str | None] = text("并入编号", "Merged into", size=100)
    adoption: Mapped[str | None] = text("采纳情况", "Adoption", size=64, filtered=True)
    rating: Mapped[str | None] = text("满意度", "Satisfaction", size=64, filtered=True)
    attitude: Mapped[int | None] = number("态度评分", "Attitude (1 to 5)", listed=False)
    answered_on: Mapped[date | None] = day("答复日期", "Answered on", sorted=True)
    closed_on: Mapped[date | None] = day("办结日期", "Closed on", filtered=True, sorted=True)


REGISTER = Register(
    "opinions",
    Said("监督意见", "Opinions"),
    Said("编号", "Number"),
    Opinion,
    readers=Readers(own=("author",)),
)
