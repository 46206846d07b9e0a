import re
from dataclasses import replace
from itertools import pairwise

import pytest

from app.papers.content import Paragraph
from app.papers.pages import Block, Laid
from app.papers.rendering import Press
from tests.papers.examples import DOCUMENT, PAPERS, SHIPPED
from tests.papers.measuring import Sheet, Written, ink, sheets

pytestmark = pytest.mark.xdist_group("papers")
NEAR = 0.5
PITCH = 225 / 22
CELL = 156 / 28


def text_lines(sheet: Sheet, laid: Laid, number: int) -> list[Written]:
    """The lines of running text, as the layout names them."""
    blocks = [one for one in laid.pages[number].blocks if isinstance(one, Block) and one.kind in ("text", "to")]
    wanted = [line for block in blocks for line in block.lines]
    return [next(one for one in sheet.lines if abs(one.baseline - line.y) < NEAR) for line in wanted]


def test_both_packs_ship_their_papers() -> None:
    assert len(SHIPPED) >= 25


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_is_a4_with_the_standards_margins(name: str, read: dict[str, list[Sheet]]) -> None:
    for sheet in read[name]:
        assert (sheet.width, sheet.height) == (pytest.approx(210, abs=NEAR), pytest.approx(297, abs=NEAR))
        body = [line for line in sheet.lines if line.size == pytest.approx(16) and line.baseline > 37]
        assert min(ink(line)[0] for line in body) >= 28 - NEAR
        assert max(ink(line)[1] for line in body) <= 210 - 26 + NEAR
        assert max(line.baseline for line in body) <= 297 - 35 + NEAR


@pytest.mark.parametrize("name", PAPERS)
def test_lines_keep_22_to_a_page_and_stand_where_the_layout_put_them(
    name: str, read: dict[str, list[Sheet]], press: Press
) -> None:
    laid = press.pages(PAPERS[name])
    assert len(laid.pages) == len(read[name])
    for number, sheet in enumerate(read[name]):
        lines = text_lines(sheet, laid, number)
        for upper, lower in pairwise(lines):
            steps = (lower.baseline - upper.baseline) / PITCH
            assert abs(steps - round(steps)) * PITCH <= NEAR
        wanted = [
            line.text
            for block in laid.pages[number].blocks
            if isinstance(block, Block) and block.kind in ("text", "to")
            for line in block.lines
        ]
        assert [line.text.replace(" ", "") for line in lines] == [text.replace(" ", "") for text in wanted]


@pytest.mark.parametrize("name", PAPERS)
def test_a_full_line_of_text_has_28_characters(name: str, read: dict[str, list[Sheet]], press: Press) -> None:
    laid = press.pages(PAPERS[name])
    full = [
        line
        for number, sheet in enumerate(read[name])
        for line in text_lines(sheet, laid, number)
        if line.signs[0].left < 28 + NEAR and abs(ink(line)[1] - 184) <= NEAR and line.text.isascii() is False
    ]
    assert all(25 <= len(line.text) <= 34 for line in full)
    only = [line for line in full if re.fullmatch(r"[\u4e00-\u9fff]+", line.text)]
    assert all(len(line.text) in (27, 28) for line in only)


def test_a_whole_page_of_characters_is_22_by_28(press: Press) -> None:
    content = replace(DOCUMENT, paragraphs=(Paragraph("督" * 28 * 60),), attachments=())
    sheet = sheets(press.pdf(content))[1]
    lines = [line for line in sheet.lines if line.size == pytest.approx(16)]
    assert [len(line.signs) for line in lines] == [28] * 22
    assert lines[0].baseline == pytest.approx(37 + 14 * 25.4 / 72, abs=NEAR)
    for upper, lower in pairwise(lines):
        assert lower.baseline - upper.baseline == pytest.approx(PITCH, abs=NEAR)
    for left, right in pairwise(lines[0].signs):
        assert right.left - left.left == pytest.approx(CELL, abs=0.1)
    assert lines[0].signs[0].left == pytest.approx(28, abs=NEAR)
    assert lines[0].signs[-1].right == pytest.approx(184, abs=NEAR)


