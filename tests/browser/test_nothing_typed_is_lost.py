"""What is typed is never lost: two windows, a session that ends, a task that goes, on the desk and on the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk, Office
from tests.web import story
from tests.web.world import PASSWORD

pytestmark = pytest.mark.browser
DEVICES = ["desk", "phone"]
REASON, AGENCY = "退回理由", "建议转办机关"


def returning(office: Office, device: str) -> Desk:
    """The agency's liaison before a matter that they are about to return."""
    story.begin(office.world)
    desk: Desk = getattr(office, device)("urban_liaison")
    desk.open("签收")
    desk.choose("签收意见", "非本机关职责，退回")
    desk.write(REASON, "开头")
    expect(saved(desk)).to_contain_text("已自动保存 10:00")
    return desk


def saved(desk: Desk) -> Locator:
    return desk.page.locator(".saved")


def second_window(desk: Desk) -> Desk:
    """The same task in another window of the same browser."""
    page = desk.page.context.new_page()
    page.goto(desk.page.url)
    other = Desk(desk.office, page, desk.name)
    other.ready()
    return other


def reason(desk: Desk) -> Locator:
    return desk.field(REASON).locator("textarea, input").first


def sign_in_here(page: Page, who: str) -> None:
    dialog = page.locator("dialog#session")
    expect(dialog).to_be_visible()
    dialog.get_by_label("账号").fill(who)
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("device", DEVICES)
def test_two_windows_are_laid_together_field_by_field(office: Office, device: str) -> None:
    office.expected.add(409)
    here = returning(office, device)
    there = second_window(here)
    there.choose(AGENCY, "市场监督管理局")
    expect(saved(there)).to_contain_text("已自动保存")
    here.write(REASON, "本页写的理由")
    expect(here.field(AGENCY).locator("select")).to_have_value("1")
    expect(reason(here)).to_have_value("本页写的理由")
    expect(here.page.locator(".form-differing")).to_be_hidden()
    expect(saved(here)).to_contain_text("已自动保存")
    there.write(REASON, "另一页写的理由")
    differing = there.page.locator(".form-differing")
    expect(differing).to_contain_text("本页写的理由")
    expect(differing).to_contain_text("另一页写的理由")
    expect(reason(there)).to_have_value("另一页写的理由")
    there.picture(f"two-windows-{device}")
    differing.get_by_role("button", name="保留这一份").nth(1).click()
    expect(reason(there)).to_have_value("本页写的理由")
    expect(differing).to_be_hidden()
    there.page.reload()
    there.ready()
    expect(reason(there)).to_have_value("本页写的理由")
    expect(there.field(AGENCY).locator("select")).to_have_value("1")


@pytest.mark.parametrize("device", DEVICES)
def test_a_session_that_ends_is_begun_anew_on_the_page(office: Office, device: str) -> None:
    office.expected.add(401)
    desk = returning(office, device)
    desk.page.context.clear_cookies()
    desk.write(REASON, "写到一半会话结束")
    expect(desk.page.locator("dialog#session")).to_contain_text("您已退出登录")
    desk.picture(f"signed-out-{device}")
    sign_in_here(desk.page, "urban_liaison")
    expect(saved(desk)).to_contain_text("已自动保存")
    desk.choose(AGENCY, "市场监督管理局")
    expect(saved(desk)).to_contain_text("已自动保存")
    desk.page.context.clear_cookies()
    desk.page.get_by_role("button", name="提交", exact=True).click()
    with desk.page.expect_navigation():
        sign_in_here(desk.page, "urban_liaison")
    expect(desk.page.locator(".sent")).to_be_visible()


def test_signing_in_in_another_tab_is_enough(office: Office) -> None:
    office.expected |= {400, 401}
    desk = returning(office, "desk")
    desk.page.context.clear_cookies()
    Desk(office, desk.page.context.new_page(), desk.name).sign_in("urban_liaison")
    with desk.page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        desk.write(REASON, "另一页登录后接着写")
    expect(saved(desk)).to_contain_text("已自动保存")
    expect(desk.page.locator("dialog#session")).to_have_count(0)
    desk.page.context.clear_cookies()
    Desk(office, desk.page.context.new_page(), desk.name).sign_in("urban_liaison")
    desk.page.get_by_role("button", name="签收", exact=True).click()
    expect(desk.page.get_by_role("button", name="退回待领")).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_another_person_in_this_browser_disarms_the_page(office: Office, device: str) -> None:
    office.expected |= {400, 401, 404}
    desk = returning(office, device)
    desk.page.context.clear_cookies()
    desk.write(REASON, "这是我的字")
    sign_in_here(desk.page, "market_liaison")
    expect(desk.page.locator(".form-summary")).to_contain_text("已停用")
    expect(desk.page.locator(".kept")).to_contain_text("这是我的字")
    expect(desk.page.get_by_role("button", name="提交", exact=True)).to_be_disabled()
    expect(desk.page.get_by_role("button", name="签收", exact=True)).to_be_disabled()
    desk.picture(f"another-person-{device}")


@pytest.mark.parametrize("device", DEVICES)
def test_a_page_whose_task_is_gone_is_disarmed_when_it_is_looked_at(office: Office, device: str) -> None:
    desk = returning(office, device)
    story.complete(office.world, "urban_liaison", {"outcome": "accept"})
    desk.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(desk.page.locator(".form-summary")).to_contain_text("程立言")
    expect(desk.page.locator(".form-summary")).to_contain_text("10:00")
    expect(desk.page.locator(".kept")).to_contain_text("开头")
    expect(desk.page.get_by_role("button", name="提交", exact=True)).to_be_disabled()
    desk.picture(f"task-gone-{device}")
    desk.page.emulate_media(color_scheme="dark")
    desk.picture(f"task-gone-dark-{device}")
