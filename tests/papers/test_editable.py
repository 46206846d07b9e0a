from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from app.papers.composing import composed, texts_of
from app.papers.content import Form
from app.papers.rendering import Press
from tests.papers.examples import BY_FORM, DOCUMENT

MM = 36000
PRESS = Press()


def opened(form: Form) -> docx.document.Document:
    return docx.Document(BytesIO(PRESS.docx(BY_FORM[form])))


def text_of(document: docx.document.Document) -> str:
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(one.text for one in document.paragraphs), *cells))


@pytest.mark.parametrize("form", BY_FORM)
def test_the_copy_has_the_same_page_and_grid(form: Form) -> None:
    section = opened(form).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(size / MM) for size in (*sizes, section.left_margin, section.right_margin)] == [
        210, 297, 37, 35, 28, 26,
    ]  # fmt: skip
    (grid,) = section._sectPr.findall(qn("w:docGrid"))
    assert int(grid.get(qn("w:linePitch"))) / 1440 * 25.4 * 22 == pytest.approx(225, abs=0.5)
    each = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert each * 28 / 72 * 25.4 == pytest.approx(156, abs=0.5)


@pytest.mark.parametrize("form", BY_FORM)
def test_the_copy_says_all_that_the_paper_says(form: Form) -> None:
    text = text_of(opened(form)).replace("\n", "")
    said = composed(BY_FORM[form])
    lacking = [one for one in texts_of(said) if one not in text and one.replace("：", "", 1) not in text]
    assert lacking == []
    assert "2026年3月5日" in text


def test_body_is_in_fangsong_and_headings_in_their_own_faces() -> None:
    faces = {
        run.text: run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for paragraph in opened("document").paragraphs
        for run in paragraph.runs
    }
    assert faces["一、审查情况"] == "黑体"
    assert next(face for text, face in faces.items() if text.startswith("（一）")) == "楷体"
    assert next(face for text, face in faces.items() if text.startswith("经查")) == "仿宋"
    assert faces[DOCUMENT.title] == "方正小标宋简体"


def test_page_numbers_are_fields_on_both_sides() -> None:
    document = opened("document")
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer.paragraphs[0]._p.xml and footer.paragraphs[0].text == "—  —"
