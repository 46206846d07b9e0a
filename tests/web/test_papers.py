"""Papers at the door: the page, the PDF and the copy for Word are for the same readers, and of the same text."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import docx
import pytest
from flask import render_template_string
from sqlalchemy import select, update

from app.papers.content import PaperContent, Paragraph
from app.papers.models import Paper
from app.papers.rendering import Press
from tests.papers.measuring import sheets
from tests.web import story
from tests.web.world import World


def address_of(world: World) -> str:
    case = story.play(world, until="supervisor_response")
    return re.findall(r'href="(/papers/[\w-]+)"', world.as_("sup1").get(f"/cases/{case}").text)[-1]


def test_the_pdf_and_the_copy_say_what_the_page_says(world: World) -> None:
    address = address_of(world)
    browser = world.as_("sup1")
    printed, copy = browser.get(f"{address}.pdf"), browser.get(f"{address}.docx")
    assert printed.content_type == "application/pdf"
    assert printed.headers["X-Content-Type-Options"] == "nosniff"
    assert unquote(printed.headers["Content-Disposition"]) == (
        "inline; filename*=UTF-8''城市管理综合行政执法支队监督反馈〔2025〕1号 采纳情况反馈函.pdf"
    )
    assert copy.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    lines = [line.text for sheet in sheets(printed.data) for line in sheet.lines]
    text = "\n".join(one.text for one in docx.Document(BytesIO(copy.data)).paragraphs)
    page = browser.get(address).text
    for said in ("城市管理综合行政执法支队监督反馈〔2025〕1号", "采纳情况反馈函", "2025年1月6日"):
        assert said in lines
        assert said in text
        assert said in page


@pytest.mark.parametrize("kind", ["", ".pdf", ".docx"])
def test_who_may_not_read_the_paper_gets_none_of_its_forms(world: World, kind: str) -> None:
    address = address_of(world)
    assert world.as_("sup1").get(address + kind).status_code == 200
    assert world.as_("sup2").get(address + kind).status_code == 404
    assert world.app.test_client().get(address + kind).status_code == 303
    assert world.as_("sup1").get(f"/papers/nothing{kind}").status_code == 404


def test_a_paper_of_the_first_version_is_shown_as_todays_are(world: World) -> None:
    address = address_of(world)
    first = {
        "sender": "市场监督管理局",
        "from": "agency",
        "addressee": "",
        "title": "采纳情况反馈函",
        "title_en": "reply",
        "paragraphs": ["区司法局:", "一、调查:经查,属实"],
        "fields": {},
        "basis": "B-14b",
        "signed_on": "2025-01-06",
    }
    with world.database.transaction() as db:
        paper = db.scalars(select(Paper).where(Paper.ref == address.rpartition("/")[2])).one()
        digest = paper.sha256
        db.execute(update(Paper).where(Paper.id == paper.id).values(content=first))
    lines = [line.text for sheet in sheets(world.as_("sup1").get(f"{address}.pdf").data) for line in sheet.lines]
    assert "区司法局：" in lines and "一、调查：经查，属实。" in lines
    assert not any("文件" in line for line in lines)
    with world.database.reading() as db:
        kept = db.scalars(select(Paper).where(Paper.id == paper.id)).one()
        assert (kept.content, kept.sha256) == (first, digest)


def test_a_preview_marks_the_draft_and_says_what_it_cannot_show(world: World) -> None:
    content = PaperContent(
        form="letter",
        issuer="区司法局",
        title="转办函",
        paragraphs=(Paragraph("请办理👍"),),
        signed_on=date(2026, 3, 5),
    )
    template = '{% from "case/sheets.html" import preview %}{{ preview(shown) }}'
    with world.app.test_request_context():
        page = render_template_string(template, shown=Press().preview(content, stage="review"))
    assert ">送审稿<" in page and "请办理。" in page
    assert page.count("👍") == 1


def test_nobody_checks_signs_or_seals_a_text_that_they_have_not_seen(world: World) -> None:
    story.play(world, until="draft")
    for who, step, answers in story.ISSUING:
        (ref, *_) = story.tasks_of(world, who)
        page = world.as_(who).get(f"/tasks/{ref}").text
        shown = page.partition('class="paper-plain"')[2].partition("</article>")[0]
        assert "城市管理综合行政执法支队" in shown and "行政处罚法第五十五条" in shown, step
        assert world.as_("sup2").get(f"/tasks/{ref}").status_code == 404
        story.finish(world, who, answers)
    with world.database.reading() as db:
        issued = db.scalars(select(Paper.ref).where(Paper.code == "DOC-20")).one()
    assert "行政处罚法第五十五条" in world.as_("leader").get(f"/papers/{issued}").text


def test_a_task_that_is_about_no_paper_shows_none(world: World) -> None:
    story.begin(world)
    (ref, *_) = story.tasks_of(world, "urban_liaison")
    assert "paper-plain" not in world.as_("urban_liaison").get(f"/tasks/{ref}").text
