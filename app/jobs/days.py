"""Days of the holiday table: laid at once, then each running case is counted anew in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.calendar.given import Named
from app.cases import previews, recounting
from app.db import Database
from app.limits.calendars import DayChange
from app.people.access import Actor


def import_days(database: Database, days: Mapping[date, bool], *, year: int | None, by: Actor, at: datetime) -> int:
    """Lay days over the holiday table, then count each running case anew in a transaction of its own (D-24).

    Returns how many deadlines have moved. Raises NotAllowed for anybody but the system administrator, Invalid for
    absurd days.
    """
    change = DayChange({day: Named(worked) for day, worked in days.items()}, year)
    with database.transaction() as db:
        previews.lay(db, change, by=by, at=at)
    return recounting.finish(database, at)
