"""Role × route × relation, from the application's own map: who gets in, and who is told that there is nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.assembly import open_database
from app.people.access import AUDIENCES, actor_of
from app.web.factory import create_app
from app.web.guard import audience, refuse_undeclared
from tests.databases import KEYS
from tests.files import made
from tests.web import story
from tests.web.routes import BODY, FORMS, Route, routes
from tests.web.world import Browser, World, settings_for

ROLES = (
    "anonymous", "sup1", "sup2", "urban_liaison", "urban_handler", "urban_leader", "market_liaison", "market_handler",
    "market_leader", "clerk", "head", "leader", "owner", "manager", "auditor", "admin", "stranger",
)  # fmt: skip
INSIDE = {"clerk", "head", "leader", "manager"}
SIGN_IN_FIRST = {303, 401}
PARTIES = {"sup1", "urban_liaison", "urban_handler", "urban_leader"}


OPEN_TO = {
    "": "signed_in",
    "calendar": "administrators",
    "cases": "workers",
    "channels": "administrators",
    "files": "workers",
    "healthz": "anyone",
    "inbox": "workers",
    "limits": "owners",
    "monitor": "managers",
    "notices": "signed_in",
    "operations": "administrators",
    "own": "signed_in",
    "papers": "workers",
    "preferences": "anyone",
    "registers": "signed_in",
    "session": "anyone",
    "sign-in": "anyone",
    "sign-out": "signed_in",
    "start": "workers",
    "studio": "owners",
    "tasks": "workers",
    "/files/<ref>/release": "bureau",
    "/tasks/<ref>/urge": "bureau",
}
"""The audience of each section, by the first part of its addresses or by the whole rule, said apart from the views."""


@pytest.fixture(scope="module")
def stage(shared: World) -> tuple[World, dict[str, str]]:
    """A case of sup1 against the urban agency, with a paper and a file, and the refs of all of them."""
    world = shared
    case = story.play(world, until="supervisor_response")
    (task,) = story.tasks_of(world, "sup1")
    page = world.as_("sup1").get(f"/cases/{case}").text
    paper = page.partition("/papers/")[2].partition('"')[0]
    file = story.upload(world, "clerk", "现场.png", made.picture("png")).json["id"]
    return world, {
        "cases:ref": case, "tasks:ref": task, "papers:ref": paper, "files:ref": file, "box": "todo",
        "policy": "P-05",
        "start:process": "opinion_beibei", "process": "opinion_beibei", "act": "escalate", "channels:kind": "mail",
        "registers:name": "agencies", "registers:ref": "urban",
        "studio:decision": "recusal", "studio:table": "recusal", "studio:task": "submit_opinion",
    }  # fmt: skip


def all_routes() -> list[Route]:
    """The map of an application that stands on nothing."""
    return routes(_bare())


def otherwise_open(app: Flask) -> list[tuple[str, str]]:
    """Routes whose view declares another audience than this file."""
    said = [(one, OPEN_TO.get(one.rule, OPEN_TO.get(one.rule.strip("/").partition("/")[0]))) for one in routes(app)]
    return [(one.rule, one.audience) for one, audience in said if one.audience != audience]


def test_each_section_is_open_to_those_for_whom_it_is_meant() -> None:
    assert otherwise_open(_bare()) == []


@pytest.mark.parametrize(
    ("endpoint", "widened"), [("studio.index", "signed_in"), ("notices.urge", "workers"), ("monitor.board", "workers")]
)
def test_a_page_that_is_opened_to_more_is_found(monkeypatch: pytest.MonkeyPatch, endpoint: str, widened: str) -> None:
    app = _bare()
    monkeypatch.setattr(app.view_functions[endpoint], "audience", widened)
    assert [audience for _, audience in otherwise_open(app)] == [widened]


def _bare() -> Flask:
    return create_app(settings_for(Path(mkdtemp())), open_database("sqlite://", KEYS))


def browser(world: World, role: str) -> Browser:
    return Browser(world.app.test_client()) if role == "anonymous" else world.as_(role)


def ask(one: Browser, route: Route, address: str) -> TestResponse:
    """The request that the page would send."""
    if route.method == "GET":
        return one.get(address)
    if route.rule in FORMS:
        return one.post(address, {})
    if route.rule == "/files":
        headers = {"X-CSRFToken": one.token(), "Accept": "application/json"}
        return one.client.post(address, data={}, headers=headers)
    return one.send(address, BODY, method=route.method)


def admitted(world: World, route: Route, role: str) -> bool:
    if role == "anonymous":
        return AUDIENCES[route.audience](None)
    with world.database.reading() as db:
        return AUDIENCES[route.audience](actor_of(db, world.people[role]))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.method} {route.rule}")
def test_each_route_admits_its_audience_and_nobody_else(
    stage: tuple[World, dict[str, str]], route: Route, role: str
) -> None:
    world, refs = stage
    if route.rule == "/sign-out" and role != "anonymous":
        role_world = Browser(world.app.test_client())
        role_world.sign_in(role)
        assert ask(role_world, route, route.address(refs)).status_code == 303
        world.clients.pop(role, None)  # signing out ends that person's other sessions too
        return
    answer = ask(browser(world, role), route, route.address(refs))
    if not admitted(world, route, role):
        expected = SIGN_IN_FIRST if role == "anonymous" else {403, 422}
        assert answer.status_code in expected, answer.text[:300]
        return
    assert answer.status_code not in (401, 500), answer.text[:300]
    if route.names_an_object and not may_see(route, role):
        assert answer.status_code == 404, (role, answer.text[:300])
    elif route.method == "GET" and may_see(route, role):
        others_act = route.rule.startswith("/cases/<ref>/acts") and role != "sup1"
        assert answer.status_code in ({403} if others_act else {200, 302}), answer.text[:300]


def may_see(route: Route, role: str) -> bool:
    """Whether the object of the address is visible: the case for its parties, paper and file for their readers."""
    if not route.names_an_object:
        return not (route.rule == "/start/<process>" and not role.startswith("sup"))
    if route.rule == "/registers/<name>/<ref>":
        return role not in {"market_liaison", "market_handler", "market_leader", "stranger"}
    if route.rule.startswith("/files/<ref>"):
        return role == "clerk"
    if route.rule == "/cases/<ref>/diagram/<process>":
        return role in INSIDE | {"sup1"}
    return role in INSIDE | PARTIES


@pytest.mark.parametrize("role", ("clerk", "sup1", "urban_liaison"))
def test_what_does_not_exist_answers_like_what_is_foreign(stage: tuple[World, dict[str, str]], role: str) -> None:
    world, refs = stage
    foreign = world.as_("market_liaison").get(f"/cases/{refs['cases:ref']}")
    nothing = world.as_(role).get("/cases/nothing-at-all")
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert _main(foreign) == _main(nothing)


def _main(answer: TestResponse) -> str:
    return answer.text.partition("<main")[2]


def test_a_route_without_audience_stops_the_start() -> None:
    app = _bare()
    app.add_url_rule("/bare", "bare", lambda: "")
    with pytest.raises(LookupError, match="bare"):
        refuse_undeclared(app)


def test_an_unknown_audience_is_refused_where_it_is_written() -> None:
    with pytest.raises(KeyError):
        audience("everybody")


def test_every_route_has_an_audience() -> None:
    assert all(route.audience in AUDIENCES for route in all_routes())


def test_a_view_that_writes_without_the_rights_read_again_fails(world: World) -> None:
    @audience("workers")
    def careless() -> str:
        return "done"

    world.app._got_first_request = False
    world.app.add_url_rule("/careless", "careless", careless, methods=["POST"])
    assert world.as_("clerk").send("/careless", {}).status_code == 500
