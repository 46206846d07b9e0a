"""At the door: what cannot be read is refused by name, in the reader's language; sessions need their token."""

from __future__ import annotations

import pytest

from tests.web import story
from tests.web.api.scripts import Script, script
from tests.web.world import World

DEEP = '{"answers": ' + '{"a":' * 40 + "1" + "}" * 40 + "}"


@pytest.mark.parametrize(
    ("body", "media", "status", "kind"),
    [
        ('{"process":', "application/json", 400, "unreadable"),
        ("[1]", "application/json", 400, "unreadable"),
        ("null", "application/json", 400, "unreadable"),
        ('{"process": NaN}', "application/json", 400, "unreadable"),
        ("[" * 100_000, "application/json", 400, "unreadable"),
        ("process=x", "application/x-www-form-urlencoded", 415, "media_type"),
        ("<x/>", "application/xml", 415, "media_type"),
        ("{}", "application/json", 422, "invalid"),
        (DEEP, "application/json", 422, "invalid"),
        ('{"process": "a\\u0000b"}', "application/json", 422, "invalid"),
        ('{"process": "x", "answers": {"n": 1e400}}', "application/json", 400, "unreadable"),
        ('{"process": "x", "answers": {"n": 12345678901234567890}}', "application/json", 422, "invalid"),
        ('{"process": "x", "answers": {"t": "\\ud800"}}', "application/json", 400, "unreadable"),
        ("x" * (1024 * 1024 + 1), "application/json", 413, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(shared: World, body: str, media: str, status: int, kind: str) -> None:
    answer = script(shared, "sup1").post("cases", data=body, headers={"Content-Type": media})
    assert (answer.status_code, answer.json["type"]) == (status, f"urn:duban:problem:{kind}"), answer.text
    assert answer.mimetype == "application/problem+json" and answer.json["status"] == status
    assert answer.json["detail"] and answer.json["title"]


def test_each_fault_names_its_field_in_the_readers_language(shared: World) -> None:
    one = script(shared, "sup1")
    english = one.post("cases", {"answers": [], "x": 1}).json["findings"]
    one.language = "zh-CN,zh;q=0.9"
    chinese = one.post("cases", {"answers": [], "x": 1}).json["findings"]
    assert {fault["field"] for fault in english} == {"process", "answers", "x"}
    assert {fault["words"] for fault in english} & {"This is missing."}
    assert {fault["words"] for fault in chinese} & {"缺少此项。"}
    one.language = "fr"
    assert "缺少此项。" in one.post("cases", {}).text.encode().decode("unicode_escape"), "Chinese where nothing fits"


def test_refusals_carry_the_clause(shared: World) -> None:
    answer = script(shared, "sup1").post("cases", {"process": "opinion_beibei", "answers": {}})
    assert answer.status_code == 422 and answer.json["clause"].startswith("B-")
    assert {"subject", "title"} <= {one["field"] for one in answer.json["findings"]}


@pytest.mark.parametrize("address", ["nothing", "tasks/x%00y", "tasks/" + "x" * 65, "cases/x/nothing", "../x"])
def test_an_address_that_names_nothing_is_not_found(shared: World, address: str) -> None:
    answer = script(shared, "clerk").get(address)
    assert (answer.status_code, answer.json["type"]) == (404, "urn:duban:problem:not_found")


def test_a_wrong_method_is_told_the_right_ones(shared: World) -> None:
    answer = script(shared, "clerk").ask("DELETE", "me")
    assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_nothing_is_kept_by_anybody_on_the_way(shared: World) -> None:
    for answer in (script(shared, "clerk").get("me"), Script(shared, "").get("cases"), Script(shared, "").get("x")):
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_is_not_known_is_told_how(shared: World) -> None:
    answer = shared.app.test_client().get("/api/v1/me", headers={"Accept-Language": "en"})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == 'Bearer realm="duban"'
    assert answer.json["detail"] == "This needs a valid token, or a session."


def test_a_session_writes_only_with_the_token_of_its_page(world: World) -> None:
    story.begin(world)
    browser = world.as_("urban_liaison")
    ref = browser.get("/api/v1/tasks").json["items"][0]["ref"]
    assert browser.client.post(f"/api/v1/tasks/{ref}/claim").status_code == 400
    origin = {"Origin": "https://elsewhere.example", "X-CSRFToken": browser.token()}
    assert browser.client.post(f"/api/v1/tasks/{ref}/claim", headers=origin).status_code == 403
    assert browser.client.post(f"/api/v1/tasks/{ref}/claim", headers={"X-CSRFToken": browser.token()}).json["mine"]


def test_a_cookie_beside_a_token_counts_for_nothing(world: World) -> None:
    """The token alone says who asks: the rights of the session are not lent to it."""
    story.begin(world)
    clerk = world.as_("clerk").client
    (case,) = script(world, "clerk").get("cases").json["items"]
    stranger = {"Authorization": f"Bearer {script(world, 'stranger').token}"}
    assert clerk.get(f"/api/v1/cases/{case['ref']}", headers=stranger).status_code == 404


def test_a_page_of_a_list_goes_on_where_the_last_one_ended(world: World) -> None:
    cases = [story.begin(world, title=f"关于检查程序的意见{number}") for number in range(5)]
    one = script(world, "clerk")
    first = one.get("cases?limit=2").json
    story.begin(world, title="后来才提出的意见")
    second = one.get("cases", query_string={"limit": 2, "cursor": first["next"]}).json
    third = one.get("cases", query_string={"limit": 2, "cursor": second["next"]}).json
    found = [item["ref"] for part in (first, second, third) for item in part["items"]]
    assert found == cases[::-1] and third["next"] is None
    todo = script(world, "urban_liaison")
    page, seen = todo.get("tasks?limit=4").json, []
    while True:
        seen += [item["ref"] for item in page["items"]]
        if page["next"] is None:
            break
        page = todo.get("tasks", query_string={"limit": 4, "cursor": page["next"]}).json
    assert len(seen) == len(set(seen)) == 6


def test_a_cursor_opens_only_its_own_list(world: World) -> None:
    for number in range(2):
        story.begin(world, title=f"关于检查程序的意见{number}")
    cursor = script(world, "clerk").get("cases?limit=1").json["next"]
    for who, address in (
        ("head", "cases?limit=1"),
        ("clerk", "cases?limit=1&state=closed"),
        ("clerk", "tasks?limit=1"),
    ):
        answer = script(world, who).get(f"{address}&cursor={cursor}")
        assert answer.status_code == 422 and answer.json["findings"][0]["field"] == "cursor"
    assert script(world, "clerk").get("cases?cursor=k1.nonsense").status_code == 422


def test_a_fault_of_ours_has_a_number_and_says_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.app.view_functions, "api_me.me", _failing(world.app.view_functions["api_me.me"]))
    answer = script(world, "clerk").get("me")
    assert answer.status_code == 500 and answer.json["number"] in answer.json["detail"]
    assert "secret" not in answer.text


def _failing(view: object) -> object:
    def fail() -> None:
        raise RuntimeError("a secret of the server")

    fail.audience = view.audience  # type: ignore[attr-defined]
    return fail


def test_parts_of_a_form_without_a_name_are_no_fault_of_ours(world: World) -> None:
    """Found by the long run: with a key, the parts are compared, and neither field nor file need have a name."""
    part = "--b\r\nContent-Disposition: form-data{}\r\n\r\n{}\r\n"
    names = (("", "x"), ('; name="y"', "z"), ('; filename="n"', ""), ('; name="file"; filename="a.txt"', "plain text"))
    body = "".join(part.format(*one) for one in names) + "--b--\r\n"
    media = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = script(world, "clerk").post("files", data=body, headers=media, key="k")
    assert answer.status_code == 201, answer.text
