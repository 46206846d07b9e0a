"""Dates, times and durations from text and to text (DMN 1.5, 10.3.2.3; microseconds)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.errors import words

from . import far
from .values import Months, NoValue, Value

_DATE = r"(?P<year>-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
_IS_DATE = re.compile(_DATE)
_IS_TIME = re.compile(_CLOCK + _ZONE)
_IS_DATE_TIME = re.compile(f"{_DATE}T{_CLOCK}{_ZONE}")
_IS_MONTHS = re.compile(r"(?P<sign>-?)P(?=.)(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?")
_IS_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]*))?S)?)?"
)
MAX_OFFSET = 18 * 3600
MAX_DATE = 16  # characters: -999999999-12-31
Built = TypeVar("Built")


def _wrong(text: str) -> NoValue:
    return NoValue(words("{text} is not a date, a time or a duration", text=text[:60]))


def parse_date(text: str) -> Value:
    """Return the date `YYYY-MM-DD`; raises NoValue."""
    if len(text) > MAX_DATE:
        raise _wrong(text)
    return _date(text)


@lru_cache(maxsize=1024)
def _date(text: str) -> Value:
    found = _IS_DATE.fullmatch(text)
    if found is None:
        raise _wrong(text)
    return _built(text, lambda: far.day(int(found["year"]), int(found["month"]), int(found["day"])))


def parse_time(text: str) -> time:
    """Return the time `hh:mm:ss`, with a fraction, an offset or `@zone` if given; raises NoValue."""
    found = _IS_TIME.fullmatch(text)
    if found is None:
        raise _wrong(text)
    return _built(text, lambda: _clock(found))


def parse_date_time(text: str) -> Value:
    """Return the date and time `YYYY-MM-DDThh:mm:ss…`; a date alone means 00:00:00; raises NoValue."""
    found = _IS_DATE_TIME.fullmatch(text)
    if found is None:
        return far.at(parse_date(text), time(0))
    day = parse_date(text.partition("T")[0])
    if found["hour"] == "24" and not int(found["minute"] + found["second"] + (found["fraction"] or "")):
        midnight = time(0, tzinfo=zone(found["zone"]))
        return _built(text, lambda: far.at(far.later(day, timedelta(1)), midnight))
    return _built(text, lambda: far.at(day, _clock(found)))


def parse_duration(text: str) -> Months | timedelta:
    """Return `P1Y2M` as Months, `P1DT2H3M4.5S` as a timedelta; raises NoValue."""
    found = _IS_MONTHS.fullmatch(text)
    if found:
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return Months(-months if found["sign"] else months)
    parts = _IS_DURATION.fullmatch(text)
    if parts is None:
        raise _wrong(text)
    return _built(text, lambda: _span(parts))


def _span(parts: re.Match[str]) -> timedelta:
    length = timedelta(
        days=int(parts["days"] or 0),
        hours=int(parts["hours"] or 0),
        minutes=int(parts["minutes"] or 0),
        seconds=int(parts["seconds"] or 0),
        microseconds=_micro(parts["fraction"]),
    )
    return -length if parts["sign"] else length


def _clock(found: re.Match[str]) -> time:
    return time(
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"]),
        _micro(found["fraction"]),
        tzinfo=zone(found["zone"]),
    )


def _micro(fraction: str | None) -> int:
    return int((fraction or "").ljust(6, "0")[:6])


def _built(text: str, build: Callable[[], Built]) -> Built:
    try:
        return build()
    except (ValueError, OverflowError):
        raise _wrong(text) from None


@lru_cache(maxsize=1024)
def zone(text: str | None) -> tzinfo | None:
    """Return the zone of `Z`, `+08:00` or `@Asia/Shanghai`; raises NoValue."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    total = hours * 3600 + minutes * 60 + sum(seconds)
    if minutes > 59 or sum(seconds) > 59 or total > MAX_OFFSET:
        raise _wrong(text)
    return timezone(timedelta(seconds=-total if text[0] == "-" else total))


def _named_zone(name: str) -> tzinfo:
    if name in ("Z", "UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise NoValue(words("There is no time zone {name}", name=name)) from None


def literal(text: str) -> Value:
    """Return the value of `@"text"`; raises NoValue."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def write(value: Value) -> str:
    """Return the text of a date, time, date and time or duration."""
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, far.Far):
        return f"{'-' * (value.year < 0)}{abs(value.year):04}{write(value.near)[4:]}"
    if type(value) is datetime:
        return f"{value.date().isoformat()}T{_write_clock(value.time())}{_write_zone(value.tzinfo, value.utcoffset())}"
    if type(value) is time:
        return f"{_write_clock(value)}{_write_zone(value.tzinfo, value.utcoffset())}"
    return _write_months(value.months) if isinstance(value, Months) else _write_duration(value)


def _write_clock(value: time) -> str:
    text = value.replace(tzinfo=None).isoformat()
    return text.rstrip("0") if "." in text else text


def _write_zone(place: tzinfo | None, offset: timedelta | None) -> str:
    if isinstance(place, ZoneInfo):
        return f"@{place.key}"
    if offset is None:
        return ""
    total = round(offset.total_seconds())
    if total == 0:
        return "Z"
    hours, rest = divmod(abs(total), 3600)
    seconds = f":{rest % 60:02}" if rest % 60 else ""
    return f"{'-' if total < 0 else '+'}{hours:02}:{rest // 60:02}{seconds}"


def _write_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    text = f"{years}Y" * (years > 0) + f"{rest}M" * (rest > 0)
    return f"{'-' if months < 0 else ''}P{text or '0M'}"


def _write_duration(value: timedelta) -> str:
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0").rstrip(".")
    clock = f"{hours}H" * (hours > 0) + f"{minutes}M" * (minutes > 0)
    clock += f"{seconds}{fraction}S" * bool(seconds or fraction)
    text = f"{length.days}D" * (length.days > 0) + f"T{clock}" * bool(clock)
    return f"{'-' if value < timedelta(0) else ''}P{text or 'T0S'}"
