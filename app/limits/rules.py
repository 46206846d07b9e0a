"""What a diagram may ask of the world while it runs: working days, policy values, due dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from app.calendar import Calendar, state_council
from app.clock import in_office
from app.definitions.functions import FeelFunction, as_date, lent
from app.definitions.manifest import Policy
from app.definitions.pack import Pack
from app.errors import Invalid, words


@dataclass(frozen=True)
class Count:
    """How a due date came about: so much of a limit from a day that is not counted. A turn keeps it in the journal."""

    policy: str
    amount: int
    start: date
    due: date

    def as_data(self) -> list[Any]:
        """As the journal keeps it."""
        return [self.policy, self.amount, self.start.isoformat(), self.due.isoformat()]

    @staticmethod
    def from_data(row: list[Any]) -> Count:
        """Back from the journal."""
        return Count(str(row[0]), int(row[1]), date.fromisoformat(row[2]), date.fromisoformat(row[3]))


@dataclass(frozen=True)
class Rules:
    """A pack's rules with one bureau's own values laid over them, at one instant."""

    pack: Pack
    calendar: Calendar
    amounts: Mapping[str, int]
    settings: Mapping[str, Any]
    at: datetime

    def amount(self, policy_id: str) -> int:
        """The value of a limit in force now, in the unit of the limit. Raises Invalid for an unknown one."""
        return self.amounts.get(policy_id, self.policy(policy_id).amount)

    def policy(self, policy_id: str) -> Policy:
        """The limit of that id. Raises Invalid."""
        policy = self.pack.policies.get(policy_id)
        if policy is None:
            raise Invalid(words('There is no limit "{policy}" in the policy table.', policy=policy_id))
        return policy

    def due(self, policy_id: str, start: object, at: datetime, facts: Mapping[str, Any]) -> str:
        """The last day of a limit that runs from `start` (default: the day of `at`); that day is not counted (D-25)."""
        return self.count(policy_id, start, at).due.isoformat()

    def count(self, policy_id: str, start: object, at: datetime, *, amount: int | None = None) -> Count:
        """The count behind a due date. `amount`: the value that applied when it began; default: the one in force."""
        policy, first = self.policy(policy_id), as_date(start) if start is not None else in_office(at).date()
        amount = self.amount(policy_id) if amount is None else amount
        if policy.unit == "working_day":
            day = self.calendar.working_days_after(first, amount)
        elif policy.unit == "calendar_day":
            day = self.calendar.calendar_days_after(first, amount, roll=self._rolls(policy))
        else:
            day = self._rolled(months_after(first, amount), policy)
        return Count(policy_id, amount, first, day)

    def _rolls(self, policy: Policy) -> bool:
        """Whether a day of rest at the end moves it on (D-5); a bureau may have switched that off."""
        return policy.roll and self.settings.get("roll_to_workday", True) is not False

    def _rolled(self, day: date, policy: Policy) -> date:
        return self.calendar.rolled(day) if self._rolls(policy) else day

    def provisional(self, due: date) -> bool:
        """Whether a due date rests on a year whose holidays are not announced (D-24)."""
        return self.calendar.is_provisional(self.at.date(), due)

    def functions(self) -> dict[str, FeelFunction]:
        """The functions that expressions may call, by their FEEL names."""
        return lent(self.calendar, self.amount, self.at)


def calendar_of(bureau_settings: Mapping[str, Any]) -> Calendar:
    """The announced days with the bureau's own laid over them."""
    days = {date.fromisoformat(day): worked for day, worked in bureau_settings.get("calendar", {}).items()}
    return state_council().changed(days, bureau_settings.get("announced", []))


def rules_for(pack: Pack, bureau_settings: Mapping[str, Any], at: datetime) -> Rules:
    """The rules of a pack for one bureau: its own policy values, settings and calendar days over the pack's."""
    calendar = calendar_of(bureau_settings)
    settings = {**pack.manifest.settings.as_facts(), **bureau_settings.get("profile", {})}
    return Rules(pack, calendar, bureau_settings.get("policies", {}), settings, at)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    return day + relativedelta(months=months)
