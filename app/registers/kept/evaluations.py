"""Yearly evaluations of supervisors (W-10-5, B-18)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import amount, choice, day, number, person, several, text
from app.registers.register import Readers, Register, Row


class Evaluation(Row):
    """One supervisor's evaluation of one year."""

    __tablename__ = "register_evaluations"

    person: Mapped[str | None] = person("监督员", "Supervisor", filtered=True)
    year: Mapped[int | None] = number("年度", "Year", filtered=True, sorted=True)
    grade: Mapped[str | None] = choice(
        "等次",
        "Grade",
        {
            "excellent": ("优秀", "excellent"),
            "good": ("良好", "good"),
            "competent": ("称职", "competent"),
            "qualified": ("合格", "qualified"),
            "basically_competent": ("基本称职", "basically competent"),
            "unsatisfactory": ("不合格", "unsatisfactory"),
            "not_rated": ("不参加评价", "not rated"),
        },
        filtered=True,
        sorted=True,
    )
    total: Mapped[Decimal | None] = amount("总分", "Total", sorted=True)
    scores: Mapped[list[Any] | None] = several("指标得分", "Scores")
    summary: Mapped[str | None] = text("个人小结", "Own summary", size=None, listed=False)
    objection: Mapped[str | None] = text("异议", "Objection", size=None, listed=False)
    finalised_on: Mapped[date | None] = day("确定日期", "Final on", sorted=True)
    disposition: Mapped[str | None] = text("处理", "Disposition", size=64, internal=True, listed=False)


REGISTER = Register(
    "evaluations",
    Said("年度评价", "Evaluations"),
    Said("人员和年度", "Person and year"),
    Evaluation,
    readers=Readers(own=("person",)),
)
