"""The shipped tables answer as their rows in `tables/` say: change a rule, and these tests name what moves."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from app.config import ROOT
from app.decisions import Model, read
from app.feel import to_json

FOLDER = Path(__file__).with_name("tables")
BOOKS: list[dict[str, Any]] = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.yaml"))]
ROWS = [(book["decision"], number) for book in BOOKS for number in range(len(book["rows"]))]
MATRICES = (
    "eligibility publicity_period appointment_gate opinion_route deadline_policy overdue_level dismissal_route "
    "absence_trigger renewal_gate evaluation_grade agency_report_route campaign_mode announcement_matrix "
    "support_required recusal adoption_next review_outcome"
).split()

OPEN = {"dismissal_route"}  # a ground of the other regulation has no rule, on purpose


def book(decision: str) -> dict[str, Any]:
    return next(one for one in BOOKS if one["decision"] == decision)


def path(decision: str) -> Path:
    """Return where the table lies, also after it has moved from one pack to the shared one."""
    given = ROOT / str(book(decision)["file"])
    return given if given.is_file() else next((ROOT / "processes").glob(f"*/{given.name}"))


@cache
def model(decision: str) -> Model:
    return read(path(decision).read_bytes())


@cache
def policies() -> dict[str, Decimal]:
    about = yaml.safe_load((ROOT / "processes/common/pack.yaml").read_text("utf-8"))
    return {name: Decimal(value["amount"]) for name, value in about["policies"].items()}


def decide(decision: str, row: dict[str, Any], wanted: str) -> tuple[object, list[str]]:
    outcome = model(decision).decide(wanted, row["given"], functions={"policy": lambda name: policies()[name]})
    return to_json(outcome.value), list(outcome.rules)


@pytest.mark.parametrize(("decision", "number"), ROWS)
def test_row(decision: str, number: int) -> None:
    row = book(decision)["rows"][number]
    assert decide(decision, row, decision) == (row["value"], row["rules"])
    assert {name: decide(decision, row, name)[0] for name in row.get("then", {})} == row.get("then", {})


@pytest.mark.parametrize("decision", MATRICES)
def test_every_rule_is_met_by_a_row(decision: str) -> None:
    rules = {str(rule.get("id")) for rule in etree.parse(path(decision)).iter("{*}rule")}
    assert rules
    assert rules == {rule for row in book(decision)["rows"] for rule in row["rules"]}


@pytest.mark.parametrize("decision", MATRICES)
def test_tables_say_what_they_rest_on_and_leave_nothing_open(decision: str) -> None:
    root = etree.parse(path(decision)).getroot()
    assert all(rule.findtext("{*}description") for rule in root.iter("{*}rule"))
    notes = [rule.findtext("{*}annotationEntry/{*}text") for rule in root.iter("{*}rule")]
    assert all(notes) or not root.findall(".//{*}annotation")
    assert decision in OPEN or [str(doubt.words) for doubt in model(decision).doubts] == []


def test_every_shipped_table_has_rows() -> None:
    assert {file.stem for file in (ROOT / "processes").rglob("*.dmn")} <= {one["decision"] for one in BOOKS}
