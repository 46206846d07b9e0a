"""Role × route × foreign object over the API's own map: 404 or 403, never more; a route without policy fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app import languages
from app.people.access import AUDIENCES, Actor, actor_of
from tests.databases import counted
from tests.files.made import pdf
from tests.web import story
from tests.web.api.fuzzing import ROLES
from tests.web.api.scripts import PLENTY, Script, script
from tests.web.conftest import Base, copied
from tests.web.world import World

FOREIGN = {
    "api_tasks": "the task of a case in which others take part",
    "api_cases": "the case itself",
    "api_files": "a file that somebody has uploaded",
    "api_deployments": "a proposal of this bureau",
    "api_monitor": "a case that might stand still",
}
"""What `<ref>` stands for in each blueprint. A new blueprint that names things must say it here."""
NAMES_NOTHING_OF_ANYBODY = {"api_starts", "api_definitions", "api_modeler"}
"""Blueprints whose names are those of the office's own processes."""
MADE_UP = {"api_monitor.retry", "api_deployments.approve", "api_starts.show"}
"""What is asked for here is not there: no case stands still, no such proposal waits."""
PARTIES = {"sup1", "urban_liaison", "urban_handler", "urban_leader"}
INSIDE = {"clerk", "head", "leader", "manager"}
MAY = {
    "api_tasks": INSIDE | PARTIES,
    "api_cases": INSIDE | PARTIES,
    "api_files": {"clerk"},
    "api_deployments": {"owner", "owner2"},
    "api_monitor": {"head", "leader", "manager"},
}
AT_THE_DOOR = {languages.translated("This page is not open to you.", language) for language in languages.LANGUAGES}
EVERYBODY = set(ROLES) - {"anonymous"}
WORKERS = EVERYBODY - {"owner", "owner2", "auditor", "admin"}
OWNERS = {"owner", "owner2"}
OPEN_TO = {
    "api_me": EVERYBODY,
    "api_tasks": WORKERS,
    "api_starts": WORKERS,
    "api_cases": WORKERS,
    "api_files": WORKERS,
    "api_messages": WORKERS,
    "api_definitions": OWNERS,
    "api_deployments": OWNERS,
    "api_monitor": {"head", "leader", "manager"},
    "api_modeler": OWNERS,
    "api_modeler.start": EVERYBODY,
    "api_modeler.version": EVERYBODY,
}
"""Who enters, by blueprint or endpoint, by name: read from the views it would agree with any mistake there."""
BODIES: dict[str, Any] = {
    "api_tasks.draft": {"answers": {}},
    "api_tasks.complete": {"answers": {}},
    "api_tasks.take_back": {"reason": "长期休假"},
    "api_tasks.name": {"person": "urban_handler"},
    "api_cases.begin": {"process": "opinion_beibei", "answers": {}},
    "api_cases.do_act": {"answers": {}},
    "api_messages.send": {"message": "review_concluded", "data": {}},
    "api_definitions.propose": {"changes": {"processes/x.bpmn": "<x/>"}},
    "api_definitions.check": {"changes": {"processes/x.bpmn": "<x/>"}},
    "api_deployments.approve": {"proposal": "nothing"},
    "api_deployments.reject": {"why": "测试"},
    "api_modeler.start": {},
}


@dataclass
class Stage:
    """A case of sup1 against the urban agency that stands still, with a file and a proposal."""

    world: World
    scripts: dict[str, Script]
    refs: dict[str, str]
    actors: dict[str, Actor | None]


