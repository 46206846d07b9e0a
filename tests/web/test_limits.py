"""The owner's table of limits: law and local policy apart, changed with a reason, and what runs keeps its value."""

from __future__ import annotations

import re

import pytest

from tests.web import story
from tests.web.world import World


def change(world: World, policy: str, amount: str, why: str = "局长办公会议定", before: str = "15") -> object:
    return world.as_("owner").post(f"/limits/{policy}", {"amount": amount, "why": why, "before": before})


def test_law_and_local_policy_stand_apart(shared: World) -> None:
    page = shared.as_("owner").get("/limits").text
    law, _, local = page.partition('id="by-office"')
    assert "公示期" in law and "5 个工作日" in law and "不少于 5" in law
    assert "年满25周岁" in law and "每年1次" in law and "法定，不可修改" in law
    assert "本局内部时限，非法定期限" in local
    assert len(re.findall(r'<tr id="P-\d+[bc]?">', local)) == 32
    assert 'href="/limits/P-05"' in local and 'href="/limits/P-08"' not in local
    assert "顺延至下一个工作日" in local, "how the text is read is shown"


def test_a_change_shows_who_when_and_why_and_leaves_what_runs(world: World) -> None:
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    due = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert "适用时限：2 个工作日" in due
    done = change(world, "P-03", "4", before="2")
    assert done.status_code == 303
    page = world.as_("owner").get("/limits").text
    row = page.partition('<tr id="P-03">')[2].partition("</tr>")[0]
    assert "4 个工作日" in row and "默认 2" in row and "欧阳澈" in row and "局长办公会议定" in row
    assert 'class="num" data-label="在办">1<' in row
    due = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert "按起算时的时限计算：2 个工作日；现行时限为4 个工作日" in due
    assert "应于 2024-12-18(周三)" in due
    story.begin(world, title="关于乙事项的意见")
    assert (
        "2024-12-20(周五)" in world.as_("urban_liaison").get(f"/tasks/{story.tasks_of(world, 'urban_liaison')[1]}").text
    )


@pytest.mark.parametrize(
    ("policy", "amount", "why", "before", "status", "said"),
    [
        ("publicity", "4", "缩短公示", "5", 422, "法定不少于 5（B-7-2）"),
        ("P-05", "-1", "改为负数", "15", 422, "不是整数天数"),
        ("P-05", "1000000000", "改得很长", "15", 422, "不是整数天数"),
        ("P-05", "400", "改得很长", "15", 422, "不得超过 365"),
        ("P-05", "0", "改为零", "15", 422, "时限不得少于 1"),
        ("P-05", "abc", "不是数字", "15", 422, "不是整数天数"),
        ("P-05", "20", "", "15", 422, "请填写理由"),
        ("P-05", "20", "没有看到新值", "14", 409, "刚被改为 15"),
        ("P-99", "20", "没有这项", "15", 404, "没有"),
        ("age_min", "18", "降低年龄", "25", 404, "没有"),
    ],
)
def test_what_the_law_or_sense_forbids_is_refused_in_words(
    shared: World, policy: str, amount: str, why: str, before: str, status: int, said: str
) -> None:
    answer = change(shared, policy, amount, why, before)
    assert answer.status_code == status
    assert said in answer.text


def test_the_page_of_one_limit_says_what_it_is(shared: World) -> None:
    page = shared.as_("owner").get("/limits/P-05").text
    assert "本局内部时限，非法定期限" in page and "可设 1 至 365" in page
    law = shared.as_("owner").get("/limits/publicity").text
    assert "法定期限（B-7-2）：不少于 5" in law
    assert shared.as_("owner").get("/limits/nothing").status_code == 404


@pytest.mark.parametrize("address", ["/limits", "/limits/P-05", "/calendar", "/calendar?year=2027&day=2027-01-01"])
def test_the_pages_can_be_walked_by_landmarks_and_labels(shared: World, address: str) -> None:
    page = shared.as_("owner" if address.startswith("/limits") else "admin").get(address).text
    assert page.count("<main") == 1 and page.count("<h1") == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        name = re.search(r' id="([^"]+)"', field)
        labelled = 'type="hidden"' in field or "aria-label=" in field or 'type="radio"' in field
        labelled = labelled or 'type="checkbox"' in field or (name and f'for="{name[1]}"' in page)
        assert labelled, field


@pytest.mark.parametrize(("who", "address"), [("owner", "/limits"), ("admin", "/calendar?year=2026")])
def test_english_pages_hold_no_chinese_but_names(world: World, who: str, address: str) -> None:
    browser = world.as_(who)
    browser.client.set_cookie("language", "en")
    page = re.sub(r"<script.*?</script>|placeholder=\"[^\"]*\"", "", browser.get(address).text, flags=re.DOTALL)
    left = set(re.findall(r"[一-鿿]+", page)) - {"中文", "督", "北碚区司法局", "欧阳澈", "管一鸣", "休", "班", "预"}
    assert left == set()
