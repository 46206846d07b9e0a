"""Signing in, locks, tokens against forged requests, headers, and the life of a session."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.web import story
from tests.web.conftest import Base, copied
from tests.web.routes import routes
from tests.web.world import PASSWORD, Browser, World

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def fresh(world: World) -> Browser:
    return Browser(world.app.test_client())


def test_a_person_signs_in_and_is_led_back(world: World) -> None:
    browser = fresh(world)
    asked = browser.get("/cases?search=a")
    assert asked.headers["Location"] == "/sign-in?next=/cases?search%3Da"
    form = {"username": "Clerk ", "password": PASSWORD, "next": "/cases?search=a", "csrf_token": browser.token()}
    assert browser.client.post("/sign-in", data=form).headers["Location"] == "/cases?search=a"
    assert browser.get("/cases").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x", "javascript:1"]
)
def test_nobody_is_led_to_another_site(world: World, target: str) -> None:
    browser = fresh(world)
    form = {"username": "clerk", "password": PASSWORD, "next": target, "csrf_token": browser.token()}
    assert browser.client.post("/sign-in", data=form).headers["Location"] == "/"


def test_unknown_wrong_and_locked_say_the_same(world: World) -> None:
    wrong = fresh(world).sign_in("clerk", "falsch")
    unknown = fresh(world).sign_in("nobody-here", "falsch")
    for _ in range(4):
        fresh(world).sign_in("clerk", "falsch")
    locked = fresh(world).sign_in("clerk")
    texts = {_said(answer.text) for answer in (wrong, unknown, locked)}
    assert len(texts) == 1
    assert {answer.status_code for answer in (wrong, unknown, locked)} == {422}


def _said(page: str) -> str:
    return page.partition('role="alert"')[2].partition("</div>")[0]


def test_five_failures_lock_for_ten_minutes(world: World) -> None:
    for _ in range(5):
        fresh(world).sign_in("head", "falsch")
    assert fresh(world).sign_in("head").status_code == 422
    world.clock.move(world.clock.now() + timedelta(minutes=10, seconds=-1))
    assert fresh(world).sign_in("head").status_code == 422
    world.clock.move(world.clock.now() + timedelta(seconds=1))
    assert fresh(world).sign_in("head").status_code == 303


def test_four_failures_and_a_good_one_begin_anew(world: World) -> None:
    for _ in range(2):
        for _ in range(4):
            fresh(world).sign_in("head", "falsch")
        assert fresh(world).sign_in("head").status_code == 303


def test_an_unknown_user_costs_a_hash_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str | None] = []
    passwords = world.app.extensions["passwords"]
    original = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda given, kept: hashed.append(kept) or original(given, kept))
    fresh(world).sign_in("nobody-here", "x")
    assert hashed == [None]
    assert passwords._nobody.startswith("$argon2id$")


def test_the_session_is_new_at_sign_in_and_dead_everywhere_at_sign_out(world: World) -> None:
    browser = fresh(world)
    before = browser.get("/sign-in").headers["Set-Cookie"]
    after = browser.sign_in("leader").headers["Set-Cookie"]
    assert before.partition(";")[0] != after.partition(";")[0]
    assert "HttpOnly" in after and "SameSite=Lax" in after
    copied = world.app.test_client()
    copied.set_cookie("duban", after.partition("=")[2].partition(";")[0])
    assert copied.get("/inbox/todo").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    assert copied.get("/inbox/todo").status_code == 303


def test_cookies_are_bound_to_https_where_the_settings_say_so(world: World, tmp_path: object) -> None:
    world.app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in fresh(world).get("/sign-in", Accept="text/html").headers["Set-Cookie"]


def test_too_many_attempts_from_one_address_are_refused(base: Base, tmp_path: Path) -> None:
    world = copied(base, tmp_path, sign_ins_a_minute=3)
    answers = [fresh(world).sign_in(f"nobody{number}", "x").status_code for number in range(4)]
    assert answers == [422, 422, 422, 429]
    world.database.close()


@pytest.mark.parametrize(("proxies", "answers"), [(0, [422, 422, 429, 429]), (1, [422, 422, 422, 422])])
def test_whose_address_counts_behind_a_proxy(base: Base, tmp_path: Path, proxies: int, answers: list[int]) -> None:
    world = copied(base, tmp_path, sign_ins_a_minute=2, proxies=proxies)
    found = []
    for number in range(4):
        browser = fresh(world)
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        found.append(browser.sign_in(f"nobody{number}", "x").status_code)
    assert found == answers
    world.database.close()


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_unsafe_route_wants_the_token(shared: World, signed_in: bool) -> None:
    browser = shared.as_("clerk") if signed_in else fresh(shared)
    for route in routes(shared.app):
        if route.method != "GET":
            answer = browser.client.open(route.address({}), method=route.method, json={})
            assert answer.status_code in (400, 401, 403, 303), (route, answer.status_code)
            assert answer.status_code != 303 or "/sign-in" in answer.headers["Location"]


def test_a_token_from_another_site_does_not_help(shared: World) -> None:
    browser = shared.as_("clerk")
    headers = {"X-CSRFToken": browser.token(), "Origin": "https://elsewhere.example", "Accept": "application/json"}
    assert browser.client.post("/tasks/x/claim", headers=headers).status_code == 403


@pytest.mark.parametrize("role", ["clerk", None])
def test_every_answer_carries_its_walls(shared: World, role: str | None) -> None:
    browser = shared.as_(role) if role else fresh(shared)
    for route in routes(shared.app):
        answer = browser.client.open(route.address({"box": "todo"}), method=route.method)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_pages_hold_no_script_and_no_style_of_their_own(shared: World) -> None:
    case = story.begin(shared)
    for address in ("/inbox/todo", f"/cases/{case}", "/start/opinion_beibei", "/sign-in"):
        page = shared.as_("sup1").get(address).text.lower()
        scripts = page.split("<script")[1:]
        assert all('type="application/json"' in one[:40] or "src=" in one[:80] for one in scripts)
        assert " style=" not in page and "onclick" not in page and "<style" not in page


def test_names_of_people_are_text(world: World) -> None:
    """A title with markup is shown as it was typed."""
    case = story.begin(world, title="<script>alert(1)</script><b>标题")
    page = world.as_("clerk").get(f"/cases/{case}").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
