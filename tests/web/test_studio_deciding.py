"""Trying a decision: the owner sees what matches and why the rest does not; nobody else comes in, nothing is kept."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from app.config import ROOT
from app.definitions import library
from tests.databases import counted
from tests.web.world import World

PAGE = "/studio/decisions/review_outcome"


def tried(given: dict[str, str], page: str = PAGE) -> str:
    return f"{page}?{urlencode(given)}"


def test_the_rule_that_applies_and_the_cell_that_does_not(world: World) -> None:
    shown = world.as_("owner").get(tried({"duty_finding": "proper", "serious_consequence": "true"})).text
    assert '["explain_reasons", "inform_supervisor"]' in shown.replace("&#34;", '"')
    assert shown.count("try-chosen") == 2 and shown.count("try-failed") == 3
    assert "履职认定 finding on duty 为 &#34;proper&#34;，规则要求" in shown


def test_a_test_row_fills_the_fields(world: World) -> None:
    shown = world.as_("owner").get(tried({"row": "1"})).text
    assert 'value="not_performed"' in shown and "order_correction" in shown


@pytest.mark.parametrize(
    "given",
    [
        {"serious_consequence": "perhaps"},
        {"serious_consequence": "[" * 5_000},
        {"duty_finding": "<img src=x onerror=alert(1)>"},
        {"duty_finding": "x" * 50_000},
        {"row": "99999999999999999999"},
        {"unknown": "1"},
        {"duty_finding": "\x00\u202e"},
    ],
)
def test_any_text_is_a_value_or_named(world: World, given: dict[str, str]) -> None:
    answer = world.as_("owner").get(tried(given))
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text


def test_what_is_no_number_names_the_field(world: World) -> None:
    shown = world.as_("owner").get(tried({"workdays_past_due": "many"}, "/studio/decisions/overdue_level")).text
    assert "“workdays_past_due”不是有效的 number 值" in shown and 'aria-invalid="true"' in shown


def test_a_table_that_contradicts_itself_says_so(world: World) -> None:
    shown = world.as_("owner").get(tried({"regulation": "X"}, "/studio/decisions/overdue_level")).text
    assert "没有结果" in shown


def test_every_shipped_decision_opens_with_each_of_its_rows(world: World) -> None:
    pack = library.parse(library.read_folder(ROOT, "beibei_2024"))
    assert len(pack.rows) >= 15
    for decision, book in pack.rows.items():
        for row in book.rows:
            shown = world.as_("owner").get(tried({"row": str(row.number)}, f"/studio/decisions/{decision}")).text
            assert "try-result" in shown, (decision, row.number)
            assert "有变化" not in shown, decision


@pytest.mark.parametrize("ref", ["clerk", "manager", "auditor", "admin", "urban_leader", "sup1"])
def test_owners_only(world: World, ref: str) -> None:
    assert world.as_(ref).get(PAGE).status_code == 403


def test_an_unknown_decision(world: World) -> None:
    assert world.as_("owner").get("/studio/decisions/nothing").status_code == 404


def test_nothing_is_written(world: World) -> None:
    owner = world.as_("owner")
    owner.get(PAGE)
    with counted(world.database) as statements:
        owner.get(tried({"row": "1"}))
    assert not [one for one in statements if one.split()[0] in ("INSERT", "UPDATE", "DELETE")]
