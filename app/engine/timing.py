"""Instants, due dates and durations from whatever an expression gave: always with an offset, China's by default."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from app import feel

CHINA = timezone(timedelta(hours=8))
_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


_NEGATIVE = re.compile(r"-P|P.*-")
_CYCLE = re.compile(r"R(?P<count>\d{0,9})/(?P<every>P.+)")
_EPOCH = datetime(2026, 1, 1, tzinfo=CHINA)
PERIOD = timedelta(seconds=60)


def instant(value: object) -> datetime:
    """An instant from a date-time, a date (its 00:00) or ISO text; without an offset it is China's time.

    Raises ValueError for anything else, a duration too.
    """
    text = feel.to_json(value)
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not an instant")
    stamp, _, zone = text.partition("@")
    found = datetime.fromisoformat(stamp)
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone) if zone else CHINA)
    return found.astimezone(CHINA)


def due_date(value: object) -> str | None:
    """A date as `YYYY-MM-DD` from a date, a date-time or ISO text; None stays None. Raises ValueError."""
    text = feel.to_json(value)
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a date")
    if len(text) == 10:
        return date.fromisoformat(text).isoformat()
    return instant(text).date().isoformat()


def cycle(value: object) -> tuple[int | None, str]:
    """How often (None: without end) and the period of an ISO cycle, `R3/PT24H` or `R/P7D`. Raises ValueError.

    A period shorter than a minute is refused.
    """
    text = feel.to_json(value)
    match = _CYCLE.fullmatch(text) if isinstance(text, str) else None
    if match is None or match["count"] == "0":
        raise ValueError(f"{text!r} is not a cycle")
    if after(match["every"], _EPOCH) - _EPOCH < PERIOD:
        raise ValueError(f"the period of {text!r} is shorter than {PERIOD.seconds} seconds")
    return int(match["count"]) if match["count"] else None, match["every"]


def after(value: object, start: datetime, *, times: int = 1) -> datetime:
    """The instant some durations (FEEL's or ISO text) after `start`. Months keep the day, or the month's last.

    Raises ValueError for what is no duration, and for a negative one.
    """
    text = feel.to_json(value)
    if isinstance(text, str) and is_negative(text):
        raise ValueError(f"{text} is negative, and a timer only counts forward")
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    parts = {key: float(part) for key, part in match.groupdict().items() if part} if match else {}
    if match is None or not parts:
        raise ValueError(f"{text!r} is not a duration")
    months = times * int(parts.pop("years", 0) * 12 + parts.pop("months", 0))
    return start + relativedelta(months=months) + times * timedelta(**parts)


def is_negative(text: str) -> bool:
    """Whether an ISO duration goes backwards, `-P1D` or `PT-1H`: no timer fires before it is armed."""
    return _NEGATIVE.search(text) is not None


def is_late(due: str | None, at: datetime) -> bool:
    """Whether a due date, which ends at 24:00, is over at that instant."""
    return due is not None and at.astimezone(CHINA).date().isoformat() > due
