"""The operations page and what machines ask: who may see it, what it says, and what it never says."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.cases import failing
from app.cases.models import Case, CaseMessage
from app.errors import Refusal, words
from app.jobs import beats
from tests.web import story
from tests.web.world import World

TITLE = "一件只有当事人知道的事"


def beat(world: World, state: str = beats.WORKING) -> None:
    beats.Heart(world.database, beats.WORKER).beat(world.clock.now(), state, 7)


def give_up(world: World) -> tuple[str, int]:
    """A letter of a real case that was given up."""
    story.begin(world)
    with world.database.transaction() as db:
        case = db.scalars(select(Case).order_by(Case.id)).first()
        assert case is not None
        case.title = TITLE
        at = world.clock.now()
        letter = CaseMessage(
            bureau_id=case.bureau_id, case_id=case.id, element="tell", sequence=901, message="report_received",
            key=None, data={"title": TITLE}, sent_at=at, dead_at=at, tries=3, cause="This cannot be accepted yet",
        )  # fmt: skip
        db.add(letter)
        return case.ref, 901


def test_only_administrators_see_it(world: World) -> None:
    assert world.as_("admin").get("/operations").status_code == 200
    for who in ("clerk", "owner", "manager", "sup1"):
        assert world.as_(who).get("/operations").status_code == 403
        assert world.as_(who).post("/operations/clock").status_code == 403
        assert world.as_(who).post("/operations/letters/x/1/retry").status_code == 403


def test_it_says_who_works_and_shows_nothing_of_cases(world: World) -> None:
    give_up(world)
    beat(world)
    page = world.as_("admin").get("/operations").text
    assert "运行中" in page and "report_received" in page
    assert TITLE not in page


def test_a_letter_given_up_is_tried_again_or_discarded_with_a_reason(world: World) -> None:
    case, sequence = give_up(world)
    admin = world.as_("admin")
    missing = admin.post(f"/operations/letters/{case}/{sequence}/discard", {"why": ""})
    assert missing.status_code == 422 and "请填写理由" in missing.text and "aria-invalid" in missing.text
    assert admin.post(f"/operations/letters/{case}/{sequence}/retry").status_code == 303
    assert admin.post(f"/operations/letters/{case}/{sequence}/retry").status_code == 404, "no longer given up"
    with world.database.transaction() as db:
        letter = db.scalars(select(CaseMessage).where(CaseMessage.sequence == sequence)).one()
        letter.dead_at = world.clock.now()
    assert admin.post(f"/operations/letters/{case}/{sequence}/discard", {"why": "演练"}).status_code == 303
    with world.database.reading() as db:
        assert db.scalars(select(CaseMessage.discarded_at).where(CaseMessage.sequence == sequence)).one() is not None


def test_a_held_clock_is_confirmed_on_the_page(world: World) -> None:
    beat(world, beats.HELD)
    assert "时钟发生跳变" in world.as_("admin").get("/operations").text
    assert world.as_("admin").post("/operations/clock").status_code == 303
    with world.database.reading() as db:
        assert beats.has_confirmed(db, world.clock.now())


def test_the_process_lives_and_says_whether_it_is_ready(world: World) -> None:
    client = world.app.test_client()
    assert client.get("/healthz").json == {"alive": True}
    unready = client.get("/readyz")
    assert unready.status_code == 503 and "后台进程" in unready.json["faults"][0]
    beat(world)
    assert client.get("/readyz").json == {"ready": True, "faults": []}
    world.clock.move(world.clock.now() + timedelta(minutes=2))
    assert client.get("/readyz").status_code == 503


def test_a_database_that_cannot_be_reached_is_said_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OSError("no route to the house")

    monkeypatch.setattr(world.database.engine, "connect", gone)
    client = world.app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json["faults"] == ["无法连接数据库。"]
    assert client.get("/healthz").status_code == 200


def test_figures_are_closed_without_a_token(world: World) -> None:
    client = world.app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    world.app.extensions["duban"].settings.metrics_token = SecretStr("a long token")
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer a long token"}).status_code == 200


def test_figures_count_and_name_nobody(world: World) -> None:
    case, _ = give_up(world)
    beat(world)
    with world.database.transaction() as db:
        other = db.scalars(select(Case.id)).first()
        assert other is not None
        for _ in range(3):
            failing.fail(db, other, Refusal(words("x")), at=world.clock.now())
    world.as_("clerk").get(f"/cases/{case}")
    world.app.extensions["duban"].settings.metrics_token = SecretStr("t")
    text = world.app.test_client().get("/metrics", headers={"Authorization": "Bearer t"}).text
    assert re.search(r"^duban_letters_dead 1.0$", text, re.MULTILINE)
    assert re.search(r"^duban_incidents 1.0$", text, re.MULTILINE)
    assert re.search(r'^duban_done_total\{worker="\w{12}"\} 7.0$', text, re.MULTILINE)
    assert 'route="/cases/<ref>"' in text
    assert case not in text and TITLE not in text and "clerk" not in text
