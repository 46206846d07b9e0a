"""The public conformance kit: all of level 2, and of level 3 all but the cases listed in `tck_failing.tsv`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.decisions.tck import KIT, Case, cases, run

FAILING = Path(__file__).with_name("tck_failing.tsv")
LEVEL_3 = 1.0  # the rate reached


@pytest.fixture(scope="module")
def results() -> list[tuple[Case, str | None]]:
    assert KIT.is_dir(), f"the conformance kit is missing: {KIT} (set DUBAN_TCK to its folder)"
    return [(case, run(case)) for case in cases()]


def known() -> dict[str, str]:
    rows = (line.split("\t") for line in FAILING.read_text(encoding="utf-8").splitlines())
    return {name: reason for name, reason in rows}


def rate(results: list[tuple[Case, str | None]], level: str) -> float:
    outcomes = Counter(found is None for case, found in results if case.level == level)
    print(f"level {level}: {outcomes[True]} pass, {outcomes[False]} fail, none left out")
    return outcomes[True] / outcomes.total()


def test_level_2_passes_whole(results: list[tuple[Case, str | None]]) -> None:
    assert rate(results, "2") == 1.0


def test_level_3_keeps_its_rate(results: list[tuple[Case, str | None]]) -> None:
    assert rate(results, "3") >= LEVEL_3


def test_every_failing_case_is_listed_with_its_reason(results: list[tuple[Case, str | None]]) -> None:
    failing = {case.name: found for case, found in results if found is not None}
    assert {name: found for name, found in failing.items() if name not in known()} == {}
    assert set(known()) - set(failing) == set(), "these pass now: take them off the list"
    assert all(known().values())


def test_a_wrong_value_is_seen() -> None:
    case = next(case for case in cases() if case.level == "2" and not case.error)
    assert run(case) is None
    assert run(Case(case.level, case.name, case.model, case.inputs, case.target, "something else", False))
