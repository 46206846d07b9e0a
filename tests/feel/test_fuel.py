"""The fuel counter, to the step: what an evaluation costs, and that the last step allowed is the last."""

from __future__ import annotations

import pytest

from app.decisions import read
from app.errors import Invalid
from app.feel import compile
from app.feel.run import FUEL, Run
from tests.decisions.models import decision, definitions, literal

DATA = {"a": "x" * 1_000, "b": list(range(40))}


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        ("1", 1),
        ("1 + 2 * 3", 2),
        ("[1, 2, 3]", 5),
        ("for i in 1..10 return i", 12),
        ("for i in 1..10, j in 1..10 return i", 113),
        ("some i in 1..10 satisfies i > 3", 6),
        ("[1, 2, 3][item > 1]", 9),
        ("sum([1, 2, 3])", 9),
        ("2 ** 3", 1),  # worked out when it is compiled
        ("count(b) ** 3", 53),
        ("upper case(a)", 107),
        ("a + a", 101),
        ("distinct values(b)", 232),
        ("(function(x) x)(1)", 9),
        ("if true then 1 else for i in 1..100 return i", 3),
    ],
)
def test_cost(source: str, steps: int) -> None:
    run = Run()
    expression = compile(source)
    expression.evaluate(expression.variables(DATA), run)
    assert FUEL - run.fuel == steps


LAST = FUEL - 3  # one step for the call, two for the tree


def test_the_last_step_is_the_last() -> None:
    assert compile(f"count(for i in 1..{LAST} return 1)")({}) == LAST
    with pytest.raises(Invalid, match="too many steps"):
        compile(f"count(for i in 1..{LAST + 1} return 1)")({})


def test_nested_loops_share_one_counter() -> None:
    half = "count(for i in 1..240000 return 1)"
    assert compile(half)({}) == 240_000
    with pytest.raises(Invalid, match="too many steps"):
        compile(f"{half} + {half} + {half}")({})


def test_all_decisions_on_the_way_share_one_counter() -> None:
    half = literal("count(for i in 1..300000 return 1)")
    both = decision("both", literal("one + two"), needs=["one", "two"])
    model = read(definitions(decision("one", half), decision("two", half), both))
    assert model.decide("one", {}).value == 300_000
    with pytest.raises(Invalid, match="too many steps"):
        model.decide("both", {})
