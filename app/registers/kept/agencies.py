"""Agencies: the public part of their register, for everybody who works here (W-10-2)."""

from __future__ import annotations

from app.forms import Said
from app.people.access import CASE_LANES
from app.people.models import Organisation
from app.registers.columns import Column
from app.registers.register import Readers, Register

COLUMNS = {
    "name": Column(Said("名称", "Name"), "text", size=200, filtered=True, sorted=True, required=True),
    "name_en": Column(Said("英文名称", "English name"), "text", size=200),
    "duties": Column(Said("职责和执法队伍", "Duties and teams"), "text", listed=False),
    "superior": Column(Said("上级机关", "Superior"), "text", size=200, listed=False),
    "address": Column(Said("地址", "Address"), "text", size=200, listed=False),
    "phone": Column(Said("联系电话", "Telephone"), "text", size=64),
}
LANES = CASE_LANES | {"supervisor", "sys_admin", "process_owner"}

REGISTER = Register(
    "agencies",
    Said("执法机关", "Agencies"),
    Said("代号", "Code"),
    Organisation,
    readers=Readers(lanes=LANES, agency=("ref",), identity=frozenset()),
    writers=frozenset({"sys_admin"}),
    fixed={"kind": "agency"},
    declared=COLUMNS,
)
