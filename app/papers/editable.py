"""A paper to take along as DOCX: the same grid and places, for Word and WPS to edit."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Written
from docx.text.run import Run

from app.papers.composing import composed, heading_and_text
from app.papers.content import PaperContent, Paragraph
from app.papers.fonts import Role
from app.papers.pages import (
    BODY,
    BOTTOM,
    CELL,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    POINT,
    RIGHT,
    SMALL,
    TITLE,
    TOP,
    WIDTH,
)
from app.papers.rows import HEADINGS
from app.papers.wording import chinese_date, listed

FACES: dict[Role, str] = {"song": "方正小标宋简体", "fang": "仿宋", "hei": "黑体", "kai": "楷体", "digits": "宋体"}
"""The faces that Word and WPS know by these names."""
RED = RGBColor(0xD7, 0x00, 0x0F)
TWIPS = 1440 / 25.4
CENTER, END, START = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def editable(content: PaperContent, *, mark: str | None = None) -> bytes:
    """The paper as DOCX. What people wrote is set as text, never as a field or a template."""
    said = composed(content)
    document = docx.Document()
    _page(document)
    _properties(document, said)
    if mark:
        _line(document, mark, role="hei")
    _head(document, said)
    _centred(document, said.title, TITLE)
    if said.form in ("notice", "personal", "sheet") and said.number:
        _line(document, said.number, align=END, right=1)
    _line(document, "")
    if said.addressees:
        _line(document, f"{listed(said.addressees)}：")
    _text(document, said)
    _attachments(document, said)
    _signature(document, said)
    _foot(document, said)
    _numbers(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Document) -> None:
    """A4 with the standard's margins, and its grid of 22 lines of 28 characters."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(BOTTOM - 7 - SMALL * POINT)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    spacing = round((CELL / POINT - BODY) * 4096)
    values = {"type": "linesAndChars", "linePitch": round(PITCH * TWIPS), "charSpace": spacing}
    section._sectPr.append(_element("w:docGrid", values))
    style = document.styles["Normal"]
    style.font.size = Pt(BODY)
    _face(style.element.get_or_add_rPr(), "fang")
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(PITCH / POINT)


def _properties(document: Document, said: PaperContent) -> None:
    core = document.core_properties
    core.title, core.author, core.language, core.comments = said.title, said.issuer, "zh-CN", ""


def _head(document: Document, said: PaperContent) -> None:
    """The issuer's head, red on documents and letters, with number and line."""
    if said.form in ("personal", "sheet"):
        return
    if said.form == "notice":
        _centred(document, said.issuer, TITLE)
        return
    issuer = f"{said.issuer}文件" if said.form == "document" and not said.issuer.endswith("文件") else said.issuer
    size = min(62 if said.form == "document" else 46, WIDTH / POINT / max(len(issuer), 1))
    head = _centred(document, issuer, size, red=True)
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if said.form == "document":
        head.paragraph_format.space_before = Mm(35 - 10)
        head.paragraph_format.space_after = Pt(2 * PITCH / POINT)
    else:
        _border(head, "bottom", "thickThinSmallGap", 24, 8)
    number = _numbered(document, said)
    if said.form == "document":
        _border(number, "bottom", "single", 12, 8)
    _line(document, "")
    _line(document, "")


def _numbered(document: Document, said: PaperContent) -> Written:
    if said.form == "letter":
        return _line(document, said.number or "", align=END)
    if not said.signer:
        return _line(document, said.number or "", align=CENTER)
    written = _line(document, f"{said.number or ''}\t签发人：", left=1, right=1)
    written.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH - 9 * CELL))
    _run(written, said.signer, "kai")
    return written


def _text(document: Document, said: PaperContent) -> None:
    if said.form == "sheet":
        rows = [one.text.partition("：") for one in said.paragraphs]
        _table(document, [(label, text) if mark else ("", label) for label, mark, text in rows], heads=0)
    else:
        for paragraph in said.paragraphs:
            _paragraph(document, paragraph)
    if said.rows:
        _table(document, list(said.rows), heads=1)


def _paragraph(document: Document, paragraph: Paragraph) -> None:
    heading, text = heading_and_text(paragraph)
    written = _line(document, heading, role=HEADINGS[paragraph.level], first=2)
    written.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _run(written, text, "fang")


def _table(document: Document, rows: list[tuple[str, ...]], *, heads: int) -> None:
    table = document.add_table(len(rows), max(len(row) for row in rows), style="Table Grid")
    for at, row in enumerate(rows):
        for cell, text in zip(table.rows[at].cells, row, strict=False):
            _run(cell.paragraphs[0], text, "hei" if at < heads else "fang", SMALL)


