"""How near a due date is: the three colours and the two levels of lateness, as days that a query can compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_

from app.limits.rules import Rules

Colour = Literal["green", "amber", "level1", "level2", "none"]
COLOURS: tuple[Colour, ...] = ("level2", "level1", "amber", "green", "none")
REMIND, ESCALATE = "P-07", "P-09"
USUAL = {REMIND: 3, ESCALATE: 5}
"""Working days where a pack says nothing of these limits (domain.md 2.7)."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Marks:
    """The days between the colours, as seen on `today` (domain.md 2.7, 2.11).

    `amber`: the last due date that is no more than P-07 working days off. `level2`: the last due date that is more than
    P-09 working days past; level 1 begins the day after the due date.
    """

    today: date
    amber: date
    level2: date
    sunday: date
    """The last day of this week."""

    def colour(self, due: date | None) -> Colour:
        """The colour of a due date."""
        if due is None:
            return "none"
        if due < self.today:
            return "level2" if due <= self.level2 else "level1"
        return "amber" if due <= self.amber else "green"

    def within(self, colour: str, due: Any) -> ColumnElement[bool]:
        """The condition that a column of due dates has that colour; `red` is both levels, `week` due this week."""
        conditions: dict[str, ColumnElement[bool]] = {
            "red": due < self.today,
            "level1": and_(due < self.today, due > self.level2),
            "level2": due <= self.level2,
            "amber": and_(due >= self.today, due <= self.amber),
            "green": due > self.amber,
            "week": and_(due >= self.today, due <= self.sunday),
            "none": due.is_(None),
        }
        return conditions[colour]


WITHIN = ("red", "level1", "level2", "amber", "green", "none", "week")


def marks_of(rules: Rules) -> Marks:
    """The marks of a bureau at the instant of its rules, by its own calendar and limits."""
    today, calendar = rules.at.date(), rules.calendar
    past = calendar.working_days_before(today + A_DAY, amount(rules, ESCALATE) + 1) - A_DAY
    ahead = calendar.working_days_after(today, amount(rules, REMIND) + 1) - A_DAY
    return Marks(today, ahead, past, today + timedelta(days=6 - today.weekday()))


def amount(rules: Rules, limit: str) -> int:
    """P-07 or P-09 in working days, as the bureau has set it."""
    return rules.amount(limit) if limit in rules.pack.policies else USUAL[limit]
