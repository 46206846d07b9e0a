"""The shipped tables answer as the rows beside them say: change a rule, and these tests name what moves."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from lxml import etree

from app.config import ROOT
from app.decisions import Model
from app.definitions import library, rows
from app.definitions.pack import Pack

PACKS = ("beibei_2024", "wuhan_2021")
MATRICES = (
    "eligibility publicity_period appointment_gate opinion_route deadline_policy overdue_level dismissal_route "
    "absence_trigger renewal_gate evaluation_grade agency_report_route campaign_mode announcement_matrix "
    "support_required recusal adoption_next review_outcome"
).split()
OPEN = {"dismissal_route"}  # a ground of the other regulation has no rule, on purpose


@cache
def pack(name: str) -> Pack:
    return library.parse(library.read_folder(ROOT, name))


@cache
def answers() -> dict[tuple[str, str, int], rows.Answered]:
    found = {}
    for name in PACKS:
        policies = {key: policy.amount for key, policy in pack(name).policies.items()}
        for book in pack(name).rows.values():
            for one in rows.answered(book, pack(name).diagram.decisions, rows.functions_at(policies)):
                found[name, book.decision, one.row.number] = one
    return found


@pytest.mark.parametrize("place", answers())
def test_row(place: tuple[str, str, int]) -> None:
    answered = answers()[place]
    assert answered.fault is None
    assert (answered.value, answered.rules) == (answered.row.value, answered.row.rules)
    assert answered.then == answered.row.then


def table(decision: str) -> tuple[Any, Model]:
    file = next((ROOT / "processes").glob(f"*/{decision}.dmn"))
    return etree.parse(file).getroot(), next(
        pack(name).diagram.decisions[decision] for name in PACKS if decision in pack(name).diagram.decisions
    )


@pytest.mark.parametrize("decision", MATRICES)
def test_every_rule_is_met_by_a_row(decision: str) -> None:
    root, _ = table(decision)
    rules = {str(rule.get("id")) for rule in root.iter("{*}rule")}
    assert rules
    assert rules == {rule for (_, name, _), one in answers().items() if name == decision for rule in one.row.rules}


@pytest.mark.parametrize("decision", MATRICES)
def test_tables_say_what_they_rest_on_and_leave_nothing_open(decision: str) -> None:
    root, model = table(decision)
    assert all(rule.findtext("{*}description") for rule in root.iter("{*}rule"))
    notes = [rule.findtext("{*}annotationEntry/{*}text") for rule in root.iter("{*}rule")]
    assert all(notes) or not root.findall(".//{*}annotation")
    assert decision in OPEN or [str(doubt.words) for doubt in model.doubts] == []


def test_every_shipped_table_has_rows() -> None:
    shipped = {file.stem for file in (ROOT / "processes").rglob("*.dmn")}
    assert shipped == {decision for name in PACKS for decision in pack(name).rows} == set(MATRICES)
