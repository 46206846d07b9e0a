"""Working days against the announced holidays, by the dates that the sample stories fix, and by properties."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.calendar import Calendar, age_on, birthday, state_council
from app.errors import Invalid

KNOWN = state_council()
DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2024-12-16", 15, "2025-01-07"),  # S14: the agency's answer
        ("2025-01-06", 15, "2025-01-26"),  # S14: the soft window ends on a make-up Sunday
        ("2025-01-13", 10, "2025-01-26"),  # S14: the review
        ("2025-01-22", 30, "2025-03-11"),  # S14: the investigation, over Spring Festival
        ("2025-03-05", 15, "2025-03-26"),  # S14: the rectification report
        ("2026-02-10", 5, "2026-02-24"),  # S09: forwarding, with a make-up Saturday
        ("2026-02-12", 15, "2026-03-11"),  # S09: the answer
        ("2025-09-26", 5, "2025-10-10"),  # S02: five working days of publicity
        ("2026-09-18", 5, "2026-09-24"),  # S02: with a make-up Sunday
        ("2025-09-28", 15, "2025-10-24"),  # S12: the extension
    ],
)
def test_counts_of_the_stories(start: str, count: int, last: str) -> None:
    assert KNOWN.working_days_after(date.fromisoformat(start), count).isoformat() == last


def test_a_calendar_day_limit_rolls_off_a_day_of_rest() -> None:
    published = date(2024, 9, 25)
    assert KNOWN.calendar_days_after(published, 10, roll=True) == date(2024, 10, 8)
    assert KNOWN.calendar_days_after(published, 10) == date(2024, 10, 5)


def test_every_day_of_a_count_says_what_it_is() -> None:
    days = {day.day: day for day in KNOWN.count(date(2026, 2, 10), date(2026, 2, 24))}
    assert days[date(2026, 2, 14)].kind == "makeup"
    assert days[date(2026, 2, 16)].kind == "holiday"
    assert [day.number for day in days.values() if day.number] == [1, 2, 3, 4, 5]


def test_years_without_an_announcement_are_provisional() -> None:
    assert KNOWN.is_provisional(date(2026, 12, 20), date(2027, 1, 8))
    assert not KNOWN.is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    told = KNOWN.changed({date(2027, 1, 1): False}, [2027])
    assert not told.is_provisional(date(2026, 12, 20), date(2027, 1, 8))
    assert not told.is_working_day(date(2027, 1, 1))


@given(DAYS, st.integers(0, 120))
def test_counting_on_and_back_agree(start: date, count: int) -> None:
    last = KNOWN.working_days_after(start, count)
    assert KNOWN.working_days_between(start, last) == count
    if KNOWN.is_working_day(start):
        assert KNOWN.working_days_before(last, count) == start


@given(DAYS, st.integers(1, 60), st.integers(1, 90))
def test_a_new_holiday_never_makes_a_deadline_earlier(start: date, count: int, ahead: int) -> None:
    more = KNOWN.changed({start + timedelta(days=ahead): False})
    assert more.working_days_after(start, count) >= KNOWN.working_days_after(start, count)


@given(DAYS, st.integers(1, 60), st.integers(1, 90))
def test_a_day_that_is_worked_after_all_never_makes_a_deadline_later(start: date, count: int, ahead: int) -> None:
    more = KNOWN.changed({start + timedelta(days=ahead): True})
    assert more.working_days_after(start, count) <= KNOWN.working_days_after(start, count)


@given(DAYS, DAYS)
def test_days_between_are_the_inverse_of_counting(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    assume((end - start).days <= 3_660)
    between = KNOWN.working_days_between(start, end)
    assert KNOWN.working_days_after(start, between) <= end < KNOWN.working_days_after(start, between + 1)
    assert KNOWN.working_days_between(end, start) == -between


@given(st.dictionaries(DAYS, st.booleans(), max_size=30), DAYS, st.integers(0, 60))
def test_any_table_counts_on_and_back(days: dict[date, bool], start: date, count: int) -> None:
    table = KNOWN.changed(days)
    last = table.working_days_after(start, count)
    assert table.working_days_between(start, last) == count
    assert len([one for one in table.count(start, last) if one.number]) == count


OTHERWISE = {
    date(2005, 12, 31): "the make-up Saturday before New Year 2006, which chinesecalendar 1.11 does not know",
}


def test_a_second_library_agrees_on_every_day_since_2004() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    days = (date(2004, 1, 1) + timedelta(days=offset) for offset in range(365 * 23 + 6))
    differ = {day for day in days if KNOWN.is_working_day(day) != other.is_working_day(day)}
    assert differ == set(OTHERWISE)


@pytest.mark.parametrize("count", [-1, 3_661])
def test_an_absurd_count_is_refused(count: int) -> None:
    with pytest.raises(Invalid, match="outside"):
        Calendar().working_days_after(date(2026, 1, 1), count)


def test_ages_and_birthdays() -> None:
    assert age_on(date(2000, 3, 1), date(2025, 2, 28)) == 24
    assert age_on(date(2000, 3, 1), date(2025, 3, 1)) == 25
    assert birthday(date(2000, 2, 29), 25) == date(2025, 2, 28)
