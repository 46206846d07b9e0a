"""Working days: counting them, reading tables and notices of days of rest, and guessing a year not yet announced."""

from app.calendar.counting import (
    MAX_DAYS,
    Calendar,
    Counted,
    Unit,
    age_on,
    birthday,
    state_council,
)

__all__ = ["MAX_DAYS", "Calendar", "Counted", "Unit", "age_on", "birthday", "state_council"]
