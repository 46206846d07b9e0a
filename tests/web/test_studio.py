"""The studio: every page opens for owners, nothing of a case is on any of them, and texts stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.databases import counted
from tests.web import story
from tests.web.routes import routes
from tests.web.uploading import BPMN, NASTY, handed_on, kept, path_of, replaced
from tests.web.world import World

TITLE = "关于占道经营检查程序的意见"
PAGES = (
    "/studio", "/studio?kind=table", "/studio?kind=form", "/studio/processes/agency_handling", "/studio/releases",
    "/studio/processes/opinion_beibei", "/studio/tables/recusal", "/studio/tables/eligibility", "/studio/upload",
    "/studio/forms/opinion_beibei/submit_opinion", "/studio/forms/agency_handling/agency_sign",
)  # fmt: skip


@pytest.fixture(scope="module")
def running(shared: World) -> World:
    """A bureau with a case on its way, and a proposal that would change its diagram."""
    story.play(shared, until="supervisor_response")
    handed_on(shared, "owner", replaced("签收"))
    return shared


def pages(world: World) -> Iterator[str]:
    yield from PAGES
    home = world.as_("owner").get("/studio").text
    yield from sorted(set(re.findall(r'href="(/studio/proposals/[^"#]+)"', home)))


def test_every_page_opens_for_an_owner_in_both_languages(running: World) -> None:
    owner = running.as_("owner")
    for address in pages(running):
        for language in ("zh", "en"):
            answer = owner.get(address, Cookie=f"language={language}") if language == "en" else owner.get(address)
            assert answer.status_code == 200, address
            assert "<h1>" in answer.text and "Traceback" not in answer.text


def test_nothing_of_any_case_is_on_any_page(running: World) -> None:
    """Counts of cases are all that owners are shown (domain.md 2.9)."""
    clerk = running.as_("clerk").get("/cases").text
    refs, numbers = re.findall(r'/cases/([\w-]{12,})"', clerk), re.findall(r"\d{4}-[A-Z]-\d+", clerk)
    names = {running.names[ref] for ref in ("sup1", "sup2", "clerk", "urban_liaison", "urban_handler", "head")}
    secret = {*refs, *numbers, TITLE, *names}
    assert refs and TITLE in clerk
    for address in pages(running):
        text = running.as_("owner").get(address).text
        assert [one for one in secret if one in text] == [], address


def test_every_route_of_the_studio_is_for_owners_only(running: World) -> None:
    found = [route for route in routes(running.app) if route.rule.startswith("/studio")]
    assert len(found) >= 15 and {route.audience for route in found} == {"owners"}
    for role in ("clerk", "head", "manager", "admin", "auditor", "sup1"):
        assert {running.as_(role).get(address).status_code for address in PAGES} == {403}


def test_a_definition_says_what_its_owner_needs(running: World) -> None:
    owner = running.as_("owner")
    process = owner.get("/studio/processes/agency_handling").text
    for said in (
        "执法机关签收（P-03）",
        "本局内部时限，非法定期限",
        "B-14a",
        "agency_sign",
        "v1",
        'data-island="diagram"',
    ):
        assert said in process
    form = owner.get("/studio/forms/opinion_beibei/submit_opinion").text
    assert "必填" in form and "可阅读者" in form
    table = owner.get("/studio/tables/recusal").text
    assert "COLLECT" in table and "W-13-1" in table and table.count('<tr id="') == 4
    assert "没有规则适用于" in owner.get("/studio/tables/dismissal_route").text
    assert "1 件" in owner.get("/studio").text


def test_files_come_as_they_were_frozen_and_only_by_their_path(running: World) -> None:
    owner = running.as_("owner")
    answer = owner.get(path_of(BPMN))
    assert answer.data == kept(BPMN)
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.mimetype != "text/html"
    for wrong in ("../../config.py", "pack.yml", "processes/../pack.yaml", "forms"):
        assert owner.get(f"/studio/releases/1/files/{wrong}").status_code == 404
    for number in ("2", "0", "-1", "x", "9" * 30, "１"):
        assert owner.get(f"/studio/releases/{number}/files/{BPMN}").status_code == 404


def test_what_is_unknown_is_not_there(running: World) -> None:
    owner = running.as_("owner")
    for address in ("processes/none", "tables/none", "forms/loop/none", "proposals/none", "proposals/none/files/x"):
        assert owner.get(f"/studio/{address}").status_code == 404
    assert owner.get("/studio/processes/agency_handling?from=7&to=x").status_code == 200


def test_names_that_hold_markup_stay_text(world: World) -> None:
    ref = handed_on(world, "owner", replaced(NASTY), note=NASTY)
    other = world.as_("owner2")
    page = other.get(f"/studio/proposals/{ref}").text
    assert "&lt;img src=x" in page and "<img" not in page
    assert other.post(f"/studio/proposals/{ref}/approve").status_code == 303
    for address in ("/studio", "/studio/processes/agency_handling", "/studio/processes/agency_handling?from=1&to=2"):
        text = other.get(address).text
        assert "<img" not in text and "onerror=alert(1)&gt;" in text or address == "/studio"


@pytest.mark.parametrize("address", ["/studio", "/studio/processes/opinion_beibei", "/studio/tables/recusal"])
def test_a_page_takes_a_few_statements_however_many_releases_there_are(running: World, address: str) -> None:
    owner = running.as_("owner")
    assert owner.get(address).status_code == 200
    with counted(running.database) as seen:
        owner.get(address)
    assert len(seen) <= 10, seen


def test_the_bar_leads_owners_to_the_studio_and_nobody_else(running: World) -> None:
    assert running.as_("owner").get("/").headers["Location"] == "/studio"
    assert 'href="/studio"' not in running.as_("clerk").get("/cases").text
