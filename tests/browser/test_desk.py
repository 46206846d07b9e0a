"""The desk by keyboard and by thumb: keys, drafts that survive, a lost race, going back, nothing too wide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk, Office
from tests.web import story

pytestmark = pytest.mark.browser


def two_opinions(office: Office) -> None:
    """Two tasks in the inbox of the urban agency's liaison."""
    for title in ("关于甲事项的意见", "关于乙事项的意见"):
        story.begin(office.world, title=title)


def test_the_inbox_by_keyboard(office: Office) -> None:
    two_opinions(office)
    page = office.desk("urban_liaison").page
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#work .work-head")).to_contain_text("乙事项")
    expect(page.locator('.queue-item > a[aria-current="true"]')).to_contain_text("乙事项")
    page.locator(".form-bar").wait_for()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="退回待领")).to_be_visible()
    page.locator("#work h2").click()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.locator(".queue-item")).to_have_count(2)


def test_what_was_typed_is_still_there_after_a_reload(office: Office) -> None:
    two_opinions(office)
    desk = office.desk("urban_liaison")
    desk.open("签收")
    desk.choose("签收意见", "非本机关职责，退回")
    desk.write("退回理由", "不属于本机关的职责范围")
    expect(desk.page.locator(".saved")).to_contain_text("已自动保存 10:00")
    desk.page.reload()
    desk.ready()
    expect(desk.field("退回理由").locator("textarea, input").first).to_have_value("不属于本机关的职责范围")
    desk.page.goto(f"{office.address}/inbox/drafts")
    expect(desk.page.locator(".queue-item")).to_have_count(1)


def test_who_was_slower_keeps_the_words(office: Office) -> None:
    story.begin(office.world)
    office.expected.add(409)
    desk = office.desk("urban_liaison")
    desk.open("签收")
    story.complete(office.world, "urban_liaison", {"outcome": "accept"})
    desk.choose("签收意见", "非本机关职责，退回")
    desk.write("退回理由", "我写的理由仍在这里")
    desk.choose("建议转办机关", "市场监督管理局")
    desk.page.get_by_role("button", name="提交", exact=True).click()
    expect(desk.page.locator(".form-summary")).to_contain_text("程立言")
    expect(desk.page.locator(".kept")).to_contain_text("我写的理由仍在这里")


def test_a_first_form_is_kept_as_a_draft(office: Office) -> None:
    desk = office.desk("sup1")
    desk.page.goto(f"{office.address}/start/opinion_beibei")
    desk.ready()
    desk.write("标题", "还没有写完的意见")
    desk.page.get_by_role("button", name="存为草稿").click()
    expect(desk.page.locator(".sent")).to_contain_text("已存为草稿")
    desk.ready()
    expect(desk.field("标题").locator("input")).to_have_value("还没有写完的意见")


def test_a_diagram_is_changed_by_its_tabs_and_themes_without_a_reload(office: Office) -> None:
    case = story.answered(office.world)
    page = office.desk("clerk").page
    page.goto(f"{office.address}/cases/{case}")
    page.locator("#diagram .djs-container").wait_for()
    page.locator("#diagram .tabs a", has_text="执法机关办理").click()
    expect(page.locator("#diagram .tabs a[aria-current]")).to_have_text("执法机关办理")
    page.locator("#diagram .djs-container").wait_for()
    page.get_by_role("button", name="深色 / 浅色").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("who", ["sup1", "clerk"])
def test_nothing_is_wider_than_a_phone(office: Office, who: str) -> None:
    office.expected.add(404)
    case = story.answered(office.world)
    desk = office.phone(who)
    addresses = ["/inbox/todo", "/inbox/done", "/cases", f"/cases/{case}", "/start", "/nothing"]
    addresses += re.findall(r'href="(/papers/[\w-]+)"', office.world.as_(who).get(f"/cases/{case}").text)[:1]
    addresses += [f"/tasks/{ref}" for ref in story.tasks_of(office.world, who)[:1]]
    wide = [address for address in addresses if width(desk, address) > PHONE["width"]]
    assert wide == []


def width(desk: Desk, address: str) -> int:
    """How wide the page wants to be."""
    desk.page.goto(f"{desk.office.address}{address}")
    desk.page.wait_for_load_state("networkidle")
    return int(desk.page.evaluate("document.documentElement.scrollWidth"))


def test_the_start_page_and_sign_in_work_without_scripts(office: Office) -> None:
    story.begin(office.world)
    desk = office.desk("urban_liaison", java_script_enabled=False)
    expect(desk.page.locator(".queue-item")).to_have_count(1)
    desk.page.locator(".queue-item > a").click()
    expect(desk.page.locator("#work h2")).to_have_text("签收")
    desk.page.get_by_role("button", name="签收", exact=True).click()
    expect(desk.page.get_by_role("button", name="退回待领")).to_be_visible()
    desk.page.get_by_role("button", name="English").first.click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
