"""Owners by program: what is in force, proposing, four eyes; a desktop modeler's button; managers' numbers."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import pytest
from sqlalchemy import text

from app.cases import failing
from app.errors import Refusal, words
from tests.web import story
from tests.web.api.scripts import Script, script
from tests.web.world import World

FILE = "processes/opinion_beibei.bpmn"
NAME = "监督意见办理（北碚）"


def xml_of(one: Script) -> str:
    return str(one.get("definitions/opinion_beibei").json["xml"])


def test_owners_read_what_is_in_force(world: World) -> None:
    story.begin(world)
    one = script(world, "owner")
    found = {item["key"]: item for item in one.get("definitions").json["items"]}
    assert found["opinion_beibei"]["version"] == 1 and found["opinion_beibei"]["running"] == {"1": 1}
    shown = one.get("definitions/opinion_beibei").json
    assert {"submit_opinion"} <= {step["element"] for step in shown["steps"]} and NAME in shown["xml"]
    assert one.get("definitions/nothing").status_code == 404


def test_a_proposal_becomes_a_release_by_the_second_owner_only(world: World) -> None:
    first, second = script(world, "owner"), script(world, "owner2")
    changes = {FILE: xml_of(first).replace(NAME, "监督意见办理")}
    checked = first.post("definitions/check", {"changes": changes})
    assert checked.json["fit"] is True and first.get("deployments").json["items"] == []
    made = [first.post("definitions", {"changes": changes, "note": "改名"}, key="p") for _ in range(2)]
    assert made[0].status_code == 201 and made[0].text == made[1].text
    ref = made[0].json["ref"]
    assert made[0].json["state"] == "waiting" and made[0].json["changed"] == [FILE]
    refused = first.post("deployments", {"proposal": ref})
    assert refused.status_code == 403 and "second" in refused.json["detail"]
    approved = [second.post("deployments", {"proposal": ref}, key="q") for _ in range(2)]
    assert [one.status_code for one in approved] == [201, 201] and approved[0].json["number"] == 2
    assert second.post("deployments", {"proposal": ref}).status_code == 409
    assert [one["current"] for one in first.get("releases").json["items"]] == [True, False]
    assert first.post("definitions", {"changes": changes, "note": "改名"}, key="p").text == made[0].text


def test_what_is_wrong_is_refused_with_every_finding(world: World) -> None:
    one = script(world, "owner")
    for changes in ({FILE: "<x"}, {"../../etc/x": "x"}, {"processes/none.bpmn": None}, {"pack.yaml": "id: other"}):
        answer = one.post("definitions", {"changes": changes})
        assert answer.status_code == 422 and answer.json["findings"], answer.text
    assert one.get("deployments").json["items"] == []


def test_a_proposal_is_rejected_with_a_reason(world: World) -> None:
    first, second = script(world, "owner"), script(world, "owner2")
    ref = first.post("definitions", {"changes": {FILE: xml_of(first).replace(NAME, "x")}}).json["ref"]
    assert second.post(f"deployments/{ref}/reject", {"why": ""}).status_code == 422
    assert first.post(f"deployments/{ref}/reject", {"why": "不"}).status_code == 403
    rejected = second.post(f"deployments/{ref}/reject", {"why": "名称应保留地名"})
    assert (rejected.json["state"], rejected.json["why"]) == ("rejected", "名称应保留地名")


def deploy(one: Script, xml: str, **more: str) -> dict:
    form = {"deployment-name": "opinion", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}
    form |= more | {"opinion_beibei.bpmn": (BytesIO(xml.encode()), "opinion_beibei.bpmn")}  # type: ignore[dict-item]
    answer = one.post("/engine-rest/deployment/create", data=form)
    return {"status": answer.status_code, **answer.json}


def test_the_button_of_a_desktop_modeler_makes_a_proposal(world: World) -> None:
    one, second = script(world, "owner"), script(world, "owner2")
    assert one.get("/engine-rest/version").json == {"version": "7.22.0"}
    assert one.get("/engine-rest/deployment?maxResults=0&unknown=x").json == []
    xml = xml_of(one)
    same = deploy(one, xml)
    assert (same["status"], same["id"], same["deployedProcessDefinitions"]) == (200, "release-1", None)
    new = xml.replace(NAME, "监督意见办理")
    made = deploy(one, new)
    (definition,) = made["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"], definition["deploymentId"]) == ("opinion_beibei", 0, made["id"])
    assert deploy(one, new)["id"] == made["id"], "the same files wait already"
    start = f"/engine-rest/process-definition/{definition['id']}/start"
    refused = one.post(start, {"businessKey": "default"})
    assert (refused.status_code, refused.json["type"]) == (409, "RestException")
    assert second.post("deployments", {"proposal": made["id"]}).status_code == 201
    assert deploy(one, new)["id"] == "release-2"
    assert [item["id"] for item in one.get("/engine-rest/deployment").json] == ["release-2", "release-1"]
    assert one.post(start, {"businessKey": "default"}).status_code == 403, "an owner starts no case"
    begun = script(world, "sup1").post(start, {"businessKey": "default", "variables": {}})
    assert begun.status_code == 200 and not begun.json["ended"]
    assert script(world, "sup1").get(f"cases/{begun.json['id']}").json["process"] == "opinion_beibei"


def test_a_modeler_hears_of_faults_in_its_own_words(world: World) -> None:
    one = script(world, "owner")
    broken = deploy(one, xml_of(one).replace("bpmn:userTask", "bpmn:scriptTask"))
    assert broken["status"] == 400 and broken["type"] == "ParseException" and broken["code"] == 0
    assert broken["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    assert "opinion_beibei.bpmn" in broken["message"]
    assert deploy(one, "<x")["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    assert deploy(one, xml_of(one), **{"tenant-id": "other"})["type"] == "InvalidRequestException"
    nobody = world.app.test_client().get("/engine-rest/deployment")
    assert (nobody.status_code, nobody.json["type"]) == (401, "AuthenticationException")
    assert script(world, "clerk").get("/engine-rest/deployment").json["type"] == "AuthorizationException"


def test_a_modelers_window_may_ask_from_its_own_origin(world: World) -> None:
    address, window = "/engine-rest/deployment", {"Origin": "file://"}
    asked = {**window, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    before = world.app.test_client().options(f"{address}/create", headers=asked)
    assert before.status_code == 200 and before.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in before.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before.headers
    one = script(world, "owner")
    one.headers = window
    assert deploy(one, xml_of(one))["status"] == 200
    pair = b64encode(f"owner:{one.token}".encode()).decode()
    for origin, status in (("file://", 422), ("https://elsewhere.example", 403)):
        headers = {"Authorization": f"Basic {pair}", "Origin": origin}
        answer = world.app.test_client().post(f"{address}/create", headers=headers, data={"x": "y"})
        assert answer.status_code == (400 if status == 422 else status)
    session = world.as_("owner").client.post(f"{address}/create", headers=window, data={"x": "y"})
    assert session.status_code in (400, 403), "a session never comes from another origin"


def test_managers_read_numbers_and_set_a_stopped_case_going(world: World) -> None:
    case = story.begin(world)
    one = script(world, "manager")
    assert one.get("monitor/counts").json["in_flight"] == 1
    assert one.get("monitor/overdue").json == {"items": [], "total": 0}
    assert {item["agency"] for item in one.get("monitor/rates?start=2024-01-01").json["items"]} >= {"urban"}
    assert one.get("monitor/rates?start=2025-01-01&end=2024-01-01").status_code == 422
    assert one.post(f"monitor/incidents/{case}/retry").status_code == 404
    with world.database.transaction() as db:
        case_id = db.scalar(text('SELECT id FROM "case" WHERE ref = :ref'), {"ref": case})
        for _ in range(3):
            failing.fail(db, case_id, Refusal(words("An internal error stopped this case.")), at=world.clock.now())
            db.expire_all()
    (stopped,) = one.get("monitor/incidents").json["items"]
    assert (stopped["case"], stopped["tries"]) == (case, 3) and one.get("monitor/counts").json["stopped"] == 1
    assert one.post(f"monitor/incidents/{case}/retry", key="r").json == {"case": case}
    assert one.post(f"monitor/incidents/{case}/retry", key="r").json == {"case": case}, "the same request again"
    assert one.get("monitor/incidents").json["items"] == []


@pytest.mark.parametrize("who", ["clerk", "urban_leader", "auditor", "admin"])
def test_nobody_else_reads_definitions_or_numbers(shared: World, who: str) -> None:
    one = script(shared, who)
    for address in ("definitions", "deployments", "releases", "monitor/counts"):
        assert one.get(address).status_code == 403
