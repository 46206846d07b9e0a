"""Test rows of a table: who changes a rule is told which examples move, and a bad file is refused by its row."""

from __future__ import annotations

import pytest

from app.config import ROOT
from app.definitions import checks, library, rows
from app.errors import Invalid

TABLE, EXAMPLES = "processes/adoption_next.dmn", "processes/adoption_next.rows.yaml"


def files() -> dict[str, bytes]:
    return library.read_folder(ROOT, "beibei_2024")


def moved(changed: dict[str, bytes]) -> list[tuple[str | None, str]]:
    found = checks.check(library.parse(changed))
    return [(finding.file, finding.severity) for finding in found if finding.rule == "rows.moved"]


def test_a_changed_rule_names_the_rows_that_move() -> None:
    shipped = files()
    assert moved(shipped) == []
    first = rows.read(shipped[EXAMPLES], EXAMPLES).rows[0]
    changed = shipped | {EXAMPLES: shipped[EXAMPLES].replace(first.rules[0].encode(), b"another_rule", 1)}
    assert moved(changed) == [(EXAMPLES, "error")]


def test_a_decision_that_is_gone_is_said() -> None:
    shipped = files()
    renamed = {"processes/gone.rows.yaml": b"rows: [{given: {}, value: 1, rules: []}]"}
    assert moved(shipped | renamed) == [("processes/gone.rows.yaml", "error")]


@pytest.mark.parametrize(
    "written",
    [
        b"rows: [",
        b"just words",
        b"decision: other\nrows: []",
        b"rows: {}",
        b"rows: [1]",
        b"rows: [{given: 1}]",
        b"rows: [{given: {}, rules: x}]",
        b"rows: [{given: {}, then: []}]",
        b"rows: [{given: {}, unknown: 1}]",
        b"!!python/object:os.system {}",
    ],
)
def test_what_are_no_rows_is_refused_with_the_file(written: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        library.parse(files() | {EXAMPLES: written})
    assert {finding.file for finding in refused.value.findings} == {EXAMPLES}
