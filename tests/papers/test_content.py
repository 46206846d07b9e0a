import hashlib
from dataclasses import replace
from datetime import date

import orjson
import pytest

from app.errors import Invalid
from app.papers.composing import composed, heading_and_text, left_out
from app.papers.content import PaperContent, Paragraph, from_json
from app.papers.models import Paper

WHOLE = PaperContent(
    form="letter",
    issuer="重庆市北碚区司法局",
    title="转办函",
    number="北碚司监转〔2026〕12号",
    addressees=("区城市管理局", "区市场监管局"),
    paragraphs=(Paragraph("一、事由", 1), Paragraph("现将监督意见转你单位。")),
    rows=(("序号", "事项"), ("1", "占道")),
    attachments=("监督意见书",),
    copies=("区政府办公室",),
    signer="李敏",
    contact="王五，023-68281234",
    signed_on=date(2026, 3, 5),
    sealed=True,
    basis="B-14a",
    fields={"answer_due": "2026-03-30"},
    code="DOC-13",
    title_en="forwarding letter",
)
FIRST = {
    "sender": "重庆市北碚区司法局",
    "from": "bureau",
    "addressee": "",
    "title": "责令纠正通知书",
    "title_en": "correction order",
    "paragraphs": ["区城市管理局:", "一、事实：占道未处理", ""],
    "fields": {"facts": "占道未处理"},
    "basis": "B-16c",
    "signed_on": "2025-03-05",
}


def test_content_comes_back_from_json_as_it_was() -> None:
    assert from_json(orjson.loads(orjson.dumps(WHOLE.to_json()))) == WHOLE


def test_every_part_is_kept() -> None:
    assert set(WHOLE.to_json()) == set(WHOLE.__dataclass_fields__)


@pytest.mark.parametrize("part", sorted(set(WHOLE.to_json()) - {"version"}))
def test_a_part_that_is_missing_or_of_another_kind_is_named(part: str) -> None:
    kept = WHOLE.to_json()
    for broken in ({**kept, part: 7}, {name: value for name, value in kept.items() if name != part}):
        with pytest.raises(Invalid, match=part):
            from_json(broken)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("version", 9),
        ("form", "poster"),
        ("signed_on", "5 March"),
        ("paragraphs", [["text", 4]]),
        ("paragraphs", ["text"]),
        ("paragraphs", [[None, 0]]),
    ],
)
def test_what_no_version_can_hold_is_refused(part: str, value: object) -> None:
    with pytest.raises(Invalid):
        from_json({**WHOLE.to_json(), part: value})


def test_a_paper_of_the_first_version_reads_as_todays_and_keeps_its_hash() -> None:
    before = hashlib.sha256(orjson.dumps(FIRST, option=orjson.OPT_SORT_KEYS)).hexdigest()
    paper = Paper(code="DOC-20", number="北碚司责纠〔2025〕3号", content=FIRST)
    assert paper.said == PaperContent(
        form="notice",
        issuer="重庆市北碚区司法局",
        title="责令纠正通知书",
        title_en="correction order",
        number="北碚司责纠〔2025〕3号",
        addressees=("区城市管理局",),
        paragraphs=(Paragraph("一、事实：占道未处理", 1),),
        signed_on=date(2025, 3, 5),
        sealed=True,
        basis="B-16c",
        fields={"facts": "占道未处理"},
        code="DOC-20",
    )
    assert hashlib.sha256(orjson.dumps(paper.content, option=orjson.OPT_SORT_KEYS)).hexdigest() == before


@pytest.mark.parametrize(
    ("title", "sender", "form"),
    [
        ("转办函", "bureau", "letter"),
        ("反馈函（致监督员）", "bureau", "letter"),
        ("采纳情况反馈函", "agency", "letter"),
        ("监督意见书", "author", "personal"),
        ("资格审查表", "bureau", "sheet"),
        ("说明理由告知书", "bureau", "notice"),
        ("审查意见书", "bureau", "document"),
    ],
)
def test_a_first_paper_has_the_form_that_its_title_says(title: str, sender: str, form: str) -> None:
    assert from_json({**FIRST, "title": title, "from": sender}).form == form


@pytest.mark.parametrize(
    ("addressee", "first", "addressees", "left"),
    [
        ("北碚区司法局", "区司法局：", ("北碚区司法局",), 1),
        ("", "区司法局:", ("区司法局",), 1),
        ("", "现函告如下：", (), 2),
        ("", "关于意见，现答复：", (), 2),
        ("北碚区司法局", "现将意见转你单位", ("北碚区司法局",), 2),
    ],
)
def test_a_first_papers_greeting_is_its_addressee(
    addressee: str, first: str, addressees: tuple[str, ...], left: int
) -> None:
    said = from_json({**FIRST, "addressee": addressee, "paragraphs": [first, "正文。"]})
    assert (said.addressees, len(said.paragraphs)) == (addressees, left)


def test_composing_says_nothing_twice_and_ends_each_paragraph_once() -> None:
    said = composed(
        replace(
            WHOLE,
            title="转办函。",
            number="北碚司监转[2026] 12号",
            addressees=("区城市管理局:", "区城市管理局", " "),
            paragraphs=(
                Paragraph("区城市管理局："),
                Paragraph("一、调查:经查,属实", 1),
                Paragraph("二、要求。", 1),
                Paragraph("改正\n报告😀"),
                Paragraph("  "),
            ),
            attachments=("监督意见书。",),
            copies=("区政府", "区城市管理局", "区政府。"),
            contact="王五,电话:023-68281234。",
        )
    )
    assert said.title == "转办函"
    assert said.number == "北碚司监转〔2026〕12号"
    assert said.addressees == ("区城市管理局",)
    assert said.paragraphs == (
        Paragraph("一、调查：经查，属实。", 1),
        Paragraph("二、要求", 1),
        Paragraph("改正。"),
        Paragraph("报告。"),
    )
    assert (said.attachments, said.copies) == (("监督意见书",), ("区政府",))
    assert said.contact == "王五，电话：023-68281234"
    assert composed(said) == said


def test_what_is_left_out_is_said() -> None:
    asked = replace(WHOLE, paragraphs=(Paragraph("好👍\u202e。"),), copies=("👍",))
    assert [str(said) for said in left_out(asked)] == [
        'The paper does not print "👍".',
        'The paper does not print "U+202E".',
    ]
    assert left_out(WHOLE) == ()


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        (Paragraph("一、调查：经查。", 1), ("一、调查：", "经查。")),
        (Paragraph("一、调查核实情况", 1), ("一、调查核实情况", "")),
        (Paragraph("一、调查：经查。"), ("", "一、调查：经查。")),
    ],
)
def test_a_heading_may_be_followed_by_its_text(paragraph: Paragraph, parts: tuple[str, str]) -> None:
    assert heading_and_text(paragraph) == parts
