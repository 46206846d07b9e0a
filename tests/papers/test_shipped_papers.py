"""What the papers of both packs say: the title of their day, whom they address, what they print, who reads them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from app import feel
from app.calendar import state_council
from app.clock import OFFICE_ZONE
from app.config import ROOT
from app.definitions import library
from app.definitions.checks import paper_expressions
from app.definitions.functions import FUNCTIONS, lent, limits
from app.definitions.manifest import PaperTemplate
from app.definitions.pack import Pack
from app.papers.content import PaperContent
from app.papers.template import Draft, compose, fill, title_of
from app.papers.wording import chinese_date
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


ALL = [(key, code) for key in PACKS for code in pack(key).papers]
POLICY = "（本局内部时限，非法定期限）"
AT = datetime(2026, 3, 5, 9, tzinfo=OFFICE_ZONE)
DATES = {
    name: (date(2026, 3, 10) + timedelta(days=at)).isoformat()
    for at, name in enumerate(("reply_due", "answer_due", "new_due", "old_due", "new_date", "rectification_due"))
}
"""Dates that a policy of the bureau gives, each another day."""
ADDRESSEE = "某机关"
GREETING = re.compile(r"[^，。；、：:]{2,40}[：:]")


def values_of(template: PaperTemplate, **given: Any) -> dict[str, Any]:
    """A value for each name that a template may read: a word that no other text holds, unless its kind is fixed."""
    fixed = {
        **DATES,
        "publish_date": "2026-02-20",
        "publicity_end": "2026-03-02",
        "finished_on": "2026-03-04",
        "candidates": [{"name": "周宁", "application_no": "1", "state": "clear"}],
        "serious_consequence": True,
        "decided_by_agency": False,
        "decide_extension_outcome": "approve",
        "adoption": "partially_adopted",
        **given,
    }
    names = {name for one in paper_expressions(template) for name in feel.compile(one, FUNCTIONS).names}
    return {**{name: f"〈{name}〉" for name in names.difference(FUNCTIONS)}, **fixed}


def written(key: str, code: str, **given: Any) -> PaperContent:
    template = paper(key, code)
    draft = Draft(
        bureau_id=1,
        case_id=1,
        code=code,
        template=template.template(),
        sender="某司法局",
        addressee=ADDRESSEE,
        values=values_of(template, **given),
        edits={},
    )
    return compose(draft, at=AT, functions=functions_on(AT.date()))


def texts(key: str, code: str, **given: Any) -> list[str]:
    return [one.text for one in written(key, code, **given).paragraphs]


def greetings(body: tuple[str, ...], values: dict[str, Any]) -> list[str]:
    """The paragraphs that are nothing but an addressee."""
    filled = [fill(text, values, functions_on(AT.date())).strip() for text in body]
    return [text for text in filled if GREETING.fullmatch(text) and not text[:-1].endswith("如下")]


@pytest.mark.parametrize(("key", "code"), ALL)
def test_a_paper_names_its_addressee_once(key: str, code: str) -> None:
    template = paper(key, code)
    for decided in (True, False):
        values = values_of(template, decided_by_agency=decided)
        assert greetings(template.body, values) == []
        assert len(greetings(("{{ decided_by_agency }}局：", *template.body), values)) == 1
        said = written(key, code, decided_by_agency=decided)
        assert said.addressees == (ADDRESSEE,)
        assert not any(ADDRESSEE in one.text for one in said.paragraphs)


@pytest.mark.parametrize(("key", "code"), ALL)
def test_no_period_is_counted_from_receipt(key: str, code: str) -> None:
    template = paper(key, code)
    assert not re.search(r"收到.{0,8}之日|日内|工作日内", "".join(template.body))


@pytest.mark.parametrize(
    ("key", "code", "facts"),
    [
        (W, "DOC-13", ["reply_due"]),
        (B, "DOC-13", ["reply_due"]),
        (W, "DOC-14", ["answer_due"]),
        (B, "DOC-14", ["answer_due"]),
        (W, "DOC-15", ["answer_due", "new_date"]),
        (B, "DOC-15", ["rectification_due", "new_date"]),
        (W, "DOC-18a", ["old_due", "new_due"]),
        (B, "DOC-18a", ["old_due", "new_due"]),
        (W, "DOC-18b", ["old_due", "new_due"]),
        (B, "DOC-18b", ["old_due", "new_due"]),
        (B, "DOC-20", ["reply_due"]),
    ],
)
def test_a_limit_of_the_bureau_is_said_not_to_be_the_laws(key: str, code: str, facts: list[str]) -> None:
    said = texts(key, code)
    for fact in facts:
        day = chinese_date(date.fromisoformat(DATES[fact]))
        lines = [text for text in said if day in text]
        assert lines and all(POLICY in text for text in lines), fact


def test_no_other_paper_prints_a_limit_of_the_bureau() -> None:
    """The table above is whole: a paper that prints such a date is in it, or says the words all the same."""
    days = [chinese_date(date.fromisoformat(day)) for day in DATES.values()]
    bare = [
        (key, code)
        for key, code in ALL
        for text in texts(key, code)
        if any(day in text for day in days) and POLICY not in text
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("key", "code", "parts"),
    [
        (W, "DOC-13", ["〈facts〉", "〈suggestion〉", "〈forward_letter〉", "〈redo_requirements〉", "〈opinion_no〉"]),
        (B, "DOC-13", ["〈opinion_facts〉", "〈opinion_suggestion〉", "〈opinion_no〉", "第十四条"]),
        (W, "DOC-15", ["〈demand〉", "〈opinion_no〉", "个工作日"]),
        (B, "DOC-15", ["〈demand〉", "〈opinion_no〉", "个工作日"]),
        (W, "DOC-16", ["〈investigation〉", "是否属实：〈facts_true〉", "〈result〉", "〈measures〉", "2026年3月4日"]),
        (W, "DOC-17", ["〈feedback_text〉"]),
        (W, "DOC-29", ["理由：〈comment〉", "第十三条"]),
        (B, "DOC-20", ["〈facts〉", "〈legal_basis〉", "要求：", "责令你单位予以纠正", "书面报告", "整改措施"]),
        (B, "DOC-21", ["〈facts〉", "责任人员", "造成严重后果", "行政责任", "书面回复"]),
        (B, "DOC-22", ["〈reasons〉", "不能成立"]),
    ],
)
def test_a_paper_prints_what_it_is_for(key: str, code: str, parts: list[str]) -> None:
    said = "\n".join(texts(key, code))
    assert [part for part in parts if part not in said] == []


@pytest.mark.parametrize("key", PACKS)
def test_letters_have_the_form_of_a_letter(key: str) -> None:
    codes = {code for code, one in pack(key).papers.items() if re.sub(r"（.*）", "", one.name).endswith("函")}
    assert {"DOC-13", "DOC-15", "DOC-16", "DOC-17"} <= codes
    assert {code: written(key, code).form for code in codes} == dict.fromkeys(codes, "letter")


READERS = {
    W: {
        "DOC-05": "bureau",
        "DOC-06a": "bureau",
        "DOC-12": "bureau author",
        "DOC-13": "bureau agency",
        "DOC-14": "bureau agency",
        "DOC-15": "bureau agency",
        "DOC-16": "bureau agency",
        "DOC-17": "bureau author",
        "DOC-18a": "bureau agency",
        "DOC-18b": "bureau agency",
        "DOC-19b": "bureau team",
        "DOC-29": "bureau author",
    },
    B: {
        "DOC-05": "bureau",
        "DOC-06a": "bureau",
        "DOC-12": "bureau author",
        "DOC-13": "bureau agency",
        "DOC-14": "bureau agency",
        "DOC-15": "bureau agency author",
        "DOC-16": "bureau agency author",
        "DOC-17": "bureau author",
        "DOC-18a": "bureau agency",
        "DOC-18b": "bureau agency",
        "DOC-19a": "bureau",
        "DOC-19b": "bureau team",
        "DOC-20": "bureau agency author",
        "DOC-21": "bureau",
        "DOC-22": "bureau author",
    },
}


@pytest.mark.parametrize("key", PACKS)
def test_each_paper_has_its_readers(key: str) -> None:
    assert {code: set(one.readers.split()) for code, one in pack(key).papers.items()} == {
        code: set(readers.split()) for code, readers in READERS[key].items()
    }
