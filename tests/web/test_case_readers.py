"""What each reader may know: an agency never the bureau's opinions, nor, on its route, whom the matter comes from."""

from __future__ import annotations

import re

import pytest

from tests.web import story
from tests.web.story import AGENCY, SECRET
from tests.web.world import World

SIGNER = re.compile(r"签发人：(</tspan><tspan class=\"kai\">)?梁守正")
"""Who signed the order stands on it (domain.md 2.6), and nowhere else."""


def everything(world: World, who: str) -> str:
    """All pages that this person can reach from lists, as one text."""
    browser = world.as_(who)
    addresses, seen, text = ["/cases", "/inbox/todo", "/inbox/done", "/inbox/drafts"], set[str](), []
    while addresses:
        address = addresses.pop()
        if address in seen:
            continue
        seen.add(address)
        page = browser.get(address).text
        text.append(page)
        addresses += re.findall(r'href="(/(?:cases|tasks|papers)/[\w-]+)"', page)
    return "\n".join(text)


@pytest.fixture(scope="module")
def direct(shared: World) -> World:
    """S14 to its end: raised with the agency directly, brought to the bureau, a correction ordered."""
    story.play(shared)
    return shared


def test_the_bureau_reads_its_own_opinions(direct: World) -> None:
    assert SECRET in everything(direct, "head")


@pytest.mark.parametrize("who", [*AGENCY, "sup1"])
def test_nobody_outside_reads_the_opinions_of_the_bureau(direct: World, who: str) -> None:
    pages = SIGNER.sub("", everything(direct, who))
    assert SECRET not in pages
    for name in ("陈静姝", "罗以安", "贺长明", "梁守正"):
        assert name not in pages, name


@pytest.mark.parametrize("who", ["market_liaison", "sup2", "sup3"])
def test_others_see_nothing_of_it(direct: World, who: str) -> None:
    pages = everything(direct, who)
    assert story.OPINION["title"] not in pages
    assert "苏映雪" not in pages


def test_an_author_learns_the_agency_and_not_its_people(direct: World) -> None:
    pages = everything(direct, "sup1")
    assert "城市管理综合行政执法支队" in pages
    assert "程思齐" not in pages


@pytest.mark.parametrize("who", AGENCY)
def test_on_the_bureau_route_the_agency_never_learns_whom_it_comes_from(world: World, who: str) -> None:
    story.begin(world, route="bureau", signature=world.as_("sup1").sign())
    steps = (
        ("2024-12-17T09:00", "clerk", {"author_status": "在任", "opinion_signed": True}),
        ("2024-12-18T09:00", "head", {"review_step": "agency_first", "review_opinion": SECRET}),
        *(("2024-12-18T10:00", person, answers) for person, _, answers in story.ISSUING),
        ("2024-12-19T09:00", "urban_liaison", {"outcome": "accept"}),
        ("2024-12-19T10:00", "urban_liaison", {"handler": "urban_handler"}),
        ("2024-12-20T09:00", "urban_handler", story.ANSWER),
    )
    for moment, person, answers in steps:
        world.clock.move(story.at(moment))
        sent = story.complete(world, person, answers)
        assert sent.status_code == 200, (person, sent.text)
    pages = everything(world, who)
    assert story.OPINION["title"] in pages
    secrets = ("苏映雪", "sup1", SECRET, "贺长明", "陈静姝", "2024-12-16", "12月16日", "2024-12-17", "12月17日")
    assert [secret for secret in secrets if secret in pages] == []


def test_the_log_of_an_agency_holds_its_own_lines(direct: World) -> None:
    case = _case(direct, "urban_liaison")
    log = direct.as_("urban_liaison").get(f"/cases/{case}").text.partition('id="log"')[2]
    assert "程立言" in log
    assert "登记受理" not in log and "组成调查组" not in log


def _case(world: World, who: str) -> str:
    return re.findall(r'href="/cases/([\w-]+)"', world.as_(who).get("/cases").text)[-1]


def test_an_act_and_a_diagram_stay_with_their_readers(direct: World) -> None:
    case = _case(direct, "urban_liaison")
    assert direct.as_("urban_liaison").get(f"/cases/{case}/diagram/agency_handling").status_code == 200
    assert direct.as_("urban_liaison").get(f"/cases/{case}/diagram/opinion_review").status_code == 404
    assert direct.as_("market_liaison").get(f"/cases/{case}/diagram/agency_handling").status_code == 404
