"""Sending a form: once only, never over somebody else's work, nothing the form does not ask for, signed by password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.cases import drafts
from tests.web import story
from tests.web.world import PASSWORD, World, small_world

KEY = "0123456789abcdef"


def signing(world: World) -> str:
    """A task of the agency's liaison that waits to be signed for."""
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    return ref


def complete(world: World, who: str, ref: str, answers: Any, **more: Any) -> TestResponse:
    return world.as_(who).send(f"/tasks/{ref}/complete", {"answers": answers, **more})


def test_the_same_request_twice_is_one_completion_and_one_answer(world: World) -> None:
    ref = signing(world)
    first = complete(world, "urban_liaison", ref, {"outcome": "accept"}, revision=1, key=KEY)
    second = complete(world, "urban_liaison", ref, {"outcome": "accept"}, revision=1, key=KEY)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert first.json["sent"] == "已送：城市管理综合行政执法支队 执法机关联络员（法制机构）。"
    assert len(story.tasks_of(world, "urban_liaison")) == 1


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """The office with the little loop."""
    made = small_world(tmp_path)
    yield made
    made.database.close()


def test_the_answer_stays_the_same_when_the_case_has_gone_on_and_ended(small: World) -> None:
    small.as_("sup1").send("/start/loop", {"answers": {"title": "标题"}, "key": KEY})
    (ref,) = story.tasks_of(small, "clerk")
    first = complete(small, "clerk", ref, {"outcome": "again"}, key=KEY)
    (written,) = story.tasks_of(small, "sup1")
    small.clock.move(small.clock.now() + timedelta(minutes=1))
    complete(small, "sup1", written, {"title": "标题"})
    (last,) = story.tasks_of(small, "clerk")
    small.clock.move(small.clock.now() + timedelta(minutes=1))
    ended = complete(small, "clerk", last, {"outcome": "done"}, key="last")
    assert complete(small, "clerk", ref, {"outcome": "again"}, key=KEY).json == first.json
    assert complete(small, "clerk", last, {"outcome": "done"}, key="last").json == ended.json != first.json


def test_another_key_after_the_completion_is_a_conflict_that_says_who(world: World) -> None:
    ref = signing(world)
    complete(world, "urban_liaison", ref, {"outcome": "accept"}, key=KEY)
    again = complete(world, "urban_liaison", ref, {"outcome": "accept"}, key="another")
    assert again.status_code == 409
    assert "程立言" in again.json["detail"]


def test_a_start_sent_twice_is_one_case(world: World) -> None:
    body = {"answers": story.OPINION, "key": KEY}
    first, second = (world.as_("sup1").send("/start/opinion_beibei", body) for _ in range(2))
    assert first.json == second.json
    assert world.as_("sup1").get("/cases").text.count('data-label="标题"') == 1


def test_one_key_on_two_tasks_is_two_requests(world: World) -> None:
    """A browser that keeps its key, or a script with a fixed one, gets an answer for each thing that it asks."""
    ref = signing(world)
    first = complete(world, "urban_liaison", ref, {"outcome": "accept"}, key=KEY)
    (following,) = story.tasks_of(world, "urban_liaison")
    world.clock.move(world.clock.now() + timedelta(minutes=1))
    second = complete(world, "urban_liaison", following, {"handler": "urban_handler"}, key=KEY)
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert first.json["sent"] != second.json["sent"]
    for task, answers, answer in (
        (ref, {"outcome": "accept"}, first),
        (following, {"handler": "urban_handler"}, second),
    ):
        assert complete(world, "urban_liaison", task, answers, key=KEY).json == answer.json


def test_a_key_of_somebody_else_brings_nobody_their_answer(world: World) -> None:
    story.play(world, until="register_review")
    (ref,) = story.tasks_of(world, "clerk")
    answers = {"author_status": "在任", "opinion_signed": True}
    assert complete(world, "clerk", ref, answers, key=KEY).status_code == 200
    stranger = complete(world, "clerk2", ref, answers, key=KEY)
    assert stranger.status_code == 409 and "办结" in stranger.json["detail"]


def test_a_draft_that_lies_too_deep_is_refused_and_the_one_before_stays(world: World) -> None:
    ref = signing(world)
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    address = f"/tasks/{ref}/draft"
    assert world.as_("urban_liaison").send(address, {"answers": {"reason": "写"}}, method="PUT").status_code < 300
    refused = world.as_("urban_liaison").send(address, {"answers": {"reason": deep}}, method="PUT")
    assert refused.status_code == 422 and "嵌套过深" in refused.json["detail"], refused.text
    with world.database.reading() as db:
        assert list(drafts.texts_of(db, world.people["urban_liaison"])) == ["写"]


def test_a_stale_page_is_a_conflict_and_the_draft_is_still_there(world: World) -> None:
    ref = signing(world)
    world.as_("urban_liaison").send(f"/tasks/{ref}/draft", {"answers": {"reason": "我写的字"}}, method="PUT")
    world.as_("urban_liaison").post(f"/tasks/{ref}/claim")
    stale = complete(world, "urban_liaison", ref, {"outcome": "accept"}, revision=1)
    assert stale.status_code == 409
    assert "保存" in stale.json["detail"]
    assert "我写的字" in _unescaped(world.as_("urban_liaison").get(f"/tasks/{ref}").text)


