"""What the papers of both packs say, beginning with the title that each bears on its day."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import pytest

from app.calendar import state_council
from app.clock import OFFICE_ZONE
from app.config import ROOT
from app.definitions import library
from app.definitions.functions import lent, limits
from app.definitions.manifest import PaperTemplate
from app.definitions.pack import Pack
from app.papers.template import title_of
from app.rehearsal.stage import pack_files

PACKS = ("wuhan_2021", "beibei_2024")
W, B = PACKS
DAYS = (date(2026, 1, 31), date(2026, 2, 1))
FIRST = {"adoption": None, "earlier_adoption": None}
AFTER = {"adoption": "not_adopted", "earlier_adoption": None}
AGAIN = {"adoption": None, "earlier_adoption": "not_adopted"}


@cache
def pack(key: str) -> Pack:
    return library.parse(pack_files(ROOT, key))


def paper(key: str, code: str) -> PaperTemplate:
    return pack(key).papers[code]


def functions_on(day: date) -> dict[str, Any]:
    return lent(state_council(), limits({}), datetime(day.year, day.month, day.day, 9, tzinfo=OFFICE_ZONE))


@pytest.mark.parametrize(
    ("key", "code", "values", "before", "since"),
    [
        (W, "DOC-12", {}, "行政执法义务监督员监督意见书", "行政执法义务监督员监督意见书"),
        (B, "DOC-12", FIRST, "行政执法监督员监督意见书", "行政执法监督员监督意见书"),
        (B, "DOC-12", AFTER, "行政执法监督意见书", "行政执法监督员监督意见书"),
        (B, "DOC-12", AGAIN, "行政执法监督意见书", "行政执法监督员监督意见书"),
        (B, "DOC-20", {"duty_finding": "not_performed"}, "责令纠正通知书", "行政执法监督督办函"),
        (B, "DOC-20", {"duty_finding": "improper"}, "责令纠正通知书", "行政执法监督意见书"),
        (W, "DOC-15", {}, "督办函", "督促办理函"),
        (B, "DOC-15", {}, "督办函", "督促办理函"),
    ],
)
def test_titles_change_on_the_first_of_february_2026(
    key: str, code: str, values: dict[str, Any], before: str, since: str
) -> None:
    template = paper(key, code).template()
    assert [title_of(template, day, values, functions_on(day)) for day in DAYS] == [before, since]
