"""Letters of appointment and supervisors' certificates (W-9, B-7-3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from app.forms import Said
from app.registers.columns import choice, day, person, text
from app.registers.register import InForce, Readers, Register, Row

KINDS = {"letter": ("聘书", "letter of appointment"), "card": ("监督员证", "certificate")}
STATES = {
    "valid": ("有效", "valid"),
    "void": ("已作废", "void"),
    "returned": ("已交回", "returned"),
    "lost": ("已遗失", "lost"),
    "expired": ("已到期", "expired"),
}


class Certificate(Row):
    """A letter or a card, under its number."""

    __tablename__ = "register_certificates"

    person: Mapped[str | None] = person("持有人", "Holder", filtered=True, required=True)
    kind: Mapped[str | None] = choice("种类", "Kind", KINDS, filtered=True, required=True)
    state: Mapped[str | None] = choice("状态", "State", STATES, filtered=True, sorted=True, required=True)
    issue_date: Mapped[date | None] = day("发证日期", "Issued on", sorted=True, required=True)
    term_start: Mapped[date | None] = day("任期开始", "Term begins")
    term_end: Mapped[date | None] = day("任期届满", "Term ends", filtered=True, sorted=True)
    handed_over_on: Mapped[date | None] = day("领取日期", "Handed over on")
    returned_on: Mapped[date | None] = day("交回日期", "Returned on")
    condition: Mapped[str | None] = text("交回时状况", "Condition on return", listed=False)
    lost_on: Mapped[date | None] = day("遗失日期", "Lost on", listed=False)
    circumstances: Mapped[str | None] = text("遗失情况", "How it was lost", size=None, listed=False)
    voided_on: Mapped[date | None] = day("作废日期", "Void since")
    replaces: Mapped[str | None] = text("替换原编号", "Replaces", size=64, listed=False)


REGISTER = Register(
    "certificates",
    Said("聘书和监督员证", "Letters and certificates"),
    Said("编号", "Number"),
    Certificate,
    readers=Readers(own=("person",)),
    writers=frozenset({"archivist", "bureau_clerk"}),
    in_force=InForce("person", "state", frozenset({"valid"})),
)
