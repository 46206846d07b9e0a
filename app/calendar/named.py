"""The seven statutory holidays by name, and a guess at them for years that are not announced yet.

The guess is shown, never counted: a year without a table is weekends only (domain.md D-24).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import chinese_calendar
import holidays
from chinese_calendar import Holiday

STATUTORY: Mapping[str, str] = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
"""Their names as notices write them, with the English ones."""
_NAMES: Mapping[str, str] = {one.value: one.chinese for one in Holiday}
FIRST, LAST = 2004, 2099
"""Years for which an office may keep a table; the announced ones begin in 2004."""


@lru_cache(maxsize=64)
def forecast(year: int) -> Mapping[date, str]:
    """The statutory days of rest of a year by calendar and moon, with their Chinese names; no make-up days."""
    if not FIRST <= year <= LAST:
        return {}
    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    return {day: _short(known[day]) for day in sorted(known) if day.year == year}


def missing(year: int, rest: set[date]) -> list[str]:
    """The statutory holidays of which no day is among the days of rest given; names as in `STATUTORY`."""
    by_name: dict[str, set[date]] = {name: set() for name in STATUTORY}
    for day, name in forecast(year).items():
        by_name.setdefault(name, set()).add(day)
    return [name for name, days in by_name.items() if days and name in STATUTORY and not days & rest]


def _short(written: str) -> str:
    name = written.partition("（")[0].partition(";")[0].strip()
    return "春节" if "除夕" in name else name


def name_of(day: date) -> str:
    """The Chinese name of the holiday that an announced day belongs to; empty where it is none."""
    try:
        _, english = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return _NAMES.get(english or "", "")
