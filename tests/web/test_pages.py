"""What pages say: due dates in working days, why a date is so, papers as issued, landmarks and labels for all."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.calendar import state_council
from app.journal import entries_of
from app.web.pieces.due_chip import chip
from tests.web import story
from tests.web.world import Browser, World


@pytest.mark.parametrize(
    ("today", "due", "said", "tone"),
    [
        ("2024-12-16", "2025-01-07", "15 working days left", "ok"),
        ("2025-01-06", "2025-01-07", "1 working day left", "soon"),
        ("2025-01-07", "2025-01-07", "due today", "soon"),
        ("2025-01-08", "2025-01-07", "1 working day overdue", "late"),
        ("2025-01-25", "2025-01-26", "1 working day left", "soon"),
        ("2025-01-28", "2025-02-05", "1 working day left", "soon"),
        ("2025-01-11", "2025-01-12", "due before the next working day", "soon"),
        ("2025-01-12", "2025-01-10", "overdue", "late"),
        ("2025-01-27", "2025-01-26", "1 working day overdue", "late"),
    ],
)
def test_a_chip_counts_working_days(today: str, due: str, said: str, tone: str) -> None:
    found = chip(date.fromisoformat(due), date.fromisoformat(today), state_council())
    assert (str(found.text), found.tone) == (said, tone)


def test_a_due_date_in_an_unannounced_year_is_marked() -> None:
    assert chip(date(2027, 1, 5), date(2026, 12, 30), state_council()).provisional
    assert chip(None, date(2026, 12, 30), state_council()).tone == "none"


def test_the_inbox_says_what_is_late_in_words(world: World) -> None:
    story.begin(world)
    page = world.as_("urban_liaison").get("/inbox/todo").text
    assert "还剩 2 个工作日" in page
    world.clock.move(world.clock.now() + timedelta(days=4))
    page = world.as_("urban_liaison").get("/inbox/todo").text
    assert "超期 2 个工作日" in page
    assert "超期 1 件" in page


def test_a_box_is_searched_by_number_and_title(world: World) -> None:
    story.begin(world, title="关于甲事项的意见")
    story.begin(world, title="关于乙事项的意见")
    browser = world.as_("urban_liaison")
    assert "甲事项" in browser.get("/inbox/todo?search=甲").text
    assert "乙事项" not in browser.get("/inbox/todo?search=甲").text
    assert "乙事项" in browser.get("/inbox/todo?search=2024-B-0002").text
    assert "没有找到" in browser.get("/inbox/todo?search=%25").text


def test_htmx_gets_the_pane_alone_and_everybody_else_the_page(world: World) -> None:
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    browser = world.as_("urban_liaison")
    alone = browser.get(f"/tasks/{ref}", **{"HX-Request": "true", "HX-Target": "work"}).text
    whole = browser.get(f"/tasks/{ref}").text
    assert "<html" not in alone and 'data-island="form"' in alone
    assert "<html" in whole and 'data-view="work"' in whole


def test_a_refusal_for_htmx_is_a_fragment_with_words_for_the_page(world: World) -> None:
    answer = world.as_("clerk").get("/tasks/none", **{"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.headers["X-Message"].startswith("%")
    assert "<html" not in answer.text


def test_why_this_date_counts_day_by_day(world: World) -> None:
    story.play(world, until="preliminary_review")
    (ref, *_) = [ref for ref in story.tasks_of(world, "head")]
    page = world.as_("head").get(f"/tasks/{ref}").text
    why = page.partition('class="fold why"')[2].partition("</details>")[0]
    assert "本局内部时限，非法定期限" in why
    assert why.count('class="day-count"') == 10
    assert re.search(r'class="day-last">26<span class="day-mark">班</span><b class="day-count">10</b>', why)
    assert why.count(">休<") == 3


def test_where_is_my_case_in_one_sentence(world: World) -> None:
    case = story.begin(world)
    assert "目前由城市管理综合行政执法支队办理。" in world.as_("sup1").get(f"/cases/{case}").text
    inside = world.as_("clerk").get(f"/cases/{case}").text
    assert re.search(
        r"12月16日\(周一\)起由城市管理综合行政执法支队 .*办理“签收”，应于12月18日\(周三\)24:00前办结", inside
    )


def test_people_in_rows_are_named(world: World) -> None:
    story.play(world, until="investigation_plan")
    (ref, *_) = story.tasks_of(world, "clerk")
    assert "陈静姝、无" in world.as_("clerk").get(f"/tasks/{ref}").text


def test_a_closed_case_says_so(world: World) -> None:
    case = story.play(world)
    assert "本案已于3月24日(周一)结束" in world.as_("sup1").get(f"/cases/{case}").text


def test_a_paper_is_shown_as_it_was_issued(world: World) -> None:
    case = story.play(world, until="supervisor_response")
    browser = world.as_("sup1")
    address = re.findall(r'href="(/papers/[\w-]+)"', browser.get(f"/cases/{case}").text)[-1]
    page = browser.get(address).text
    assert "采纳情况反馈函" in page and "监督反馈〔2025〕1号" in page and "2025年1月6日" in page


def test_a_task_that_is_done_says_by_whom_and_keeps_no_form(world: World) -> None:
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    story.complete(world, "urban_liaison", {"outcome": "accept"})
    page = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert "程立言已于" in page
    assert 'data-island="form"' not in page


def test_what_was_refused_at_a_task_is_journaled(world: World) -> None:
    case = story.begin(world)
    story.complete(world, "urban_liaison", {"outcome": "nothing"})
    page = world.as_("clerk").get(f"/cases/{case}").text
    assert "提交“签收”未被接受" in page
    with world.database.reading() as db:
        assert [one.kind for one in entries_of(db, 1)].count("task.refused") == 1


def test_who_has_no_part_in_cases_is_told_so(world: World) -> None:
    page = world.as_("auditor").get("/")
    assert page.status_code == 200
    assert "您的岗位不办理具体案件" in page.text


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_who_has_no_part_in_cases_is_led_to_their_own_section(world: World, who: str) -> None:
    assert world.as_(who).client.get("/", follow_redirects=True).status_code == 200
    assert world.as_(who).get("/inbox/todo").status_code == 403


def test_an_unknown_fault_is_a_calm_page_with_a_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("app.web.inbox.page.lists.tasks", broken)
    answer = world.as_("clerk").get("/inbox/todo")
    assert answer.status_code == 500
    assert re.search(r"编号 [0-9a-f]{8}", answer.text)
    assert "secret detail" not in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize("address", ["/inbox/todo", "/cases", "/start", "/sign-in", "/nothing", "CASE", "TASK"])
def test_every_page_can_be_walked_by_landmarks_and_labels(shared: World, address: str) -> None:
    browser = Browser(shared.app.test_client()) if address == "/sign-in" else shared.as_("sup1")
    if address in ("CASE", "TASK"):
        case = story.begin(shared, "sup1")
        address = f"/cases/{case}" if address == "CASE" else f"/tasks/{story.tasks_of(shared, 'urban_liaison')[0]}"
        browser = shared.as_("urban_liaison")
    page = browser.get(address).text
    assert page.count("<main") == 1 and page.count('class="skip" href="#main"') == 1
    assert page.count("<h1") >= 1
    assert re.search(r"<title>\s*[^·<]*\S[^·<]* · 督办</title>", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in field:
            name = re.search(r' id="([^"]+)"', field)
            assert "aria-label=" in field or (name and f'<label for="{name[1]}"' in page), field
