"""The administrator's calendar: a year, an import that is seen first, and dates that are provisional until then."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import jobs
from app.cases.models import Task
from app.limits.models import DayImport, DayRow
from app.people.access import actor_of
from tests.databases import counted
from tests.ground.notices import NOTICE_2026
from tests.web import story
from tests.web.world import World

NEW_YEAR = {"kind": "table", "year": "2027", "why": "国办发明电〔2026〕9号", "complete": "yes"}
NOTICE = "元旦：1月1日（周五）至3日（周日）放假，共3天。"


def preview(world: World, **form: Any) -> TestResponse:
    return world.as_("admin").post("/calendar/preview", {**NEW_YEAR, "text": NOTICE, **form})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1].replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&")


def apply(world: World, page: str, **changes: str) -> TestResponse:
    form = {"payload": hidden(page, "payload"), "digest": hidden(page, "digest"), **changes}
    return world.as_("admin").post("/calendar/apply", form)


def opinion(world: World) -> str:
    """An opinion at the end of 2026, whose signing is due in a year that is not announced."""
    world.clock.move(story.at("2026-12-30T09:00"))
    return story.begin(world)


def dues(world: World) -> list[str]:
    with world.database.reading() as db:
        query = select(Task.due).where(Task.closed_at.is_(None)).order_by(Task.id)
        return [due.isoformat() for due in db.scalars(query) if due]


def test_a_date_is_provisional_until_its_year_is_imported(world: World) -> None:
    case = opinion(world)
    browser = world.as_("urban_liaison")
    assert dues(world) == ["2027-01-01"]
    assert 'class="due-note">暂定</span>' in browser.get("/inbox/todo").text
    assert "1月1日(周五)（暂定）" in world.as_("clerk").get(f"/cases/{case}").text
    (ref,) = story.tasks_of(world, "urban_liaison")
    assert "日期为暂定" in browser.get(f"/tasks/{ref}").text
    seen = preview(world)
    assert seen.status_code == 200
    assert "2026-B-0001" in seen.text and "2027-01-04(周一)" in seen.text
    assert "占道经营" not in seen.text and "苏映雪" not in seen.text, "no title and no name (2.9)"
    assert dues(world) == ["2027-01-01"], "nothing moves before it is confirmed"
    done = apply(world, seen.text)
    assert done.status_code == 303
    assert dues(world) == ["2027-01-04"]
    assert "暂定" not in browser.get("/inbox/todo").text
    page = browser.get(f"/tasks/{ref}").text
    assert "日期为暂定" not in page
    assert "工作日历调整，期限由 2027-01-01(周五) 改为 2027-01-04(周一)" in page
    assert "2027-01-01(周五) 放假，由本局设定（元旦、国办发明电〔2026〕9号）" in page


def test_the_calendar_keeps_who_set_a_day_when_and_why(world: World) -> None:
    world.clock.move(story.at("2026-12-30T09:00"))
    apply(world, preview(world).text)
    page = world.as_("admin").get("/calendar?year=2027").text
    table = page.partition('id="history"')[2].partition("</details>")[0]
    assert table.count("国办发明电〔2026〕9号") == 3 and "管一鸣" in table
    assert "2027 年安排完整" in page and "0 个期限顺延" in page
    assert 'tag-live">已公布' in page
    one = {"kind": "day", "day": "2027-01-01", "worked": "yes", "name": "", "why": "撤回元旦放假"}
    assert apply(world, world.as_("admin").post("/calendar/preview", one).text).status_code == 303
    table = world.as_("admin").get("/calendar?year=2027").text.partition('id="history"')[2].partition("</details>")[0]
    assert table.count("已被取代") == 1, "the day keeps both rows"
    with world.database.reading() as db:
        assert len(db.scalars(select(DayRow)).all()) == 4


def test_what_was_seen_is_what_is_applied(world: World) -> None:
    world.clock.move(story.at("2026-12-30T09:00"))
    seen = preview(world).text
    opinion(world)
    stale = apply(world, seen)
    assert stale.status_code == 409 and "请重新预览" in stale.text
    forged = apply(
        world, preview(world).text, payload='{"days": {"2027-01-05": [false, ""]}, "year": 2027, "why": "伪造日期"}'
    )
    assert forged.status_code == 409
    with world.database.reading() as db:
        assert db.scalar(select(DayImport.id)) is None


def test_a_year_at_a_glance(shared: World) -> None:
    page = shared.as_("admin").get("/calendar?year=2026").text
    assert page.count('<table class="month">') == 12
    assert len(re.findall(r'class="cell-makeup[^"]*"', page)) == 6
    assert re.search(r'href="[^"]*day=2026-02-17[^"]*" title="春节">17<span class="cell-mark">休</span>', page)
    assert "cell-guess" not in page
    guess = shared.as_("admin").get("/calendar?year=2027").text
    assert re.search(r'day=2027-01-01[^"]*" title="元旦">1<span class="cell-mark">预</span>', guess)
    assert "仍按工作日计算" in guess


@pytest.mark.parametrize("year", ["0", "9999", "-1", "x", "99999999999999999999"])
def test_an_absurd_year_in_the_address_shows_one_that_there_is(shared: World, year: str) -> None:
    assert shared.as_("admin").get(f"/calendar?year={year}&day=nothing").status_code == 200


def test_a_notice_is_shown_line_by_line_with_what_is_missing(shared: World) -> None:
    world = shared
    without = NOTICE_2026.replace("五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n", "").replace(
        "2026", "2026"
    )
    seen = preview(world, year="2026", text=without)
    assert seen.status_code == 200
    assert "缺少端午节" in seen.text and "未涉及节假日，略过" in seen.text
    assert "放假 2026-02-15(周日) 至 2026-02-23(周一)，共 9 天" in seen.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "元旦：1月1日（周六）放假。"}, "与通知所写的“周六”不符"),
        ({"text": "元旦：1月1日至3日放假，共4天。"}, "按日期计算为 3 天"),
        ({"text": "元旦：1月1日至3日放假。1月2日上班。"}, "既列为放假，又列为上班"),
        ({"text": "元旦：1月1日放假。", "year": "9999"}, "年份 9999 不在"),
        ({"text": "元旦：1月1日放假。", "why": ""}, "请写明依据"),
        ({"text": ""}, "请选择文件，或粘贴通知全文"),
        ({"kind": "day", "day": "2027-02-30", "worked": "no"}, "请选择日期"),
        ({"kind": "day", "day": "0001-01-01", "worked": "no"}, "年份 1 不在"),
        ({"kind": "day", "day": "2027-01-01", "worked": "perhaps"}, "请选择日期"),
    ],
)
def test_what_is_wrong_is_refused_in_words(shared: World, form: dict[str, str], said: str) -> None:
    answer = preview(shared, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "启用上述日期" not in answer.text


def test_what_was_pasted_stays_in_the_field(shared: World) -> None:
    answer = preview(shared, text="元旦：1月1日（周六）放假。")
    assert "元旦：1月1日（周六）放假。</textarea>" in answer.text


def test_a_file_is_read_and_a_large_one_refused(shared: World) -> None:
    small = preview(shared, text="", file=(BytesIO("2027-01-01,休,元旦".encode()), "t.csv"))
    assert small.status_code == 200, small.text
    large = preview(shared, text="", file=(BytesIO(b"x" * 5_000_000), "t.csv"))
    assert large.status_code == 422 and "不应超过 256 KB" in large.text
    huge = preview(shared, text="", file=(BytesIO(b"x" * 60_000_000), "t.csv"))
    assert huge.status_code == 413 and "50 MB" in huge.text


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"days": 1}', '{"days": {"x": [true, ""]}, "why": "依据在此"}',
                                     '{"days": {"2027-01-01": [1, ""]}, "why": "依据在此"}',
                                     '{"days": {}, "year": null, "why": "依据在此"}',
                                     '{"days": {"2027-01-01": [false, ""]}, "year": true, "why": "依据在此"}',
                                     '{"days": {"2027-01-01": [false, ""]}, "year": 2027, "why": ""}'])  # fmt: skip
def test_a_confirmation_that_carries_nothing_is_refused(shared: World, payload: str) -> None:
    answer = shared.as_("admin").post("/calendar/apply", {"payload": payload, "digest": "0" * 64})
    assert answer.status_code == 422, answer.text


def test_an_import_by_an_interface_stands_in_the_same_history(world: World) -> None:
    world.clock.move(story.at("2026-12-30T09:00"))
    with world.database.reading() as db:
        by = actor_of(db, world.people["admin"])
    day = story.at("2027-01-01T00:00").date()
    jobs.import_days(world.database, {day: False}, year=2027, by=by, at=world.clock.now())
    assert "通过接口导入" in world.as_("admin").get("/calendar?year=2027").text


def test_the_year_costs_a_few_statements(shared: World) -> None:
    browser = shared.as_("admin")
    browser.get("/calendar?year=2026")
    with counted(shared.database) as seen:
        browser.get("/calendar?year=2026")
    assert len(seen) <= 8, seen


def test_why_says_that_a_date_was_kept_when_an_import_would_have_shortened_it(world: World) -> None:
    world.clock.move(story.at("2026-12-30T09:00"))
    apply(world, preview(world).text)
    story.begin(world)
    assert dues(world) == ["2027-01-04"]
    sunday = {"kind": "day", "day": "2027-01-03", "worked": "yes", "why": "调休通知另行下发"}
    seen = world.as_("admin").post("/calendar/preview", sunday).text
    assert "3 个期限按新日历将缩短，保持不变" in seen
    apply(world, seen)
    assert dues(world) == ["2027-01-04"]
    (ref,) = story.tasks_of(world, "urban_liaison")
    page = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert "按现行日历应为 2027-01-03(周日)；已起算的期限不缩短" in page
    assert "期限复核登记" in world.as_("admin").get("/calendar?year=2027").text
