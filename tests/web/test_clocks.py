"""More time and stopped clocks on the pages: who is offered what, and what a page says of a date that stands still."""

from __future__ import annotations

import re

import pytest

from tests.web import story
from tests.web.world import World

WHY = {"reason": "等待有关机关的鉴定结论"}


@pytest.fixture
def case(world: World) -> str:
    """An opinion that the agency's handler investigates, due on 2025-01-07."""
    ref = story.begin(world)
    assert story.complete(world, "urban_liaison", {"outcome": "accept"}).status_code == 200
    assert story.complete(world, "urban_liaison", {"handler": "urban_handler"}).status_code == 200
    return ref


def act(world: World, who: str, case: str, name: str, answers: dict[str, str]):  # type: ignore[no-untyped-def]
    return world.as_(who).send(f"/cases/{case}/acts/{name}", {"answers": answers})


def test_more_time_is_offered_beside_the_agencys_task_only(world: World, case: str) -> None:
    (task,) = story.tasks_of(world, "urban_handler")
    address = f"/cases/{case}/acts/apply_extension"
    assert address in world.as_("urban_handler").get(f"/tasks/{task}").text
    assert "申请延期" in world.as_("urban_handler").get(address).text
    for who in ("head", "clerk", "sup1", "urban_leader"):
        assert address not in world.as_(who).get(f"/cases/{case}").text
    assert world.as_("clerk").get(address).status_code == 403
    assert world.as_("market_liaison").get(address).status_code == 404


def test_too_much_time_is_refused_in_words_and_nothing_begins(world: World, case: str) -> None:
    asked = {"new_due": "2025-02-20", "reason": "需要调取三个月的检查记录"}
    refused = act(world, "urban_handler", case, "apply_extension", asked)
    assert refused.status_code == 422
    assert [(one["field"], one["clause"]) for one in refused.json["findings"]] == [("new_due", "P-06")]
    assert "2025-01-27" in refused.text, (
        "fifteen working days after 2025-01-07: the make-up Sunday 01-26 is the fourteenth"
    )
    assert story.tasks_of(world, "urban_leader") == []


def test_an_extension_moves_the_date_and_the_log_says_so(world: World, case: str) -> None:
    asked = {"new_due": "2025-01-26", "reason": "需要调取三个月的检查记录"}
    assert act(world, "urban_handler", case, "apply_extension", asked).status_code == 200
    assert story.complete(world, "urban_leader", {"outcome": "approve"}).status_code == 200
    page = world.as_("clerk").get(f"/cases/{case}").text
    assert "已延期" in page
    assert re.search(r"期限由[^<]*2025-01-07[^<]*改为[^<]*2025-01-26", page) or "01-26" in page


def test_a_stopped_clock_is_said_to_those_whom_it_concerns(world: World, case: str) -> None:
    assert act(world, "clerk", case, "stop_clock", WHY).status_code == 403
    assert act(world, "head", case, "stop_clock", {}).status_code == 422
    assert act(world, "head", case, "stop_clock", WHY).status_code == 200
    for who in ("head", "urban_handler"):
        page = world.as_(who).get(f"/cases/{case}").text
        assert "停止计时" in page and "非法定程序" in page, who
    (task,) = story.tasks_of(world, "urban_handler")
    pane = world.as_("urban_handler").get(f"/tasks/{task}").text
    assert "起停止计时" in pane and "未计时" in pane and "不限时" not in pane
    assert act(world, "head", case, "resume_clock", WHY).status_code == 200
    assert "起停止计时" not in world.as_("head").get(f"/cases/{case}").text
