"""Extending a deadline (办理延期): until when it may be asked for, and how far it may reach (domain.md 2.4.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from app.errors import Conflict, Refusal, words
from app.limits.deadlines import Deadline

LIMIT = "P-06"


def refuse_late(deadline: Deadline, *, on: date) -> None:
    """A deadline ends at 24:00 of its day (D-23); what is over cannot be extended. Raises Conflict."""
    if on > deadline.due:
        text = words("The deadline {due} has passed; it can no longer be extended.", due=deadline.due.isoformat())
        raise Conflict(text, clauses=[LIMIT], fields=["new_due"])


def refuse_too_long(deadline: Deadline, new: date, functions: Mapping[str, Callable[..., object]]) -> None:
    """The new date counts from the old one, by working days. Raises Refusal with the last day that is allowed."""
    amount = int(str(functions["policy"](LIMIT)))
    last = functions["working days after"](deadline.due, amount)
    if isinstance(last, date) and deadline.due < new <= last:
        return
    text = words(
        "The new date must lie after {old} and not after {last} ({amount} working days).",
        old=deadline.due.isoformat(),
        last=str(last),
        amount=amount,
    )
    raise Refusal(text, clauses=[LIMIT], fields=["new_due"])
