"""Papers in a browser: the pages of the screen are those that are printed, and a phone gets text that it can show."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office
from tests.papers.measuring import Sheet, sheets
from tests.web import story

pytestmark = pytest.mark.browser


def address_of(office: Office, who: str = "clerk") -> str:
    case = story.answered(office.world)
    page = office.world.as_(who).get(f"/cases/{case}").text
    return re.findall(r'href="(/papers/[\w-]+)"', page)[0]


def test_the_browser_prints_the_lines_of_the_pdf(office: Office) -> None:
    address = address_of(office)
    desk = office.desk("clerk")
    desk.page.goto(f"{desk.office.address}{address}")
    expect(desk.page.locator("svg.paper").first).to_be_visible()
    printed = desk.page.pdf(prefer_css_page_size=True, print_background=True)
    ours = sheets(office.world.as_("clerk").get(f"{address}.pdf").data)
    theirs = sheets(printed)
    assert len(theirs) == len(ours)
    for page, sheet in zip(theirs, ours, strict=True):
        assert (round(page.width), round(page.height)) == (210, 297)
        assert baselines(page) == pytest.approx(baselines(sheet), abs=0.5)


def baselines(sheet: Sheet) -> list[float]:
    """Where lines of text lie, each once: a machine without Chinese fonts still puts them there."""
    found: list[float] = []
    for line in sheet.lines:
        if not found or line.baseline - found[-1] > 1:
            found.append(line.baseline)
    return found


def test_a_phone_reads_the_paper_as_text(office: Office) -> None:
    address = address_of(office)
    desk = office.phone("clerk")
    desk.page.goto(f"{desk.office.address}{address}")
    expect(desk.page.locator("svg.paper").first).to_be_hidden()
    expect(desk.page.locator(".paper-plain h1")).to_be_visible()
