"""Publicity of a list (公示): its number, the objections that come in, and what became of each candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.errors import Refusal, words
from app.operations.calling import Call, Effects
from app.operations.registers import changed, enter_row, keep_row
from app.papers.issue import next_number

CLEAR = "clear"


def number_publicity(call: Call) -> Effects:
    """Give the publicity its number `publicity_id`, unless whoever calls it has given one (`given`).

    `roll_to_workday` as the bureau has set it: whether a last day of rest is put off to the next working day (D-5).
    """
    given, roll = call.parameters.get("given"), bool(call.settings.get("roll_to_workday", True))
    if given:
        return Effects({"publicity_id": str(given), "roll_to_workday": roll})
    sequence = next_number(call.db, call.bureau_id, "publicity", call.at.year)
    number = f"{call.at.year}-GS-{sequence:04d}"
    return Effects({"publicity_id": number, "roll_to_workday": roll}, number=number)


def record_objection(call: Call) -> Effects:
    """Enter an objection against one of the candidates, or (`register` clues) what came too late (D-9).

    Raises Refusal where nobody of that number stands on the list.
    """
    register = str(call.parameters.get("register") or "objections")
    candidate, candidates = call.parameters.get("candidate"), call.parameters.get("candidates")
    if candidate not in _numbers(candidates):
        text = words('Nobody on this list has the number "{number}".', number=candidate)
        raise Refusal(text, clauses=["D-8"], fields=["candidate"])
    kind = "YY" if register == "objections" else "XS"
    sequence = next_number(call.db, call.bureau_id, f"{register}", call.at.year)
    number = f"{call.at.year}-{kind}-{sequence:04d}"
    names = ("publicity", "candidate", "objector_type", "received_via", "received_at")
    enter_row(call, register, number, {name: call.parameters.get(name) for name in names})
    return Effects({"objection_no": number}, notes=(changed(register, number),))


def conclude_publicity(call: Call) -> Effects:
    """Say of each candidate whether it is clear, held, removed or withdrawn, in `candidates`, and enter the counts."""
    lists = {state: _texts(call.parameters.get(state)) for state in ("withdrawn", "removed", "held")}
    shown = [
        {**row, "state": _state(str(row.get("application_no")), lists)} for row in _rows(call.parameters["candidates"])
    ]
    counts = dict(Counter(str(row["state"]) for row in shown))
    key = str(call.parameter("key"))
    keep_row(call, "publicities", key, {**_period(call), "state": "closed", **counts})
    return Effects({"candidates": shown, "publicity_closed": True}, notes=(changed("publicities", key),))


def _period(call: Call) -> dict[str, Any]:
    return {"published_on": call.facts.get("publish_date"), "publicity_end": call.facts.get("publicity_end")}


def _state(number: str, lists: Mapping[str, list[str]]) -> str:
    """What weighs most: a candidate who withdrew is not held, one removed is not held either."""
    return next((state for state, numbers in lists.items() if number in numbers), CLEAR)


def _numbers(candidates: object) -> set[str]:
    return {str(row.get("application_no")) for row in _rows(candidates)}


def _rows(candidates: object) -> list[dict[str, Any]]:
    return [row for row in candidates if isinstance(row, dict)] if isinstance(candidates, list) else []


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []
