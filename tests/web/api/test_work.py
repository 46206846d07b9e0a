"""A whole opinion by programs alone: start, take, draft, complete, act, file, papers; and messages from outside."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from app.cases import incoming
from app.definitions import releases
from app.definitions.manifest import OutsideMessage
from tests.files import made
from tests.web import story
from tests.web.api.scripts import Script, first_task, script
from tests.web.world import World


def send(one: Script, **answers: object) -> None:
    sent = one.post(f"tasks/{first_task(one)}/complete", {"answers": answers})
    assert sent.status_code == 200, sent.text


def test_an_opinion_is_handled_by_programs(world: World) -> None:
    sup, liaison, handler, leader = (
        script(world, who) for who in ("sup1", "urban_liaison", "urban_handler", "urban_leader")
    )
    assert [one["process"] for one in sup.get("starts").json["items"]] == ["opinion_beibei"]
    form = sup.get("starts/opinion_beibei").json["form"]
    assert {"subject", "agency"} <= {one.get("key") for one in form["schema"]["components"]} and form["submit"]
    begun = sup.post("cases", {"process": "opinion_beibei", "answers": story.OPINION})
    case = begun.json["case"]
    assert begun.status_code == 201 and begun.headers["Location"] == f"/api/v1/cases/{case}"
    send(liaison, outcome="accept")
    send(liaison, handler="urban_handler")
    ref = first_task(handler)
    assert handler.put(f"tasks/{ref}/draft", {"answers": {"analysis": "先写一半"}}).status_code == 200
    shown = handler.get(f"tasks/{ref}").json
    assert shown["form"]["data"]["analysis"] == "先写一半" and shown["state"] == "held" and shown["limit"]
    assert handler.get("tasks?box=drafts").json["items"][0]["ref"] == ref
    stale = handler.post(f"tasks/{ref}/complete", {"answers": story.ANSWER, "revision": shown["revision"] + 1})
    assert (stale.status_code, stale.json["type"]) == (409, "urn:duban:problem:conflict")
    send(handler, **story.ANSWER)
    send(leader, outcome="approve")
    seen = sup.get(f"cases/{case}").json
    assert seen["status"] and [one["kind"] for one in seen["steps"]].count("now") == 1
    assert len(sup.get(f"cases/{case}/timeline").json["items"]) > 3
    (drawing,) = [one for one in sup.get(f"cases/{case}/diagram").json["items"] if one["process"] == "opinion_beibei"]
    assert "<bpmn:process" in drawing["xml"] and drawing["done"] and drawing["now"]
    assert [one["code"] for one in sup.get(f"cases/{case}/documents").json["items"]]
    assert handler.get("tasks?box=done").json["items"][0]["ref"] == ref
    assert [
        one["ref"] for one in script(world, "clerk").get("cases?state=running&process=opinion_beibei").json["items"]
    ]


def test_a_task_is_taken_and_given_back(world: World) -> None:
    story.begin(world)
    one = script(world, "urban_liaison")
    ref = first_task(one)
    before = one.get(f"tasks/{ref}").json
    assert before["state"] == "free" and one.get("tasks?box=mine").json["items"] == []
    taken = one.post(f"tasks/{ref}/claim").json
    assert taken["mine"] and taken["revision"] == before["revision"] + 1
    assert one.get("tasks?box=mine").json["items"][0]["mine"]
    assert not one.post(f"tasks/{ref}/release").json["mine"]


def test_what_a_refused_request_says_is_in_the_journal(world: World) -> None:
    case = story.begin(world)
    one = script(world, "urban_liaison")
    refused = one.post(f"tasks/{first_task(one)}/complete", {"answers": {}})
    assert refused.status_code == 422 and refused.json["findings"][0]["field"] == "outcome"
    log = script(world, "clerk").get(f"cases/{case}/timeline").json["items"]
    assert any("refused" in one["text"] for one in log)


def test_a_signature_needs_the_password_though_the_token_is_right(world: World) -> None:
    one = script(world, "sup1")
    given = {**story.OPINION, "route": "bureau"}
    for signature in (True, "苏映雪", {"name": "苏映雪", "password": "falsch"}):
        answer = one.post("cases", {"process": "opinion_beibei", "answers": {**given, "signature": signature}})
        assert answer.status_code == 422 and "signature" in {fault["field"] for fault in answer.json["findings"]}
    signed = {**given, "signature": world.as_("sup1").sign()}
    assert one.post("cases", {"process": "opinion_beibei", "answers": signed}).status_code == 201


def test_a_file_is_kept_once_and_read_by_its_readers(world: World) -> None:
    one, other = script(world, "urban_handler"), script(world, "market_handler")
    sent = [one.post("files", data={"file": (BytesIO(made.pdf()), "a.pdf")}, key="f") for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201] and sent[0].text == sent[1].text
    another = one.post("files", data={"file": (BytesIO(made.pdf(Lang="zh")), "a.pdf")}, key="f")
    assert another.status_code == 422, "the same key with another file"
    assert one.get(f"files/{sent[0].json['id']}").data == made.pdf()
    assert other.get(f"files/{sent[0].json['id']}").status_code == 404
    assert one.post("files", data={"file": (BytesIO(b"MZ"), "a.pdf")}).status_code == 422


def test_no_message_is_open_unless_the_pack_opens_it(world: World) -> None:
    """Neither one between cases, which would close a review that nobody has made, nor one that does not exist."""
    story.play(world, until="preliminary_review")
    one = script(world, "clerk")
    answers = {one.post("messages", {"message": name}).text for name in ("review_concluded", "nothing", "escalate")}
    assert len(answers) == 1 and '"urn:duban:problem:permission"' in answers.pop()


def open_message(monkeypatch: pytest.MonkeyPatch, world: World, declared: dict) -> None:
    """The pack as it would be with a message in it."""
    with world.database.reading() as db:
        pack = releases.open_release(db, releases.current_id(db, world.bureau_id))
    messages = {name: OutsideMessage.model_validate(one) for name, one in declared.items()}
    opened = replace(pack, manifest=pack.manifest.model_copy(update={"messages": messages}))
    monkeypatch.setattr(incoming, "open_release", lambda *_: opened)


def test_a_message_that_the_pack_opens_is_typed_and_correlated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = story.play(world, until="preliminary_review")
    fields = {"opinion_no": "text", "count": "number", "final": "boolean", "on": "date"}
    declared = {"review_concluded": {"lanes": "bureau_clerk", "key": "opinion_no", "fields": fields}}
    open_message(monkeypatch, world, declared)
    one = script(world, "clerk")
    number = one.get(f"cases/{case}").json["number"]
    wrong = {"count": "1", "final": 1, "on": "2025-02-30", "approved": True}
    faults = one.post("messages", {"message": "review_concluded", "data": wrong}).json["findings"]
    assert {fault["field"] for fault in faults} == {"opinion_no", "count", "final", "on", "approved"}
    assert one.post("messages", {"message": "review_concluded", "data": {"opinion_no": "else"}}).status_code == 409
    assert script(world, "head").post("messages", {"message": "review_concluded"}).status_code == 403
    sent = [
        one.post("messages", {"message": "review_concluded", "data": {"opinion_no": number}}, key="m") for _ in "ab"
    ]
    assert [answer.status_code for answer in sent] == [200, 200], sent[0].text
    assert sent[0].json == {"taken": 1} == sent[1].json
