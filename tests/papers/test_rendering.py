from dataclasses import replace

import pytest

from app.papers.composing import composed
from app.papers.content import Form, Paragraph
from app.papers.fonts import GETA
from app.papers.pages import Block
from app.papers.rendering import Press
from tests.papers.examples import BY_FORM, DOCUMENT, PAPERS, RARE
from tests.papers.measuring import Sheet, claims, fonts_embedded, sheets

pytestmark = pytest.mark.xdist_group("papers")
FRESH = Press(kept=0)


@pytest.mark.parametrize("name", PAPERS)
def test_every_font_is_in_the_file_and_the_claims_are_made(name: str, printed: dict[str, bytes]) -> None:
    fonts = fonts_embedded(printed[name])
    assert fonts and all(fonts.values())
    said = claims(printed[name])
    tags = said.pop("tags")
    assert said == {
        "archive": "2a",
        "accessible": "1",
        "title": composed(PAPERS[name]).title,
        "language": "zh-CN",
        "marked": True,
    }
    assert {"/Document", "/P", "/H1"} <= set(tags)


def test_headings_and_tables_are_tagged(printed: dict[str, bytes]) -> None:
    assert {"/H1", "/H2", "/P"} <= set(claims(printed["document"])["tags"])
    assert {"/Table", "/TR", "/TD", "/TH"} <= set(claims(printed["sheet"])["tags"])


@pytest.mark.parametrize("name", PAPERS)
def test_the_same_paper_gives_the_same_bytes(name: str, printed: dict[str, bytes]) -> None:
    assert FRESH.pdf(PAPERS[name]) == printed[name]


def test_rare_characters_are_printed_and_found_again(printed: dict[str, bytes], read: dict[str, list[Sheet]]) -> None:
    text = "".join(line.text for sheet in read["document"] for line in sheet.lines)
    assert RARE in text
    assert all(FRESH.shelf.has(sign) for sign in RARE)


def test_what_no_font_has_stands_as_a_geta_and_is_said(press: Press) -> None:
    content = replace(DOCUMENT, paragraphs=(Paragraph("姓名𓀀\U0002ffff。"),))
    text = "".join(line.text for line in sheets(press.pdf(content))[0].lines)
    assert "姓名" + GETA in text
    assert any(GETA in str(one) for one in press.remarks(content))


@pytest.mark.parametrize(
    "payload",
    [
        '#eval("1+1")',
        "$x^2$",
        r"\ \u{1F600} \n",
        "#panic()",
        "*bold* _it_ `raw`",
        "= 标题",
        ']#read("/etc/passwd")[',
        "@ref",
        "<label>",
        "// 注",
        "https://a.b/c",
    ],
)
def test_text_is_never_read_as_code(payload: str, press: Press) -> None:
    content = replace(
        DOCUMENT, title=f"甲{payload}", issuer=payload, paragraphs=(Paragraph(f"甲乙{payload}丙丁"),), copies=(payload,)
    )
    laid = press.pages(content)
    wanted = "".join(
        line.text
        for page in laid.pages
        for block in page.blocks
        if isinstance(block, Block) and block.kind == "text"
        for line in block.lines
    )
    got = "".join(line.text for line in sheets(press.pdf(content))[0].lines)
    assert wanted.replace(" ", "") in got.replace(" ", "")
    if payload[0] in "#$@<=*":
        assert payload[0] in wanted


def test_a_signature_never_stands_alone_on_a_page(press: Press) -> None:
    for count in range(1, 45):
        content = replace(DOCUMENT, paragraphs=(Paragraph("督" * 28 * count),), attachments=(), copies=())
        for page in press.pages(content).pages:
            kinds = [block.kind for block in page.blocks if isinstance(block, Block)]
            assert "date" not in kinds or "text" in kinds, count
            lowest = max(
                block.lines[-1].y for block in page.blocks if isinstance(block, Block) and block.kind != "page"
            )
            assert lowest <= 297 - 35, count


def test_a_draft_has_no_number_and_says_that_it_is_one(press: Press) -> None:
    draft = replace(DOCUMENT, number=None, signed_on=None)
    for stage, mark in (("draft", "草稿"), ("review", "送审稿")):
        first = sheets(press.pdf(draft, stage=stage))[0]
        assert first.lines[0].text == mark
        assert not any("号" in line.text and "〔" in line.text for line in first.lines)
    assert not any("稿" in line.text for line in sheets(press.pdf(DOCUMENT))[0].lines)


def test_files_are_kept_by_content_and_not_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(kept=2)
    made: list[str] = []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode()

    for title in ("一", "二", "一", "三", "二"):
        press.kept("pdf", replace(DOCUMENT, title=title), None, lambda title=title: make(title))
    assert made == ["一", "二", "三", "二"]


@pytest.mark.parametrize("form", BY_FORM)
def test_every_form_reads_whole(form: Form, read: dict[str, list[Sheet]]) -> None:
    text = "".join(line.text for sheet in read[form] for line in sheet.lines).replace(" ", "")
    content = composed(BY_FORM[form])
    assert content.title[:4] in text and "2026年3月5日" in text
    assert not any(mark in text for mark in ("。。", "：：", "，。"))