@pytest.fixture(scope="module")
def stage(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = copied(base, tmp_path_factory.mktemp("matrix"), api_calls_a_minute=PLENTY)
    case = story.play(world, until="supervisor_response")
    (task,) = story.tasks_of(world, "sup1")
    scripts = {who: script(world, who) for who in ROLES if who != "anonymous"}
    scripts["anonymous"] = Script(world, "")
    sent = scripts["clerk"].post("files", data={"file": (BytesIO(pdf()), "a.pdf")})
    xml = scripts["owner"].get("definitions/opinion_beibei").json["xml"].replace("（北碚）", "")
    made = scripts["owner"].post("definitions", {"changes": {"processes/opinion_beibei.bpmn": xml}})
    refs = {"api_tasks": task, "api_cases": case, "api_files": sent.json["id"], "api_deployments": made.json["ref"]}
    with world.database.reading() as db:
        actors = {who: actor_of(db, world.people[who]) if who != "anonymous" else None for who in ROLES}
    yield Stage(world, scripts, refs | {"api_monitor": case}, actors)
    world.database.close()


def rules(world: World) -> list[tuple[str, str, str]]:
    """Method, address and endpoint of every route of the API."""
    found = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint.startswith("api_")]
    return sorted(
        (method, rule.rule, rule.endpoint) for rule in found for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def ask(one: Script, method: str, rule: str, endpoint: str, ref: str) -> TestResponse:
    known = {
        "ref": ref,
        "process": "opinion_beibei",
        "key": "opinion_beibei",
        "act": "escalate",
        "id": "opinion_beibei",
    }
    address = re.sub(r"<(\w+)>", lambda part: known[part[1]], rule)
    headers = {"Authorization": f"Bearer {one.token}"} if one.token else {}
    if endpoint in ("api_files.upload", "api_modeler.deploy"):
        return one.client.post(address, data={"x": "y"}, headers=headers)
    body = {"json": BODIES[endpoint]} if endpoint in BODIES else {}
    return one.client.open(address, method=method, headers=headers, **body)


def admitted(endpoint: str, role: str) -> bool:
    return role in OPEN_TO.get(endpoint, OPEN_TO[endpoint.partition(".")[0]])


def declared(stage: Stage, endpoint: str, role: str) -> bool:
    """Whether the view's own audience lets this person in; some rooms below refuse them once more."""
    return AUDIENCES[stage.world.app.view_functions[endpoint].audience](stage.actors[role])  # type: ignore[attr-defined]


def refused_for_who_asks(answer: TestResponse) -> bool:
    """Whether the door itself has turned somebody away, and not a rule about what was asked."""
    return answer.json.get("detail", answer.json.get("message")) in AT_THE_DOOR


def check(stage: Stage, role: str, method: str, rule: str, endpoint: str) -> None:
    """One request of one role: let in, turned away or shown nothing, as this file says."""
    blueprint = endpoint.partition(".")[0]
    assert declared(stage, endpoint, role) == admitted(endpoint, role), (endpoint, role)
    answer = ask(stage.scripts[role], method, rule, endpoint, stage.refs.get(blueprint, ""))
    place = (method, rule, role, answer.status_code, answer.data[:200])
    if role == "anonymous":
        assert answer.status_code == 401, place
    elif not admitted(endpoint, role):
        assert answer.status_code == 403, place
    elif "<ref>" in rule and role not in MAY[blueprint]:
        assert answer.status_code == 404, place
    else:
        nothing = {404} if endpoint in MADE_UP else set()
        assert answer.status_code not in {401, 404, 500} - nothing, place
        assert answer.status_code != 403 or not refused_for_who_asks(answer), place


@pytest.mark.parametrize("role", ROLES)
def test_each_route_admits_its_audience_and_shows_nothing_foreign(stage: Stage, role: str) -> None:
    for method, rule, endpoint in rules(stage.world):
        check(stage, role, method, rule, endpoint)


@pytest.mark.parametrize(
    ("endpoint", "role", "widened"),
    [
        ("api_monitor.counts", "clerk", "workers"),
        ("api_deployments.index", "manager", "signed_in"),
        ("api_cases.index", "auditor", "signed_in"),
        ("api_me.me", "anonymous", "anyone"),
    ],
)
def test_a_route_that_admits_more_than_this_file_says_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, endpoint: str, role: str, widened: str
) -> None:
    """The negative control of the matrix itself."""
    (route,) = [one for one in rules(stage.world) if one[2] == endpoint]
    check(stage, role, *route)
    monkeypatch.setattr(stage.world.app.view_functions[endpoint], "audience", widened)
    with pytest.raises(AssertionError):
        check(stage, role, *route)


def test_a_narrowed_route_fails(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    (route,) = [one for one in rules(stage.world) if one[2] == "api_tasks.index"]
    monkeypatch.setattr(stage.world.app.view_functions["api_tasks.index"], "audience", "owners")
    with pytest.raises(AssertionError):
        check(stage, "clerk", *route)


def test_every_name_in_an_address_has_a_policy(stage: Stage) -> None:
    for _, rule, endpoint in rules(stage.world):
        blueprint = endpoint.partition(".")[0]
        if "<ref>" in rule:
            assert blueprint in FOREIGN and blueprint in MAY, f"say whose things {rule} names, and who may see them"
        elif "<" in rule:
            assert blueprint in NAMES_NOTHING_OF_ANYBODY, f"say what {rule} names"


def test_every_route_says_who_enters(stage: Stage) -> None:
    named = {endpoint for _, _, endpoint in rules(stage.world)}
    assert {one.partition(".")[0] for one in named} == {one for one in OPEN_TO if "." not in one}
    assert {one for one in OPEN_TO if "." in one} <= named


@pytest.mark.parametrize("role", ["urban_handler", "sup2", "stranger"])
def test_what_does_not_exist_answers_like_what_is_foreign(stage: Stage, role: str) -> None:
    one = stage.scripts["market_handler" if role == "urban_handler" else role]
    case, task = stage.refs["api_cases"], stage.refs["api_tasks"]
    for address in ("cases/{}", "cases/{}/timeline", "cases/{}/diagram", "cases/{}/documents", "tasks/{}"):
        ref = task if address.startswith("tasks") else case
        foreign, nothing = one.get(address.format(ref)), one.get(address.format("x" * len(ref)))
        assert (foreign.status_code, foreign.text) == (404, nothing.text)


def test_every_unsafe_route_wants_the_token_of_the_page_beside_a_session(stage: Stage) -> None:
    browser = stage.world.as_("clerk")
    elsewhere = {"Origin": "https://elsewhere.example", "X-CSRFToken": browser.token()}
    for method, rule, endpoint in rules(stage.world):
        if method != "GET":
            address = re.sub(r"<(\w+)>", "x", rule)
            bare = browser.client.open(address, method=method, json={})
            foreign = browser.client.open(address, method=method, json={}, headers=elsewhere)
            assert (bare.status_code, foreign.status_code) == (400, 403), (method, rule, endpoint)


def test_statements_are_those_of_the_pages_and_one_for_the_token(stage: Stage) -> None:
    one = stage.scripts["head"]
    one.get("me")
    for address, most in (("me", 1), ("tasks", 3), ("cases", 3), ("monitor/overdue", 3)):
        with counted(stage.world.database) as sent:
            assert one.get(f"/api/v1/{address}").status_code == 200
        assert len(sent) == most, (address, sent)
