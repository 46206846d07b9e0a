"""Decision tables: hit policies, defaults, allowed values, and the rules that are told to have matched."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decisions import Outcome, read
from app.errors import Invalid
from tests.decisions.models import decision, definitions, input_data, table

RULES = [["< 10", '"low"', "1"], ["[5..20]", '"high"', "2"], ["> 5", '"low"', "4"]]
OUTPUTS = [("level", '"high", "low"', ""), ("points", "", "")]


def decide(n: object, logic: str) -> Outcome:
    model = read(definitions(input_data("n"), decision("d", logic, needs=["in_n"])))
    return model.decide("d", {"n": n})


def level(policy: str, n: object, *, aggregation: str = "", column: int = 0, default: str = "") -> Outcome:
    name, values, _ = OUTPUTS[column]
    rules = [[rule[0], rule[1 + column]] for rule in RULES]
    return decide(n, table(policy, ["n"], [(name, values, default)], rules, aggregation=aggregation))


@pytest.mark.parametrize(
    ("policy", "n", "value", "rules"),
    [
        ("UNIQUE", 2, "low", ("r1",)),
        ("UNIQUE", None, None, ()),
        ("ANY", 30, "low", ("r3",)),
        ("FIRST", 7, "low", ("r1",)),
        ("PRIORITY", 7, "high", ("r2",)),
        ("RULE ORDER", 7, ["low", "high", "low"], ("r1", "r2", "r3")),
        ("OUTPUT ORDER", 7, ["high", "low", "low"], ("r2", "r1", "r3")),
        ("COLLECT", 15, ["high", "low"], ("r2", "r3")),
        ("COLLECT", None, [], ()),
    ],
)
def test_hit_policies(policy: str, n: object, value: object, rules: tuple[str, ...]) -> None:
    outcome = level(policy, n)
    assert (outcome.value, outcome.rules) == (value, rules)


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 7), ("MIN", 1), ("MAX", 4), ("COUNT", 3)])
def test_aggregation(aggregation: str, value: int) -> None:
    assert level("COLLECT", 7, aggregation=aggregation, column=1).value == Decimal(value)


def test_unique_with_two_hits_names_both_rules_and_the_table() -> None:
    with pytest.raises(Invalid, match="r1, r2") as caught:
        level("UNIQUE", 5)
    assert caught.value.findings[0].element == "table"


def test_any_with_different_outputs_is_refused() -> None:
    with pytest.raises(Invalid, match="r2, r3"):
        level("ANY", 15)


def test_several_outputs_give_a_context() -> None:
    assert decide(2, table("UNIQUE", ["n"], OUTPUTS, RULES)).value == {"level": "low", "points": Decimal(1)}


def test_the_default_stands_in_when_no_rule_matches() -> None:
    assert level("UNIQUE", None, default='"low"').value == "low"


def test_an_output_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(Invalid, match="level"):
        decide(1, table("UNIQUE", ["n"], [("level", '"a", "b"', "")], [["-", '"c"']]))


def test_an_input_that_is_not_allowed_is_refused() -> None:
    logic = table("UNIQUE", ["n"], [("x", "", "")], [["-", "1"]])
    logic = logic.replace("</input>", "<inputValues><text>1, 2</text></inputValues></input>")
    assert decide(1, logic).value == 1
    with pytest.raises(Invalid, match="not allowed"):
        decide(3, logic)


def test_cells_may_ask_about_the_input_and_call_the_host() -> None:
    logic = table("UNIQUE", ["n"], [("x", "", "")], [["odd(?) and is working day(?)", '"yes"']])
    model = read(definitions(input_data("n"), decision("d", logic, needs=["in_n"])))
    assert model.decide("d", {"n": 3}, functions={"is working day": lambda n: n == 3}).value == "yes"
    assert model.decide("d", {"n": 5}, functions={"is working day": lambda n: n == 3}).value is None


def test_tables_are_paid_for_in_fuel() -> None:
    logic = table("COLLECT", ["n"], [("x", "", "")], [["count(for i in 1..100000 return i) > ?", "1"]] * 10)
    with pytest.raises(Invalid, match="steps"):
        decide(1, logic)
