"""What the API tells whom: all that a program can reach from lists, searched for what its person may not know."""

from __future__ import annotations

import re

import pytest

from tests.web import story
from tests.web.api.scripts import Script, script
from tests.web.story import AGENCY, SECRET
from tests.web.world import World

PARTS = ("", "/timeline", "/diagram", "/documents")


def everything(world: World, who: str) -> str:
    """All that this person's program can read, as one text."""
    one = script(world, who)
    one.language = "zh"
    text = [one.get(address).text for address in ("me", "starts")]
    for box in ("todo", "mine", "done", "drafts"):
        listed = one.get(f"tasks?box={box}")
        text.append(listed.text)
        text += [one.get(f"tasks/{task['ref']}").text for task in listed.json["items"]]
    cases = one.get("cases")
    refs = [case["ref"] for case in cases.json["items"]]
    text += [cases.text, *(one.get(f"cases/{ref}{part}").text for ref in refs for part in PARTS)]
    return "\n".join(re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), one) for one in text)


@pytest.fixture(scope="module")
def direct(shared: World) -> World:
    story.play(shared)
    return shared


def test_the_bureau_reads_its_own_opinions(direct: World) -> None:
    assert SECRET in everything(direct, "head"), "else the tests below would show nothing"


@pytest.mark.parametrize("who", [*AGENCY, "sup1"])
def test_nobody_outside_reads_the_opinions_of_the_bureau(direct: World, who: str) -> None:
    text = everything(direct, who)
    assert SECRET not in text
    for name in ("陈静姝", "罗以安", "贺长明"):  # the leader's stands on the order, as who signed it
        assert name not in text, name


@pytest.mark.parametrize("who", ["market_liaison", "sup2", "sup3"])
def test_others_see_nothing_of_it(direct: World, who: str) -> None:
    text = everything(direct, who)
    assert story.OPINION["title"] not in text and "苏映雪" not in text


def test_an_agency_never_learns_whom_a_matter_of_the_bureau_comes_from(world: World) -> None:
    story.begin(world, route="bureau", signature=world.as_("sup1").sign())
    for moment, person, answers in (
        ("2024-12-17T09:00", "clerk", {"author_status": "在任", "opinion_signed": True}),
        ("2024-12-18T09:00", "head", {"review_step": "agency_first", "review_opinion": SECRET}),
        *(("2024-12-18T10:00", person, answers) for person, _, answers in story.ISSUING),
        ("2024-12-19T09:00", "urban_liaison", {"outcome": "accept"}),
        ("2024-12-19T10:00", "urban_liaison", {"handler": "urban_handler"}),
    ):
        world.clock.move(story.at(moment))
        assert story.complete(world, person, answers).status_code == 200
    assert "苏映雪" in everything(world, "clerk")
    for who in AGENCY:
        text = everything(world, who)
        assert story.OPINION["title"] in text or who != "urban_handler"
        for canary in ("苏映雪", "sup1", "12-16", SECRET):
            assert canary not in text, (who, canary, text[max(0, text.find(canary) - 200) : text.find(canary) + 50])


def test_a_session_reads_what_a_token_reads(direct: World) -> None:
    (case,) = script(direct, "clerk").get("cases?limit=1").json["items"]
    by_token = Script(direct, script(direct, "clerk").token, language="zh").get(f"cases/{case['ref']}")
    assert direct.as_("clerk").get(f"/api/v1/cases/{case['ref']}", **{"Accept-Language": "zh"}).json == by_token.json
