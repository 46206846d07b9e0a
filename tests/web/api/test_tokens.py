"""Tokens: made with the password and shown once; exactly the rights of the moment; out at once; not for pages."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.people import tokens
from app.people.tokens import Token
from tests.web import story
from tests.web.api.scripts import Script, script, token_of
from tests.web.conftest import Base, copied
from tests.web.world import PASSWORD, World


def made(world: World, who: str, **form: str) -> str:
    asked = {"name": "台账同步", "days": "90", "password": PASSWORD, **form}
    return world.as_(who).post("/own/tokens", asked).text


def test_a_person_makes_a_token_uses_it_and_revokes_it(world: World) -> None:
    page = made(world, "clerk")
    secret = page.partition('class="token-secret">')[2].partition("<")[0]
    assert secret.startswith("duban_") and len(secret) == 49
    me = Script(world, secret).get("me")
    assert me.status_code == 200
    assert (me.json["ref"], me.json["token"]["name"], me.json["token"]["read_only"]) == ("clerk", "台账同步", False)
    again = world.as_("clerk").get("/own/tokens").text
    assert secret not in again and "台账同步" in again and "2024-12-16" in again
    (ref,) = re.findall(r'action="/own/tokens/([\w-]+)/revoke"', again)
    assert world.as_("clerk").post(f"/own/tokens/{ref}/revoke").status_code == 303
    assert Script(world, secret).get("me").status_code == 401
    assert "/revoke" not in world.as_("clerk").get("/own/tokens").text


def test_only_the_digest_is_kept(world: World) -> None:
    secret = token_of(world, "clerk")
    with world.database.reading() as db:
        kept = db.execute(text("SELECT * FROM api_token")).all()
    assert len(kept) == 1 and secret not in str(kept) and secret.removeprefix("duban_") not in str(kept)


@pytest.mark.parametrize(
    ("form", "field"),
    [({"name": " "}, "name"), ({"days": "366"}, "days"), ({"days": "x"}, "days"), ({"password": "falsch"}, "password")],
)
def test_a_token_is_refused_with_its_field(world: World, form: dict[str, str], field: str) -> None:
    page = made(world, "clerk", **form)
    assert f'id="{field}-fault"' in page and "duban_" not in page
    with world.database.reading() as db:
        assert db.scalar(text("SELECT count(*) FROM api_token")) == 0


def test_wrong_passwords_lock_here_as_at_the_sign_in(world: World) -> None:
    for _ in range(5):
        made(world, "clerk", password="falsch")
    assert "duban_" not in made(world, "clerk")


def test_nobody_revokes_the_token_of_somebody_else(world: World) -> None:
    secret = token_of(world, "clerk")
    with world.database.reading() as db:
        ref = db.scalar(text("SELECT ref FROM api_token"))
    assert world.as_("head").post(f"/own/tokens/{ref}/revoke").status_code == 404
    assert Script(world, secret).get("me").status_code == 200


def test_only_so_many_tokens_live_at_once(world: World) -> None:
    for _ in range(tokens.MOST_LIVE):
        token_of(world, "clerk")
    assert "20" in made(world, "clerk") and "duban_" not in made(world, "clerk")


def test_a_token_ends_on_its_day(world: World) -> None:
    one = script(world, "clerk", days=1)
    world.clock.move(world.clock.now() + timedelta(days=1, seconds=-1))
    assert one.get("me").status_code == 200
    world.clock.move(world.clock.now() + timedelta(seconds=1))
    assert one.get("me").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET active = false WHERE username = 'clerk'",
        "DELETE FROM membership WHERE lane = 'bureau_clerk'",
    ],
)
def test_a_token_follows_the_rights_of_its_person_at_once(world: World, change: str) -> None:
    one = script(world, "clerk")
    case = story.begin(world)
    assert one.get(f"cases/{case}").status_code == 200
    with world.database.transaction() as db:
        db.execute(text(change))
    assert one.get(f"cases/{case}").status_code in (401, 403, 404)
    assert one.post("messages", {"message": "x", "data": {}}).status_code in (401, 403)


def test_rights_are_read_again_in_the_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost between the door and the transaction: the write is refused, though the door has let the request in."""
    one, calls = script(world, "urban_liaison"), []
    story.begin(world)
    ref = one.get("tasks").json["items"][0]["ref"]
    original = tokens.bearer

    def later(db: object, *given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            db.execute(text("DELETE FROM membership WHERE lane LIKE 'agency%'"))  # type: ignore[attr-defined]
        return original(db, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(tokens, "bearer", later)
    assert one.post(f"tasks/{ref}/claim").status_code == 403
    assert len(calls) == 2


def test_a_token_for_reading_changes_nothing(world: World) -> None:
    case = story.begin(world)
    reader = script(world, "urban_liaison", read_only=True)
    ref = reader.get("tasks").json["items"][0]["ref"]
    refused = reader.post(f"tasks/{ref}/claim")
    assert (refused.status_code, refused.json["type"]) == (403, "urn:duban:problem:permission")
    assert reader.put(f"tasks/{ref}/draft", {"answers": {}}).status_code == 403
    assert reader.get(f"cases/{case}").status_code == 200


def test_a_token_opens_no_page_and_a_wrong_one_is_not_helped_by_a_session(world: World) -> None:
    one = script(world, "clerk")
    assert one.get("/inbox/todo").status_code == 303
    assert world.as_("clerk").get("/api/v1/me").status_code == 200
    assert world.as_("clerk").get("/api/v1/me", Authorization="Bearer duban_wrong").status_code == 401
    assert world.as_("clerk").get("/api/v1/me", Authorization="Nonsense").status_code == 401


@pytest.mark.parametrize(("username", "status"), [("owner", 200), ("OWNER ", 200), ("owner2", 401), ("", 401)])
def test_a_token_serves_as_password_of_its_own_user(world: World, username: str, status: int) -> None:
    pair = b64encode(f"{username}:{token_of(world, 'owner')}".encode()).decode()
    answer = world.app.test_client().get("/engine-rest/version", headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == status
    pair = b64encode(f"owner:{PASSWORD}".encode()).decode()
    answer = world.app.test_client().get("/engine-rest/version", headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 401, "the password itself is for the sign-in only"


def test_the_day_of_the_last_use_is_kept_and_no_more(world: World) -> None:
    one = script(world, "clerk")
    for _ in range(3):
        one.get("me")
    with world.database.reading() as db:
        assert db.query(Token).one().last_used_on == world.clock.now().date()


def test_a_token_may_be_used_so_often_a_minute(base: Base, tmp_path: object) -> None:
    world = copied(base, tmp_path, api_calls_a_minute=3)  # type: ignore[arg-type]
    one, other = script(world, "clerk"), script(world, "clerk")
    assert [one.get("me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = one.get("me")
    assert refused.headers["Retry-After"] and refused.json["type"] == "urn:duban:problem:too_many"
    assert other.get("me").status_code == 200
    world.database.close()


def test_trying_tokens_is_slowed_down(world: World) -> None:
    wrong = Script(world, "duban_nothing")
    statuses = [wrong.get("me").status_code for _ in range(62)]
    assert statuses[:60] == [401] * 60 and statuses[60:] == [429] * 2
    assert script(world, "clerk").get("me").status_code == 200, "a right one from the same address still works"


def test_who_only_reads_is_let_in_though_nothing_can_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = script(world, "clerk")
    monkeypatch.setattr(tokens, "used", lambda *_, **__: 1 / 0)
    assert one.get("me").status_code == 200
