"""`feel` and `decide`: values as JSON, faults in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.config import ROOT
from tests.cli.conftest import Run, printed
from tests.decisions.models import decision, definitions, input_data
from tests.decisions.models import table as dmn_table

TABLE = str(ROOT / "processes/beibei_2024/review_outcome.dmn")


@pytest.mark.parametrize(
    ("expression", "context", "value"),
    [
        ("a + 1", '{"a": 2}', 3),
        ("=a.b[1]", '{"a": {"b": ["x", "y"]}}', "x"),
        ('date("2026-03-02") + duration("P1D")', "{}", "2026-03-03"),
        ("名字 = null", '{"名字": null}', True),
    ],
)
def test_a_value_is_printed(run: Run, expression: str, context: str, value: object) -> None:
    assert printed(run("feel", expression, "--context", context)) == value


@pytest.mark.parametrize(
    ("expression", "context", "printed_text"),
    [
        ("10000000000000000000001 + 1", "{}", "10000000000000000000002"),
        ("1 / 3", "{}", "0.3333333333333333333333333333333333"),
        ("a * 2", '{"a": 12345678901234567890.125}', "24691357802469135780.25"),
    ],
)
def test_numbers_keep_their_digits(run: Run, expression: str, context: str, printed_text: str) -> None:
    assert run("feel", expression, "--context", context).stdout.strip() == printed_text


def test_working_days_and_limits_are_known(run: Run) -> None:
    assert printed(run("feel", 'working days after(date("2025-09-30"), 1)')) == "2025-10-09"
    assert printed(run("feel", 'policy("P-07")', "--pack", "common")) == 3
    assert printed(run("feel", 'policy("P-07") + 1', "--pack", str(ROOT / "processes/wuhan_2021"))) == 4
    unnamed = run("feel", 'policy("P-07")')
    assert unnamed.exit_code == 1 and "--pack" in unnamed.stderr
    missing = run("feel", 'policy("P-99")', "--pack", "common")
    assert missing.exit_code == 1 and "P-99" in missing.stderr
    assert run("feel", "1", "--pack", "nothing").exit_code == 1


@pytest.mark.parametrize("expression", ["unknown", 'date("2026-02-30")', "no such function(1)", '1 + "a"'])
def test_null_because_of_a_fault_is_no_answer(run: Run, expression: str) -> None:
    result = run("feel", expression)
    assert result.exit_code == 1 and result.stderr.strip()
    assert run("feel", "null").exit_code == 0


def test_a_decision_of_a_pack_knows_its_limits_and_imports(run: Run, tmp_path: Path) -> None:
    table = str(ROOT / "processes/common/overdue_level.dmn")
    given = '{"regulation": "B", "workdays_past_due": -3}'
    assert printed(run("decide", table, "overdue_level", "--input", given))["value"]["level"] == "due_soon"
    assert printed(run("decide", table, "超期等级", "--input", given))["rules"] == ["due_soon"]
    loosely = str(shutil.copy(table, tmp_path))
    loose = run("decide", loosely, "overdue_level", "--input", given)
    assert loose.exit_code == 1 and "--pack" in loose.stderr
    named = run("decide", loosely, "overdue_level", "--input", given, "--pack", "beibei_2024")
    assert printed(named)["value"]["paper"] == "DOC-14"


def test_a_null_decision_without_a_fault_is_an_answer(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.dmn"
    table.write_bytes(
        definitions(
            input_data("a", "number"),
            decision("none", dmn_table("UNIQUE", ["a"], [("o", "", "")], [["1", '"x"']]), needs=["in_a"]),
        )
    )
    assert printed(run("decide", str(table), "none", "--input", '{"a": 2}')) == {"value": None, "rules": []}
    assert run("decide", str(table), "none", "--input", '{"a": "x"}').exit_code == 1


@pytest.mark.parametrize("arguments", [("a +",), ("1", "--context", "{"), ("1", "--context", "[]")])
def test_a_fault_is_said_in_words(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("feel", *arguments)
    assert result.exit_code in (1, 2) and result.stderr.strip()


def test_a_context_can_stand_in_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"a": 5}')
    assert printed(run("feel", "a", "--context", f"@{tmp_path / 'c.json'}")) == 5
    assert run("feel", "a", "--context", "@none.json").exit_code == 2


def test_a_decision_tells_its_rules(run: Run) -> None:
    given = '{"duty_finding": "wrongly_performed", "already_corrected": false, "serious_consequence": true}'
    outcome = printed(run("decide", TABLE, "review_outcome", "--input", given))
    assert {"order_correction", "recommend_accountability"} <= set(outcome["value"])
    assert len(outcome["rules"]) == len(outcome["value"])


@pytest.mark.parametrize("arguments", [("none.dmn", "x"), (TABLE, "nothing"), (str(ROOT / "README.md"), "x")])
def test_what_is_no_decision_is_refused(run: Run, arguments: tuple[str, str]) -> None:
    result = run("decide", *arguments)
    assert result.exit_code == 1 and result.stderr.strip()
