"""Large tables: the index leaves out no rule that matches, keeps their order, and a thousand rules can be read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decisions import Model, read
from app.decisions.index import index_of
from app.feel import compile_tests
from tests.decisions.models import decision, definitions, input_data, table

CELLS = ['"a"', '"b"', '"a", "c"', "1", "-1", "true", "null", "-", 'not("a")', "> 0", "[1..2]", '"a"', '["a"]', "x"]
VALUES = ["a", "b", "c", "z", 1, -1, 1.0, 2, True, False, None, ["a"], {"k": 1}]


def model(rules: list[list[str]], policy: str = "RULE ORDER") -> Model:
    logic = table(policy, ["v"], [("o", "", "")], rules)
    return read(definitions(input_data("v"), input_data("x"), decision("d", logic, needs=["in_v", "in_x"])))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_same_rules_match_as_without_index(value: object) -> None:
    rules = [[cell, str(number)] for number, cell in enumerate(CELLS)]
    data = {"v": value, "x": "b"}
    tried = [number for number, cell in enumerate(CELLS) if compile_tests(cell)(value, data)]
    assert model(rules).decide("d", data).value == tried


def test_only_candidates_are_tried() -> None:
    cells = [[compile_tests(text)] for text in ('"a"', '"b"', "-", '"a"', '"c"', "1", '"d"', '"e"')]
    index = index_of(cells)
    assert index is not None
    found = [list(index.candidates([value])) for value in ("a", "z", Decimal(1), True, None, ["a"])]
    assert found == [[0, 2, 3], [2], [2, 5], [2], [2], [2]]


@pytest.mark.parametrize("cells", [['"a"'] * 3, ['"a"'] * 9, ["> 1"] * 9])
def test_no_index_where_it_would_spare_little(cells: list[str]) -> None:
    assert index_of([[compile_tests(text)] for text in cells]) is None


def test_a_table_of_a_thousand_rules() -> None:
    made = model([[f'"k{number}"', str(number)] for number in range(1_000)], "UNIQUE")
    assert made.decide("d", {"v": "k999"}).value == 999
    assert made.decide("d", {"v": "k999"}).rules == ("r1000",)
    assert made.doubts == ()


def test_two_rules_alike_among_many_are_doubted() -> None:
    rules = [[f'"k{number}"', str(number)] for number in range(100)]
    made = model([*rules, ['"k7"', "0"]], "UNIQUE")
    assert [str(doubt.words) for doubt in made.doubts] == ['r8 and r101 both match ("k7")']
