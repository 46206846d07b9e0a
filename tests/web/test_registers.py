"""Registers on their pages: who finds which, what a list and a row say, and what they cost whatever their size."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.registers import patching
from app.registers.kept.certificates import Certificate
from tests.databases import counted
from tests.web.world import START, World

LIST, ROW = 5, 6


def certificate(world: World, key: str, at_day: int = 0, **fields: object) -> str:
    """Enter or patch a certificate; returns its ref."""
    with world.database.transaction() as db:
        writing = patching.Writing(world.bureau_id, world.people["clerk"], START + timedelta(days=at_day))
        row: Certificate = patching.patch(db, "certificates", key, fields, writing)
        return row.ref


@pytest.mark.parametrize("size", [0, 1, 200])
def test_a_list_costs_the_same_whatever_its_length(world: World, size: int) -> None:
    for number in range(size):
        certificate(world, f"证-{number}", person="sup1", kind="card", state="valid")
    browser = world.as_("clerk")
    browser.get("/registers/certificates")
    with counted(world.database) as seen:
        page = browser.get("/registers/certificates?sort=state,-term_end").text
    assert len(seen) <= LIST, seen
    assert page.count("/registers/certificates/") == min(size + 6, 30)


@pytest.mark.parametrize("changes", [1, 60])
def test_a_row_costs_the_same_whatever_its_history(world: World, changes: int) -> None:
    for number in range(changes):
        holder = "sup1" if number % 2 else "sup2"
        ref = certificate(world, "证-1", number, person=holder, kind="card", state="valid", condition=f"{number}")
    browser = world.as_("clerk")
    browser.get("/registers")
    with counted(world.database) as seen:
        page = browser.get(f"/registers/certificates/{ref}").text
    assert len(seen) <= ROW, seen
    assert page.count('data-label="变更前"') == 4 + (changes - 1) * 2


def test_a_row_says_who_changed_what_and_when(world: World) -> None:
    certificate(world, "证-1", person="sup1", kind="card", state="valid")
    ref = certificate(world, "证-1", 1, state="lost")
    page = world.as_("clerk").get(f"/registers/certificates/{ref}").text
    (line,) = re.findall(r"<tr>(?:(?!</tr>).)*有效(?:(?!</tr>).)*已遗失(?:(?!</tr>).)*</tr>", page, re.DOTALL)
    assert "2024-12-17(周二) 10:00" in line and world.names["clerk"] in line
    mine = world.as_("sup1").get(f"/registers/certificates/{ref}").text
    assert "已遗失" in mine and world.names["clerk"] not in mine, (
        "who reads their own rows does not learn who wrote them"
    )
    assert world.as_("sup2").get(f"/registers/certificates/{ref}").status_code == 404


def test_the_index_leads_to_what_there_is_to_read(world: World) -> None:
    def found(role: str) -> list[str]:
        return re.findall(r'href="/registers/(\w+)"', world.as_(role).get("/registers").text)

    assert len(found("clerk")) == len(found("auditor")) == 23
    assert found("sup1") == ["supervisors", "certificates", "agencies"]
    assert found("urban_handler") == ["agencies"]
    assert "objections" not in found("manager")


def test_a_closed_register_answers_like_one_that_is_not_there(world: World) -> None:
    answers = [world.as_("manager").get(f"/registers/{name}") for name in ("objections", "nothing")]
    assert [one.status_code for one in answers] == [404, 404]


def test_an_auditor_follows_what_was_changed_and_sees_no_values_of_rows(world: World) -> None:
    ref = certificate(world, "证-1", person="sup1", kind="card", state="valid", circumstances="丢在路上")
    listed = world.as_("auditor").get("/registers/certificates").text
    assert "证-1" in listed and world.names["sup1"] not in listed
    page = world.as_("auditor").get(f"/registers/certificates/{ref}").text
    assert page.count("丢在路上") == 1 and world.names["clerk"] in page


def test_an_agency_learns_the_day_of_a_change_and_not_by_whom(world: World) -> None:
    with world.database.transaction() as db:
        writing = patching.Writing(world.bureau_id, world.people["sup1"], START)
        ref = patching.patch(db, "measures", "整改-1", {"agency": "urban", "measures": "培训"}, writing).ref
    page = world.as_("urban_handler").get(f"/registers/measures/{ref}").text
    assert "培训" in page and "2024-12-16(周一)" in page
    assert "10:00" not in page and world.names["sup1"] not in page
    assert world.as_("market_handler").get(f"/registers/measures/{ref}").status_code == 404


def test_personal_values_are_masked_on_the_page_and_in_the_history(world: World) -> None:
    with world.database.transaction() as db:
        writing = patching.Writing(world.bureau_id, world.people["clerk"], START)
        ref = patching.patch(db, "clues", "X-1", {"contact": "13800138000", "facts": "事实"}, writing).ref
    page = world.as_("clerk").get(f"/registers/clues/{ref}").text
    assert "13800138000" not in page and "••••••" in page and "个人信息，不予显示" in page


@pytest.mark.parametrize("query", ["sort=nothing", "sort=state,state", "after=x", "term_end.from=soon", "state=green"])
def test_an_address_that_makes_no_sense_is_refused_in_words(world: World, query: str) -> None:
    assert world.as_("clerk").get(f"/registers/certificates?{query}").status_code == 422


def test_the_next_page_keeps_filter_and_order(world: World) -> None:
    for number in range(40):
        certificate(world, f"证-{number:02d}", person="sup1", kind="card", state="lost")
    first = world.as_("clerk").get("/registers/certificates?state=lost&sort=key").text
    (address,) = re.findall(r'href="(/registers/certificates\?[^"]*after=[^"]+)"', first)
    second = world.as_("clerk").get(address.replace("&amp;", "&")).text
    assert re.findall(r">(证-\d\d)<", first) + re.findall(r">(证-\d\d)<", second) == [f"证-{n:02d}" for n in range(40)]
