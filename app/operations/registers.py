"""Operations that write registers: rows are patched in the turn's transaction, and the case's journal says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.journal import Note
from app.operations.calling import Call, Effects
from app.registers.patching import Writing, enter, patch

NAMED = ("register", "key")


def record_register(call: Call) -> Effects:
    """Patch a row of a register: `register`, `key`, and every other parameter as a field.

    A field that the register has not, or cannot keep, stops the step and names both.
    """
    register, key = str(call.parameter("register")), str(call.parameter("key"))
    keep_row(call, register, key, {name: value for name, value in call.parameters.items() if name not in NAMED})
    return Effects(notes=(changed(register, key),))


def record_measure(call: Call) -> Effects:
    """Keep the measures of an adopted opinion for tracking (domain.md 2.4.7)."""
    number = str(call.facts.get("opinion_no"))
    answers = call.answers()
    keep_row(call, "measures", number, {"measures": answers.get("measures"), "plan_date": answers.get("plan_date")})
    return Effects(notes=(changed("measures", number),))


def keep_row(call: Call, register: str, key: str, fields: Mapping[str, Any]) -> None:
    """Lay the given fields over a row, or enter it, for the case of this step."""
    patch(call.db, register, key, fields, _writing(call))


def enter_row(call: Call, register: str, key: str, fields: Mapping[str, Any]) -> None:
    """Enter a row under a number that has just been drawn."""
    enter(call.db, register, key, fields, _writing(call))


def _writing(call: Call) -> Writing:
    return Writing(call.bureau_id, call.by.id if call.by else None, call.at, call.case_id)


def changed(register: str, key: str) -> Note:
    """The entry in the case's journal."""
    return Note("register.changed", data={"register": register, "key": key})
