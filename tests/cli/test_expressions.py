"""`feel` and `decide`: values as JSON, faults in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import ROOT
from tests.cli.conftest import Run, printed

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