def test_a_documents_head_stands_as_the_standard_says(read: dict[str, list[Sheet]]) -> None:
    first = read["document"][0]
    head = first.line("司法局文件")
    assert all(sign.red for sign in head.signs)
    size = head.size * 25.4 / 72
    assert head.baseline - 0.86 * size == pytest.approx(37 + 35, abs=NEAR)
    assert (head.signs[0].left + head.signs[-1].right) / 2 == pytest.approx(106, abs=NEAR)
    number = first.line("北碚司责纠〔2026〕12号")
    bottom = number.baseline + 0.12 * 16 * 25.4 / 72
    assert number.signs[0].left == pytest.approx(28 + CELL, abs=NEAR)
    assert number.text.endswith("签发人：李敏")
    (line,) = [rule for rule in first.rules if rule[4]]
    assert (line[0], line[2]) == (pytest.approx(28, abs=NEAR), pytest.approx(156, abs=NEAR))
    assert line[1] - bottom == pytest.approx(4, abs=NEAR)
    title = first.line("关于责令")
    assert title.size == pytest.approx(22)
    assert title.baseline - 14 * 25.4 / 72 - line[1] == pytest.approx(2 * PITCH, abs=NEAR)


def test_a_letters_head_and_double_lines(read: dict[str, list[Sheet]]) -> None:
    first = read["letter"][0]
    head = first.line("重庆市北碚区司法局")
    assert "文件" not in head.text
    assert head.baseline - 0.86 * head.size * 25.4 / 72 == pytest.approx(30, abs=NEAR)
    red = [rule for rule in first.rules if rule[4]]
    assert [round(rule[2]) for rule in red] == [170] * 4
    assert red[0][3] > red[1][3] and red[2][3] < red[3][3]
    assert 297 - red[3][1] == pytest.approx(20, abs=NEAR)
    number = first.line("北碚司监转〔2026〕3号")
    assert number.signs[-1].right == pytest.approx(184, abs=NEAR)
    assert not any(line.text.startswith("—1—") for line in first.lines)
    assert any(re.fullmatch(r"—\s*2\s*—", line.text) for line in read["letter"][1].lines)


@pytest.mark.parametrize("form", ["document", "personal", "notice"])
def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(form: str, read: dict[str, list[Sheet]]) -> None:
    for number, sheet in enumerate(read[form], 1):
        line = next(line for line in sheet.lines if re.fullmatch(rf"—\s*{number}\s*—", line.text))
        em = 14 * 25.4 / 72
        edge = line.signs[-1].right if number % 2 else line.signs[0].left
        assert edge == pytest.approx(184 - em if number % 2 else 28 + em, abs=NEAR)
        assert line.baseline - 0.38 * em - 262 == pytest.approx(7, abs=NEAR)


def test_a_document_ends_with_copies_and_who_printed_it(read: dict[str, list[Sheet]]) -> None:
    last = read["document"][-1]
    assert last.line("抄送：").text.startswith("抄送：区政府办公室，区监察委员会")
    assert "重庆市司法局行政执法监督处。" in "".join(line.text for line in last.lines)
    assert last.line("印发").text == "重庆市北碚区司法局2026年3月5日印发"
    thick = [rule for rule in last.rules if rule[3] == pytest.approx(0.35, abs=0.03)]
    assert len(thick) == 2 and thick[-1][1] == pytest.approx(262, abs=NEAR)


def test_a_seal_covers_name_and_date_in_their_middle(read: dict[str, list[Sheet]]) -> None:
    last = read["document"][-1]
    name, date = last.line("重庆市北碚区司法局"), last.line("2026年3月5日")
    assert date.signs[-1].right == pytest.approx(184 - 4 * CELL, abs=NEAR)
    middle = [(line.signs[0].left + line.signs[-1].right) / 2 for line in (name, date)]
    assert middle[0] == pytest.approx(middle[1], abs=NEAR)


def test_a_name_without_seal_stands_two_characters_from_the_right(read: dict[str, list[Sheet]]) -> None:
    last = read["personal"][-1]
    name, date = last.line("陈志强"), last.line("2026年3月5日")
    assert date.signs[-1].right == pytest.approx(184 - 2 * CELL, abs=NEAR)
    assert date.signs[0].left - name.signs[0].left == pytest.approx(2 * CELL, abs=NEAR)
