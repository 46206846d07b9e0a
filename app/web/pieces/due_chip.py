"""A due date in words: how many working days are left or gone, and whether a colour may agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.calendar import Calendar
from app.errors import Words, words

SOON = 3
"""Working days before the due date from which the chip warns (P-07)."""


@dataclass(frozen=True)
class DueChip:
    """The text of the chip, and its class: late, soon, ok or none."""

    text: Words
    tone: str
    day: date | None = None
    provisional: bool = False


def chip(due: date | None, today: date, calendar: Calendar, *, soon: int = SOON) -> DueChip:
    """The chip of a due date that ends at 24:00; working days are counted without today."""
    if due is None:
        return DueChip(words("no time limit"), "none")
    if due < today:
        return DueChip(_late(calendar.working_days_between(due, today)), "late", due)
    provisional = calendar.is_provisional(today, due)
    if due == today:
        return DueChip(words("due today"), "soon", due, provisional)
    left = calendar.working_days_between(today, due)
    if left == 0:
        return DueChip(words("due before the next working day"), "soon", due, provisional)
    text = words("1 working day left") if left == 1 else words("{count} working days left", count=left)
    return DueChip(text, "soon" if left <= soon else "ok", due, provisional)


def stopped_chip(since: date) -> DueChip:
    """The chip of a task whose clock stands still (停止计时)."""
    return DueChip(words("clock stopped since {day}", day=since), "none")


def _late(count: int) -> Words:
    if count == 0:
        return words("overdue")
    return words("1 working day overdue") if count == 1 else words("{count} working days overdue", count=count)
