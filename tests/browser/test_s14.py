"""S14 as its people live it: not adopted, brought to the bureau, investigated, a correction ordered and verified."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office
from tests.files import made
from tests.web import story

pytestmark = pytest.mark.browser
TITLE = story.OPINION["title"]


def test_s14(office: Office, tmp_path: Path) -> None:
    the_supervisor_speaks(office)
    the_agency_does_not_adopt(office)
    the_supervisor_escalates_on_a_phone(office)
    the_bureau_investigates(office)
    the_bureau_orders_a_correction(office)
    the_agency_corrects(office, tmp_path)
    everybody_sees_the_end(office)


def the_supervisor_speaks(office: Office) -> None:
    desk = office.desk("sup1")
    desk.page.get_by_role("link", name="发起").first.click()
    desk.page.get_by_role("link", name="监督意见办理").click()
    desk.ready()
    desk.choose("意见针对", "行政执法")
    desk.choose("提出途径", "直接向行政执法机构提出")
    desk.write("标题", TITLE)
    desk.choose("被监督机关", "城市管理综合行政执法支队")
    desk.write("发生时间", "2024-12-12")
    desk.write("地点", "北碚区天生路")
    desk.choose("来源", "本人发现")
    desk.choose("问题类型", "程序违法")
    desk.write("事实情况", story.OPINION["facts"])
    desk.write("意见建议", story.OPINION["suggestion"])
    desk.choose("请求", "提出纠正")
    desk.choose("紧急程度", "普通")
    desk.choose("公开范围", "普通")
    desk.tick("不含国家秘密")
    desk.choose("回避声明", "无")
    desk.tick("如实反映")
    desk.picture("s14_01_submit", full=True)
    desk.send("提交监督意见")
    expect(desk.page.locator("h1")).to_have_text(TITLE)
    expect(desk.page.locator(".case-no")).to_contain_text("2024-B-0001")
    desk.picture("s14_02_case_supervisor", full=True)


def the_agency_does_not_adopt(office: Office) -> None:
    office.at("2024-12-16T11:00")
    liaison = office.desk("urban_liaison")
    liaison.open("签收")
    expect(liaison.page.locator("#work")).to_contain_text("2024-12-18(周三)")
    liaison.choose("签收意见", "签收")
    liaison.picture("s14_03_sign")
    liaison.send("提交")
    expect(liaison.page.locator(".sent")).to_contain_text("已送：城市管理综合行政执法支队")
    expect(liaison.page.locator("#work h2")).to_have_text("分办")
    liaison.ready()
    liaison.choose("承办人", "程思齐")
    liaison.send("分办")
    office.at("2025-01-06T09:00")
    handler = office.desk("urban_handler")
    handler.open("调查核实并拟复")
    expect(handler.page.locator(".work-head")).to_contain_text("还剩 1 个工作日")
    for label, key in (("调查", "investigation"), ("分析", "analysis"), ("研判", "judgement")):
        handler.write(label, story.ANSWER[key])
    handler.choose("是否采纳", "不予采纳")
    handler.page.get_by_role("button", name="提交审签").click()
    expect(handler.page.locator(".form-summary")).to_be_visible()
    handler.picture("s14_04_reason_missing")
    handler.write("不予采纳理由", story.ANSWER["reason"])
    handler.send("提交审签")
    leader = office.desk("urban_leader")
    leader.open("审签")
    leader.choose("意见", "同意")
    leader.picture("s14_05_approve")
    leader.send("提交审签意见")


def the_supervisor_escalates_on_a_phone(office: Office) -> None:
    office.at("2025-01-13T09:00")
    desk = office.phone("sup1")
    desk.picture("s14_06_phone_inbox")
    desk.open("对采纳情况的意见")
    expect(desk.page.locator(".rail")).to_be_hidden()
    desk.choose("您的意见", "提请区司法局监督")
    desk.write("认为不予采纳不正确的理由", story.REASON)
    desk.picture("s14_07_phone_task", full=True)
    desk.send("提交意见")
    expect(desk.page.locator("#work h2")).to_have_text("出具监督意见书")
    desk.ready()
    desk.write("事实", "检查时未出示执法证件")
    desk.write("意见建议", "请区司法局依法监督")
    desk.sign()
    desk.picture("s14_08_phone_sign", full=True)
    desk.send("出具监督意见书")


def the_bureau_investigates(office: Office) -> None:
    office.at("2025-01-14T09:00")
    clerk = office.desk("clerk")
    clerk.open("登记受理")
    clerk.page.get_by_role("button", name="签收").click()
    expect(clerk.page.get_by_role("button", name="退回待领")).to_be_visible()
    clerk.ready()
    clerk.choose("提出人任职状态", "在任")
    clerk.tick("监督意见书已由本人签名")
    clerk.picture("s14_09_register")
    clerk.send("登记受理")
    office.at("2025-01-22T15:00")
    head = office.desk("head")
    head.open("审查")
    head.page.locator("summary", has_text="为何是这天").click()
    expect(head.page.locator(".days")).to_contain_text("班")
    head.page.locator("summary", has_text="关联来件").click()
    expect(head.page.locator("#work")).to_contain_text(story.REASON)
    head.choose("审查方式", "直接审查")
    head.write("审查意见", "是否出示证件须进一步查明")
    head.choose("审查结果", "需要进一步调查")
    head.picture("s14_10_review")
    head.send("提交审查意见")
    expect(head.page.locator("#work h2")).to_have_text("组成调查组")
    head.ready()
    for number, name in enumerate(("陈静姝", "罗以安")):
        row = head.page.locator(".fjs-repeat-row-container").nth(number)
        row.locator("select").nth(0).select_option(label=name)
        row.locator("select").nth(1).select_option(label="无")
    head.picture("s14_11_team")
    head.send("组成调查组")
    clerk.open("拟定调查方案")
    clerk.write("调查方案", "调取全程录像并询问在场人员")
    clerk.send("提交方案")
    office.at("2025-03-03T10:00")
    second = office.desk("clerk2")
    second.open("调查报告")
    second.write("查明事实", "检查全程未出示执法证件")
    second.write("证据清单", "录像、询问笔录")
    second.write("处理意见", "建议责令纠正")
    second.send("提交报告")
    leader = office.desk("leader")
    leader.open("审批报告")
    leader.choose("意见", "同意")
    leader.send("提交审批意见")


def the_bureau_orders_a_correction(office: Office) -> None:
    office.at("2025-03-05T10:00")
    head = office.desk("head")
    head.open("审查结论")
    head.choose("履职认定", "不正确履行法定职责")
    head.choose("造成严重后果", "否")
    head.write("认定事实", "检查时未出示执法证件")
    head.write("依据", "行政处罚法第五十五条")
    head.picture("s14_12_conclusion")
    head.send("提交审查结论")
    leader = office.desk("leader")
    leader.open("审定结论")
    leader.choose("意见", "同意")
    leader.send("提交审定意见")
    the_order_goes_out(office)
    leader.case(TITLE, linked=True)
    leader.page.get_by_role("link", name="责令纠正通知书").click()
    expect(leader.page.locator("article.paper-plain")).to_contain_text("予以纠正")
    leader.picture("s14_13_order", full=True)


def the_order_goes_out(office: Office) -> None:
    for who, step, opinion, button in (
        ("clerk", "拟稿", "", "送核稿"),
        ("head", "核稿", "同意", "提交核稿意见"),
        ("leader", "签发", "同意签发", "提交签发意见"),
        ("archivist", "用印", "", "用印并发出"),
    ):
        desk = office.desk(who)
        desk.open(step)
        if opinion:
            desk.choose("意见", opinion)
        desk.send(button)


def the_agency_corrects(office: Office, folder: Path) -> None:
    office.at("2025-03-20T10:00")
    report = folder / "整改报告.pdf"
    report.write_bytes(made.pdf())
    handler = office.desk("urban_handler")
    handler.open("报告整改情况")
    handler.write("整改措施", "修订检查规范并组织培训")
    handler.write("完成日期", "2025-03-19")
    handler.attach("佐证材料", report)
    handler.picture("s14_14_rectify")
    handler.send("提交整改报告")
    office.at("2025-03-24T10:00")
    clerk = office.desk("clerk")
    clerk.open("核验整改")
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="整改报告.pdf").click()
    assert download.value.suggested_filename == "整改报告.pdf"
    clerk.choose("核验结果", "通过")
    clerk.send("提交核验")
    head = office.desk("head")
    head.open("审核核验意见")
    head.choose("意见", "同意")
    head.send("提交审核意见")


def everybody_sees_the_end(office: Office) -> None:
    desk = office.desk("sup1")
    desk.case(TITLE)
    expect(desk.page.locator(".case-sentence")).to_contain_text("已于3月24日(周一)结束")
    desk.picture("s14_15_end_supervisor", full=True)
    clerk = office.desk("clerk")
    clerk.case(TITLE)
    clerk.page.locator(".diagram-canvas .djs-container").wait_for()
    clerk.picture("s14_16_end_clerk", full=True)
