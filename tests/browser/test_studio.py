"""Two owners at their desks: a fault stands on its element, a list leads there, no name in a file becomes code."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import DESKTOP, Office
from tests.web.uploading import BPMN, FILES, NASTY, replaced
from tests.web.world import PASSWORD

pytestmark = pytest.mark.browser
WRONG = replaced(NASTY).replace(b'duban:notSameAs="investigate_and_draft"', b'duban:notSameAs="nobody_at_all"')
MARK = ".bjs-powered-by"


def owner(office: Office, who: str) -> Page:
    """An owner's window; whatever it complains of fails the test."""
    page = office.chromium.new_context(viewport=DESKTOP, locale="zh-CN").new_page()
    page.on("pageerror", lambda error: office.complaints.append(f"{who}: {error}"))
    page.on("dialog", lambda dialog: (office.complaints.append(f"{who}: {dialog.message}"), dialog.dismiss()))
    page.goto(f"{office.address}/sign-in")
    page.get_by_label("账号").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/studio")
    return page


def upload(office: Office, page: Page, data: bytes) -> None:
    page.goto(f"{office.address}/studio/upload")
    page.get_by_label("文件", exact=True).set_input_files(
        [{"name": "any.bpmn", "mimeType": "application/xml", "buffer": data}]
    )
    page.get_by_role("button", name="检查文件").click()
    page.locator(f"{MARK} >> nth=1").wait_for()


def test_a_fault_stands_on_its_element_and_the_list_leads_there(office: Office) -> None:
    page = owner(office, "owner")
    upload(office, page, WRONG)
    badge = page.locator(".finding-error")
    expect(badge).to_have_text("1")
    assert "nobody_at_all" in (badge.get_attribute("title") or "")
    before = page.locator(".diagram-canvas .viewport").nth(1).get_attribute("transform")
    page.locator("#problems").get_by_text("定位").first.click()
    expect(page.locator('.djs-element.duban-shown[data-element-id="agency_approve"]').first).to_be_visible()
    assert page.locator(".diagram-canvas .viewport").nth(1).get_attribute("transform") != before
    expect(badge).to_be_in_viewport()


def test_a_name_that_holds_markup_is_text_on_the_page_and_in_the_drawing(office: Office) -> None:
    page = owner(office, "owner")
    upload(office, page, WRONG)
    assert page.locator("main img").count() == 0
    expect(page.locator('.djs-element[data-element-id="agency_sign"] text').last).to_contain_text("<img")
    expect(page.locator(MARK).first).to_be_visible()


def test_the_second_owner_publishes_and_the_versions_are_compared_in_the_drawings(office: Office) -> None:
    first, second = owner(office, "owner"), owner(office, "owner2")
    upload(office, first, replaced("签收"))
    with first.expect_navigation():
        first.get_by_role("button", name="提请复核").click()
    second.goto(first.url)
    second.get_by_role("button", name="批准并发布").click()
    expect(second.get_by_role("status")).to_contain_text("第 2 次发布现已生效")
    second.goto(f"{office.address}/studio/processes/agency_handling")
    second.get_by_role("button", name="查看差异").click()
    changed = second.locator('#differences .duban-changed[data-element-id="agency_sign"]')
    expect(changed).to_have_count(2)
    expect(second.locator("#differences .legend-changed").first).to_have_text("改动")
    assert FILES[BPMN] != replaced("签收")
