"""The State Council's notices as they are pasted: understood line by line, or refused with words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.calendar import state_council
from app.calendar.given import Given
from app.calendar.named import forecast, missing
from app.calendar.notice import read_notice
from tests.ground.notices import NOTICE_2026


def faults(given: Given) -> str:
    """Everything that is wrong, in one text."""
    return " | ".join(str(one) for one in (*given.faults, *(line.fault for line in given.lines if line.fault)))


def test_a_whole_notice_gives_the_announced_days_and_no_others() -> None:
    given = read_notice(NOTICE_2026, None)
    assert (given.year, given.sound, given.doubts) == (2026, True, ())
    known = state_council()
    year = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]
    for day in year:
        worked = given.days[day].worked if day in given.days else day.weekday() < 5
        assert worked == known.is_working_day(day), day
    assert {named.name for named in given.days.values()} >= {"元旦", "春节", "清明节", "国庆节"}
    assert given.lines[3].text.startswith("一、元旦：1月1日（周四）"), "a line is shown as it was given"


@pytest.mark.parametrize(
    ("text", "year", "rest", "worked"),
    [
        ("元旦:1月1日(周五)至3日(周日)放假调休,共3天。1月9日上班。",
         2027, ("2027-01-01", "2027-01-03"), ["2027-01-09"]),
        ("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023, ("2022-12-31", "2023-01-02"), []),
        ("元旦：12月31日至1月2日放假，共3天。", 2028, ("2027-12-31", "2028-01-02"), []),
        ("元旦：1月1日放假，与周末连休。", 2024, ("2024-01-01", "2024-01-01"), []),
        ("劳动节：５月１日至５日放假调休，共５天。４月２４日上班。",
         2027, ("2027-05-01", "2027-05-05"), ["2027-04-24"]),
        ("春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励职工在除夕（2月9日）休息。",
         2024, ("2024-02-10", "2024-02-17"), ["2024-02-04", "2024-02-18"]),
        ("国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。", 2025, ("2025-10-01", "2025-10-08"), []),
    ],
)  # fmt: skip
def test_how_notices_are_written(text: str, year: int, rest: tuple[str, str], worked: list[str]) -> None:
    given = read_notice(text, year)
    assert given.sound, faults(given)
    free = [day.isoformat() for day, named in given.days.items() if not named.worked]
    assert (free[0], free[-1]) == rest
    assert [day.isoformat() for day, named in given.days.items() if named.worked] == worked


def test_several_holidays_in_one_line_are_told_apart() -> None:
    given = read_notice("一、元旦：1月1日放假。二、春节：2月5日至11日放假调休，共7天。2月20日上班。", 2027)
    assert given.sound, faults(given)
    assert [len(line.days) for line in given.lines] == [1, 8]


@pytest.mark.parametrize(
    ("text", "year", "said"),
    [
        ("元旦：1月1日（周六）放假。", 2027, "is not the weekday"),
        ("劳动节：5月1日至5日放假，共6天。", 2027, "says 6 days, the dates make 5"),
        ("元旦：2月30日放假。", 2027, "There is no day"),
        ("元旦：1月1日至3日放假。1月2日上班。", 2027, "both a holiday and worked"),
        ("元旦：1月1日至3日放假。1月4日上班。", 2027, "a weekday is worked anyway"),
        ("春节：2月5日至2月1日放假。", 2027, "is no holiday"),
        ("春节：2月5日至4月11日放假。", 2027, "is no holiday"),
        ("春节：5日至7日放假。", 2027, "lacks its month"),
        ("春节：2月5日至7日。", 2027, "neither that days are free"),
        ("春节：2月5日上班。", 2027, "not clear which days are free"),
        ("2月5日至7日放假。", 2027, "No statutory holiday is named"),
        ("中秋节：9月15日放假。\n国庆节：9月15日至20日放假。", 2027, "stands in line 1 and in line 2"),
        ("元旦：2月31日放假，共1天。", 2027, "There is no day"),
        ("关于2028年部分节假日安排的通知", 2027, "about 2028, not about 2027"),
        ("元旦：1月1日放假。", None, "names no year"),
        ("元旦：1月1日放假。", 9999, "not between"),
        ("元旦：1月1日放假。", 0, "not between"),
        ("关于值班的通知", 2027, "no day in it"),
        ("\n" * 3, 2027, "no day in it"),
        ("元旦：1月1日放假。\n" * 401, 2027, "more than a notice has"),
        ("1月1日" * 100_000, 2027, "more than a notice has"),
        ("春节：2025年2月5日放假。", 2027, "does not belong to 2027"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_words(text: str, year: int | None, said: str) -> None:
    given = read_notice(text, year)
    assert not given.sound
    assert said in faults(given)


def test_a_year_that_lacks_a_holiday_is_doubted_and_not_refused() -> None:
    given = read_notice(NOTICE_2026.replace("五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n", ""), 2026)
    assert given.sound
    assert [str(doubt) for doubt in given.doubts] == ["端午节 is missing: none of its days is a day of rest."]
    assert missing(2027, set(forecast(2027))) == []
    assert len(missing(2027, set())) == 7
