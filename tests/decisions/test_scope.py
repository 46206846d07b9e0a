"""A decision reads what is connected to it; a cell names what its column allows; the rest is an error at check."""

from __future__ import annotations

import pytest

from app.decisions import answers, read
from tests.decisions.models import decision, definitions, input_data, literal, table

KNOWS = ("working days after",)


def found(*parts: str) -> list[tuple[str, str | None, str]]:
    return [(one.rule, one.element, str(one.words)) for one in read(definitions(*parts)).unknown(KNOWS)]


def rules(*parts: str) -> list[str]:
    return [rule for rule, _, _ in found(*parts)]


def boxed(logic: str) -> tuple[str, str]:
    return input_data("a"), decision("d", logic, needs=["in_a"])


def test_input_data_that_is_not_connected_is_named() -> None:
    logic = table("FIRST", ["days"], [("o", "", "")], [["> 5", '"two"'], ["-", '"none"']])
    assert found(input_data("days"), decision("d", logic)) == [
        ("dmn.unknown", "table", "days is read, and nothing connects it to this decision")
    ]
    assert rules(input_data("days"), decision("d", logic, needs=["in_days"])) == []


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (literal("a + b"), ["dmn.unknown"]),
        (literal("a.x + a"), []),
        (literal("[{b: 1}][b = a]"), []),  # an entry of the elements
        (literal("for b in [1] return a + b + partial[1]"), []),
        (literal("count(a) + working days after(a, 1)"), []),
        (literal("working day after(a, 1)"), ["dmn.function"]),
        (literal("sort([a], function(b, c) b < c)"), []),
        (literal("sort(a, abs)"), []),
        (table("UNIQUE", ["a"], [("o", "", "")], [["< b", "1"]]), ["dmn.unknown"]),
        (table("UNIQUE", ["a"], [("o", "", "")], [["? < a", "a"]]), []),
        (table("UNIQUE", ["a"], [("o", "", "")], [["1", "b"]]), ["dmn.unknown"]),
        (table("UNIQUE", ["a"], [("o", "", "b")], [["1", "2"]]), ["dmn.unknown"]),
        (f"<list>{literal('a')}{literal('b')}</list>", ["dmn.unknown"]),
        (f"<conditional><if>{literal('a')}</if><then>{literal('b')}</then><else>{literal('1')}</else></conditional>",
         ["dmn.unknown"]),
        (f'<for iteratorVariable="b"><in>{literal("a")}</in><return>{literal("b + partial[1]")}</return></for>', []),
        (f'<every iteratorVariable="b"><in>{literal("b")}</in><satisfies>{literal("b")}</satisfies></every>',
         ["dmn.unknown"]),
        (f"<filter><in>{literal('a')}</in><match>{literal('b = 1')}</match></filter>", []),
        (f"<filter><in>{literal('b')}</in><match>{literal('true')}</match></filter>", ["dmn.unknown"]),
        (f'<context><contextEntry><variable name="b"/>{literal("a")}</contextEntry>'
         f"<contextEntry>{literal('b')}</contextEntry></context>", []),
        (f"<context><contextEntry>{literal('b')}</contextEntry></context>", ["dmn.unknown"]),
        (f'<functionDefinition><formalParameter name="b"/>{literal("a + b")}</functionDefinition>', []),
        (f'<relation><column name="x"/><row>{literal("b")}</row></relation>', ["dmn.unknown"]),
        (f'<invocation>{literal("f")}<binding><parameter name="x"/>{literal("a")}</binding></invocation>',
         ["dmn.unknown"]),
    ],
)  # fmt: skip
def test_each_box_sees_its_own_names(logic: str, expected: list[str]) -> None:
    assert rules(*boxed(logic)) == expected


def test_decisions_knowledge_and_services_are_read_when_they_are_required() -> None:
    knows = '<businessKnowledgeModel id="k" name="twice"><encapsulatedLogic><formalParameter name="x"/>{}'
    knows += "</encapsulatedLogic></businessKnowledgeModel>"
    good = knows.format(literal("2 * x"))
    assert rules(good, decision("d", literal("twice(1)"), knows=["k"])) == []
    assert rules(good, decision("d", literal("twice(1)"))) == ["dmn.function"]
    assert rules(knows.format(literal("2 * y"))) == ["dmn.unknown"]
    assert rules(decision("a", literal("1")), decision("b", literal("a"), needs=["a"])) == []
    assert rules(decision("a", literal("1")), decision("b", literal("a"))) == ["dmn.unknown"]


def test_cells_name_what_their_columns_allow() -> None:
    outputs = [("o", '"agency", "bureau"', "")]
    assert rules(*boxed(table("UNIQUE", ["a"], outputs, [["1", '"agency"'], ["2", '"bureau"']]))) == []
    wrong = found(*boxed(table("UNIQUE", ["a"], outputs, [["1", '"agencyy"']])))
    assert wrong == [("dmn.value", "r1", '"agencyy" is not among the values of this column: agency, bureau')]
    default = table("UNIQUE", ["a"], [("o", '"agency"', '"other"')], [["1", '"agency"']])
    assert rules(*boxed(default)) == ["dmn.value"]
    inputs = table("UNIQUE", ["a"], [("o", "", "")], [['"W", "V"', "1"]])
    inputs = inputs.replace("</inputExpression>", '</inputExpression><inputValues><text>"W", "B"</text></inputValues>')
    assert rules(*boxed(inputs)) == ["dmn.value"]


def test_a_model_with_such_faults_is_still_read_so_that_what_was_released_goes_on() -> None:
    model = read(definitions(decision("d", literal("a"))))
    assert model.decide("d", {"a": 1}).value is None and model.unknown()


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (table("UNIQUE", ["a"], [("o", "", "")], [["1", '"x"'], ["2", "null"]]), {"": {"x"}}),
        (table("UNIQUE", ["a"], [("o", '"y", "z"', '"q"')], [["1", '"y"']]), {"": {"y", "z", "q"}}),
        (table("UNIQUE", ["a"], [("o", "", "")], [["1", '"x"'], ["2", "a"]]), {"": None}),
        (table("COLLECT", ["a"], [("o", "", "")], [["1", '"x"']]), {"": None, "[]": {"x"}}),
        (table("COLLECT", ["a"], [("o", "", "")], [["1", "2"]], aggregation="SUM"), {"": None}),
        (table("FIRST", ["a"], [("o", "", ""), ("p", "", "")], [["1", '"x"', "2"]]),
         {"": None, ".o": {"x"}, ".p": None}),
        (literal('if a = 1 then "x" else null'), {"": {"x"}}),
        (literal("a"), {"": None}),
    ],
)  # fmt: skip
def test_what_a_decision_can_answer(logic: str, expected: dict[str, set[str] | None]) -> None:
    model = read(definitions(*boxed(logic)))
    assert answers(model, "d") == expected
