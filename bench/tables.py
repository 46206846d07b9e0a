"""Decision tables to measure: against their own cells run bare, and large against small."""

from __future__ import annotations

from collections.abc import Callable

from app.decisions import read
from app.decisions.model import Decision
from app.decisions.table import DecisionTable
from bench.rivals import seconds
from tests.decisions.models import decision, definitions, input_data, table

DATA = {"a": 95, "b": 5, "c": "open"}


def equality(size: int) -> list[list[str]]:
    """Return rules whose first column asks for one value each."""
    return [[str(number), "< 10", '"open", "held"', f'"r{number}"'] for number in range(size)]


def intervals() -> list[list[str]]:
    """Return ten rules whose first column asks for an interval each."""
    return [[f"[{10 * n}..{10 * n + 10})", "< 10", '"open", "held"', f'"r{n}"'] for n in range(10)]


def made(rules: list[list[str]]) -> tuple[Callable[[dict[str, object]], object], DecisionTable]:
    """Return a way to decide, and the table."""
    logic = table("UNIQUE", ["a", "b", "c"], [("x", "", "")], rules)
    inputs = [input_data("a", "number"), input_data("b", "number"), input_data("c", "string")]
    model = read(definitions(*inputs, decision("d", logic, needs=["in_a", "in_b", "in_c"])))
    part = model.parts["d"]
    assert isinstance(part, Decision)
    assert isinstance(part.logic, DecisionTable)
    return lambda data: model.decide("d", data).value, part.logic


def bare(found: DecisionTable, data: dict[str, object]) -> object:
    """Run the cells rule by rule, as one would by hand."""
    for rule in found.rules:
        if all(cell(value, data) for cell, value in zip(rule.tests, data.values(), strict=True)):
            return rule.results[0](data)
    return None


def bare_ratios() -> dict[str, float]:
    """Return how much longer a decision takes than its cells, for a table with and one without an index."""
    ratios = {}
    for name, rules, data in (("intervals", intervals(), DATA), ("equality", equality(10), {**DATA, "a": 9})):
        decide, found = made(rules)
        assert decide(data) == bare(found, data) == "r9"
        ratios[name] = round(seconds(lambda: decide(data)) / seconds(lambda: bare(found, data)), 2)  # noqa: B023
    return ratios


def size_ratio() -> float:
    """Return how much longer a table of 1,000 rules takes than one of ten, the last rule matching."""
    times = []
    for size in (10, 1_000):
        decide, _ = made(equality(size))
        data = {**DATA, "a": size - 1}
        assert decide(data) == f"r{size - 1}"
        times.append(seconds(lambda: decide(data)))  # noqa: B023
    return round(times[1] / times[0], 2)
