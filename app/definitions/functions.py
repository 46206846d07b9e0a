"""The functions that every expression of a pack may call: working days, instants of days, ages, and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from app.calendar import Calendar, age_on
from app.clock import end_of, in_office, start_of
from app.errors import Invalid, words

FeelFunction = Callable[..., object]
FUNCTIONS = (
    "working days after",
    "working days before",
    "calendar days after",
    "is working day",
    "working days between",
    "age on",
    "start of day",
    "end of day",
    "date of",
    "is provisional",
    "policy",
)
"""Their names; `now` and `today` are FEEL's own and are lent with them."""


def lent(calendar: Calendar, amount: Callable[[str], int], at: datetime) -> dict[str, FeelFunction]:
    """The functions by their FEEL names, at one instant. `amount`: the value of a limit in the unit of the limit."""
    return {
        "working days after": lambda day, count: calendar.working_days_after(as_date(day), int(count)),
        "working days before": lambda day, count: calendar.working_days_before(as_date(day), int(count)),
        "calendar days after": lambda day, count: calendar.calendar_days_after(as_date(day), int(count)),
        "is working day": lambda day: calendar.is_working_day(as_date(day)),
        "working days between": lambda start, end: Decimal(calendar.working_days_between(as_date(start), as_date(end))),
        "age on": lambda birth, day: Decimal(age_on(as_date(birth), as_date(day))),
        "start of day": lambda day: start_of(as_date(day)),
        "end of day": lambda day: end_of(as_date(day)),
        "date of": as_date,
        "is provisional": lambda day: calendar.is_provisional(at.date(), as_date(day)),
        "policy": lambda policy_id: Decimal(amount(str(policy_id))),
        "now": lambda: in_office(at),
        "today": lambda: in_office(at).date(),
    }


def limits(amounts: Mapping[str, int]) -> Callable[[str], int]:
    """Look limits up in a table; one that is not there is Invalid."""

    def amount(policy_id: str) -> int:
        if policy_id not in amounts:
            raise Invalid(words('There is no limit "{policy}" in the policy table.', policy=policy_id))
        return amounts[policy_id]

    return amount


def as_date(value: object) -> date:
    """The office's date of a date, an instant or an ISO text; anything else is Invalid."""
    if isinstance(value, datetime):
        return in_office(value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == len("2026-01-01") else as_instant(value).date()
        except ValueError:
            pass
    raise Invalid(words('"{value}" is no date.', value=str(value)))


def as_instant(value: str) -> datetime:
    """An ISO text as an instant of the office. Raises ValueError."""
    return in_office(datetime.fromisoformat(value))
