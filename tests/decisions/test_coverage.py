"""Warnings about tables: overlapping rules and forgotten inputs."""

from __future__ import annotations

import pytest

from app.decisions import read
from tests.decisions.models import decision, definitions, input_data, table


def doubts(policy: str, rules: list[list[str]], *, default: str = "") -> list[tuple[str, str]]:
    inputs = ["a", "b"][: len(rules[0]) - 1]
    logic = table(policy, inputs, [("x", "", default)], rules)
    model = read(definitions(input_data("a"), input_data("b"), decision("d", logic, needs=["in_a", "in_b"])))
    return [(doubt.rule, str(doubt.words)) for doubt in model.doubts]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([["< 18", "1"], [">= 18", "2"]], []),
        ([["<= 18", "1"], [">= 18", "2"]], [("dmn.overlap", "r1 and r2 both match (18)")]),
        ([["< 18", "1"], ["> 18", "2"]], [("dmn.gap", "No rule is made for (18)")]),
        ([["true", "1"]], [("dmn.gap", "No rule is made for (false)")]),
        ([['"W"', "1"], ['"B"', "2"]], []),
        ([['"W"', "< 5", "1"], ['"W"', ">= 5", "2"], ['"B"', "-", "3"]], []),
        (
            [['"W"', "< 5", "1"], ['"W"', ">= 5", "2"], ["-", "> 9", "3"], ['"B"', "<= 9", "4"]],
            [("dmn.overlap", 'r2 and r3 both match ("W", 10)')],
        ),
        ([['< @"2026-02-01"', "1"]], [("dmn.gap", "No rule is made for (2026-02-01)"),
                                      ("dmn.gap", "No rule is made for (2026-02-02)")]),
        ([["? > b", "1"]], []),
        ([["1, 2", "1"], ["3", "2"]], []),
    ],
)  # fmt: skip
def test_overlaps_and_gaps(rules: list[list[str]], expected: list[tuple[str, str]]) -> None:
    assert doubts("UNIQUE", rules) == expected


def test_a_default_closes_gaps_and_first_allows_overlaps() -> None:
    assert doubts("UNIQUE", [["true", "1"]], default="2") == []
    assert doubts("FIRST", [["true", "1"], ["-", "2"]]) == []
