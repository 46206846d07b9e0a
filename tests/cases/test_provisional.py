"""A paper that prints a date of a year without a table says that it is provisional, and only then."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.clock import OFFICE_ZONE
from app.definitions import library, releases
from app.definitions.functions import FUNCTIONS
from app.limits.rules import rules_for
from app.papers.template import PROVISIONAL, fill
from tests.web.world import ROOT

AT = datetime(2026, 12, 21, 9, 0, tzinfo=OFFICE_ZONE)
FACTS = {"answer_due": "2027-01-08", "plan_date": "2027-03-01", "publicity_end": "2026-12-28"}


@pytest.fixture(scope="module")
def pack():  # type: ignore[no-untyped-def]
    return releases.parsed(library.read_folder(ROOT, "beibei_2024"))


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        ("请于{{ answer_due }}前答复", {}, f"请于2027年1月8日{PROVISIONAL}前答复"),
        ("请于{{ working days after(today(), 15) }}前报告", {}, f"请于2027年1月11日{PROVISIONAL}前报告"),
        ("请于{{ answer_due }}前答复", {"announced": [2027]}, "请于2027年1月8日前答复"),
        ("公示至{{ publicity_end }}", {}, "公示至2026年12月28日"),
        ("拟于{{ plan_date }}完成", {}, "拟于2027年3月1日完成"),
        ("超期{{ working days between(answer_due, today()) }}日", {}, "超期-14日"),
    ],
)
def test_a_counted_date_of_an_unannounced_year_is_marked(pack, text: str, settings: dict, said: str) -> None:  # type: ignore[no-untyped-def]
    functions = rules_for(pack, settings, AT).functions()
    assert fill(text, FACTS, functions) == said


def test_the_function_is_there_for_packs(pack) -> None:  # type: ignore[no-untyped-def]
    functions = rules_for(pack, {}, AT).functions()
    assert "is provisional" in FUNCTIONS
    assert functions["is provisional"](date(2027, 1, 1)) is True
    assert functions["is provisional"](date(2026, 12, 31)) is False