def _attachments(document: Document, said: PaperContent) -> None:
    if said.attachments:
        _line(document, "")
    for at, name in enumerate(said.attachments, 1):
        numeral = "" if len(said.attachments) == 1 else f"{at}."
        _line(document, f"附件：{numeral}{name}" if at == 1 else f"{numeral}{name}", left=2 if at == 1 else 5)


def _signature(document: Document, said: PaperContent) -> None:
    day = chinese_date(said.signed_on) if said.signed_on else "    年  月  日"
    for _ in range(2 if said.sealed else 1):
        _line(document, "").paragraph_format.keep_with_next = True
    wide = sum(0.5 if sign.isascii() else 1.0 for sign in day)
    shift = max(wide / 2 - len(said.issuer) / 2, -4.0) if said.sealed else 0.0
    name_right = 4 + shift if said.sealed else 2 + max(wide - len(said.issuer) + 2, 0)
    _line(document, said.issuer, align=END, right=name_right).paragraph_format.keep_with_next = True
    _line(document, day, align=END, right=4 if said.sealed else 2)
    signer = f"签发人：{said.signer}" if said.signer and said.form != "document" else ""
    if note := "；".join(one for one in (signer, said.contact) if one):
        _line(document, f"（{note}）", first=2)


def _foot(document: Document, said: PaperContent) -> None:
    """Copies and, for a document, who printed it when, between lines."""
    lines = [f"抄送：{'，'.join(said.copies)}。"] if said.copies else []
    if said.form == "document":
        printed = f"{chinese_date(said.signed_on)}印发" if said.signed_on else "印发"
        lines.append(f"{said.issuer}\t{printed}")
    for at, text in enumerate(lines):
        written = _line(document, text, size=SMALL, left=1, right=1)
        written.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH - SMALL * POINT), WD_TAB_ALIGNMENT.RIGHT)
        if at == 0:
            written.paragraph_format.space_before = Pt(PITCH / POINT)
        if said.form == "document":
            _border(written, "top", "single", 8 if at == 0 else 6, 1)
            if at == len(lines) - 1:
                _border(written, "bottom", "single", 8, 1)


def _numbers(document: Document) -> None:
    """— 1 — at the right of odd pages and at the left of even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, END), (section.even_page_footer, START)):
        written = footer.paragraphs[0]
        written.alignment = align
        _indent(written, left=1, right=1, first=0)
        _run(written, "— ", "digits", SMALL)
        run = _run(written, "", "digits", SMALL)
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            if kind:
                run._r.append(_element("w:fldChar", {"fldCharType": kind}))
            else:
                code = OxmlElement("w:instrText")
                code.text = text
                run._r.append(code)
        _run(written, " —", "digits", SMALL)


def _centred(document: Document, text: str, size: float, *, red: bool = False) -> Written:
    written = document.add_paragraph()
    written.alignment = CENTER
    run = _run(written, text, "song", size)
    if red:
        run.font.color.rgb = RED
    return written


def _line(  # noqa: PLR0913 - where a line stands
    document: Document,
    text: str,
    *,
    role: Role = "fang",
    size: float = BODY,
    align: WD_ALIGN_PARAGRAPH | None = None,
    left: float = 0,
    right: float = 0,
    first: float = 0,
) -> Written:
    """A paragraph of its own; indents are in characters."""
    written: Written = document.add_paragraph()
    written.alignment = align
    _indent(written, left=left, right=right, first=first)
    _run(written, text, role, size)
    return written


def _indent(written: Written, *, left: float, right: float, first: float) -> None:
    form = written.paragraph_format
    form.left_indent, form.right_indent, form.first_line_indent = Mm(left * CELL), Mm(right * CELL), Mm(first * CELL)


def _run(written: Written, text: str, role: Role, size: float = BODY) -> Run:
    run = written.add_run(text)
    run.font.size = Pt(size)
    _face(run._r.get_or_add_rPr(), role)
    return run


def _face(properties: BaseOxmlElement, role: Role) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FACES[role])


def _border(written: Written, side: str, kind: str, size: int, space: int) -> None:
    properties = written._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    colour = "D7000F" if kind != "single" or size == 12 else "000000"
    values = {"val": kind, "sz": size, "space": space, "color": colour}
    borders.append(_element(f"w:{side}", values))


def _element(name: str, values: dict[str, object]) -> BaseOxmlElement:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    return made
