"""Notes on diagrams and labels of forms use the words of the clause that they stand for."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import yaml

from app.config import ROOT

TEXT = "{http://www.omg.org/spec/BPMN/20100524/MODEL}text"
QUOTED = [
    ("common/publicity.bpmn", "wuhan_2021", "W-7-2", ["公示期不少于10日"]),
    ("common/publicity.bpmn", "beibei_2024", "B-7-2", ["公示期不少于5个工作日"]),
    ("wuhan_2021/opinion_wuhan.bpmn", "wuhan_2021", "W-13-1", ["有利害关系"]),
    ("wuhan_2021/opinion_wuhan.bpmn", "wuhan_2021", "W-13-2", ["亲属关系", "直接利益联系", "应当回避"]),
    ("beibei_2024/opinion_beibei.bpmn", "beibei_2024", "B-8-3", ["对行政执法、行政执法监督工作提出意见建议"]),
    ("beibei_2024/opinion_beibei.bpmn", "beibei_2024", "B-14c", ["合理的意见建议应当采纳，不予采纳的", "阐明原因"]),
    ("beibei_2024/opinion_beibei.bpmn", "beibei_2024", "B-15", ["不正确的，可以个人名义出具", "提请区司法局"]),
    ("beibei_2024/opinion_review.bpmn", "beibei_2024", "B-16b", ["专项行政执法监督检查，或者对被监督事项进行调查"]),
    ("common/investigation.bpmn", "beibei_2024", "B-16b", ["专项行政执法监督检查，或者对被监督事项进行调查"]),
]
DECLARATIONS = [
    "beibei_2024/opinion_beibei/submit_opinion",
    "wuhan_2021/opinion_wuhan/submit_opinion",
    "common/investigation/form_team",
]
KIN = "与被监督对象有亲属关系或者直接利益联系"


def notes(file: str) -> str:
    tree = ElementTree.parse(ROOT / "processes" / file)
    return "|".join((one.text or "").replace("\n", "") for one in tree.iter(TEXT))


@pytest.mark.parametrize(("file", "pack", "clause", "parts"), QUOTED)
def test_a_note_says_what_its_clause_says(file: str, pack: str, clause: str, parts: list[str]) -> None:
    law = yaml.safe_load((ROOT / "processes" / pack / "law.yaml").read_text("utf-8"))["text"][clause]
    assert [part for part in parts if part not in law] == []
    assert [part for part in parts if part not in notes(file)] == []


def test_a_duty_is_not_said_to_be_a_choice() -> None:
    """B-8 lists duties (履行下列职责)."""
    assert "第八条第三项：可以" not in notes("beibei_2024/opinion_beibei.bpmn")


@pytest.mark.parametrize("form", DECLARATIONS)
def test_the_declaration_has_the_words_of_the_recusal_clause(form: str) -> None:
    assert KIN in (ROOT / "forms" / f"{form}.form").read_text("utf-8")