def _unescaped(page: str) -> str:
    return page.encode().decode("unicode_escape", errors="ignore") + page


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"outcome": "accept", "approved": True}, "approved"),
        ({}, "outcome"),
        ({"outcome": "return_not_ours", "suggested_agency": "market"}, "reason"),
        ({"outcome": "accept", "reason": "并不显示的字段"}, "reason"),
        ({"outcome": ["accept"]}, "outcome"),
        ({"outcome": "nothing"}, "outcome"),
    ],
)
def test_what_the_form_does_not_take_is_refused_in_words(world: World, answers: dict[str, Any], field: str) -> None:
    ref = signing(world)
    refused = complete(world, "urban_liaison", ref, answers)
    assert refused.status_code == 422
    found = {one["field"]: one["words"] for one in refused.json["findings"]}
    assert field in found
    assert any("一" <= sign <= "鿿" for sign in found[field])


@pytest.mark.parametrize(
    "body", ["text", [], {"answers": "x"}, {"answers": {}, "revision": "1"}, {"answers": {}, "key": 5}]
)
def test_what_is_no_form_at_all_is_refused(world: World, body: Any) -> None:
    ref = signing(world)
    assert world.as_("urban_liaison").send(f"/tasks/{ref}/complete", body).status_code == 422


class TestSigning:
    """A signature is one's own name and password; the password is kept nowhere."""

    BUREAU = {**story.OPINION, "route": "bureau"}

    def send(self, world: World, signature: Any) -> TestResponse:
        return world.as_("sup1").send("/start/opinion_beibei", {"answers": {**self.BUREAU, "signature": signature}})

    @pytest.mark.parametrize(
        "signature",
        [
            True,
            {"name": "苏映雪"},
            {"name": "苏映雪", "password": "falsch"},
            {"name": "宋知微", "password": PASSWORD},
            {"name": "苏映雪", "password": 5},
        ],
    )
    def test_anything_else_is_refused_at_the_field(self, world: World, signature: Any) -> None:
        refused = self.send(world, signature)
        assert refused.status_code == 422
        assert "signature" in {one["field"] for one in refused.json["findings"]}

    def test_the_right_one_is_taken_and_the_password_kept_nowhere(self, world: World) -> None:
        assert self.send(world, {"name": "苏映雪", "password": PASSWORD}).status_code == 200
        database = b"".join(
            path.read_bytes() for path in world.app.extensions["duban"].settings.data_dir.glob("duban.db*")
        )
        assert PASSWORD.encode() not in database

    def test_wrong_ones_lock_like_at_sign_in(self, world: World) -> None:
        for _ in range(5):
            self.send(world, {"name": "苏映雪", "password": "falsch"})
        assert self.send(world, {"name": "苏映雪", "password": PASSWORD}).status_code == 422

    def test_a_draft_keeps_no_password(self, world: World) -> None:
        answers = {**self.BUREAU, "signature": {"name": "苏映雪", "password": PASSWORD}}
        kept = world.as_("sup1").send("/start/opinion_beibei/draft", {"answers": answers, "key": KEY})
        page = world.as_("sup1").get(kept.json["location"]).text
        assert "天生路" in _unescaped(page)
        assert PASSWORD not in _unescaped(page)


def test_a_draft_creates_a_case_that_nobody_else_has_in_their_inbox(world: World) -> None:
    kept = world.as_("sup1").send("/start/opinion_beibei/draft", {"answers": {"title": "还没写完的意见"}, "key": KEY})
    assert kept.status_code == 200
    assert len(story.tasks_of(world, "sup1")) == 1
    assert all(not story.tasks_of(world, who) for who in ("clerk", "urban_liaison"))


def test_claiming_keeps_others_off_and_giving_back_lets_them(world: World) -> None:
    story.begin(world, route="bureau", signature=world.as_("sup1").sign())
    (ref,) = story.tasks_of(world, "clerk")
    assert world.as_("clerk").post(f"/tasks/{ref}/claim").status_code == 303
    refused = world.as_("clerk2").send(f"/tasks/{ref}/claim", {})
    assert (refused.status_code, "陈静姝" in refused.json["detail"]) == (409, True)
    assert story.tasks_of(world, "clerk2") == []
    assert world.as_("clerk").post(f"/tasks/{ref}/release").status_code == 303
    assert story.tasks_of(world, "clerk2") == [ref]


def test_an_act_of_the_supervisor_is_offered_when_its_time_has_come(world: World) -> None:
    case = story.play(world, until="supervisor_response")
    page = world.as_("sup1").get(f"/cases/{case}").text
    assert f"/cases/{case}/acts/escalate" in page
    assert f"/cases/{case}/acts/escalate" not in world.as_("urban_leader").get(f"/cases/{case}").text
    answers = {
        "facts": "检查时未出示执法证件", "suggestion": "请区司法局依法监督", "disagreement_reason": story.REASON,
        "signature": world.as_("sup1").sign(),
    }  # fmt: skip
    done = world.as_("sup1").send(f"/cases/{case}/acts/escalate", {"answers": answers})
    assert done.status_code == 200, done.text
    assert len(story.tasks_of(world, "clerk")) >= 1
    again = world.as_("sup1").send(f"/cases/{case}/acts/escalate", {"answers": answers})
    assert again.status_code == 409
