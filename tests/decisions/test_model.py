"""Decision models: reading, requirement graphs, knowledge models, services, types, and refusal of bad files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.decisions import read
from app.decisions.xml import NAMESPACES
from app.errors import Invalid, NotFound
from tests.decisions.models import decision, definitions, input_data, literal, table

AGE = decision("adult", literal("years and months duration(born, on).years >= 18"), needs=["in_born", "in_on"])
TWO_STEPS = definitions(
    input_data("born", "date"),
    input_data("on", "date"),
    AGE,
    decision(
        "fit", table("UNIQUE", ["adult"], [("fit", "", "")], [["true", '"yes"'], ["false", '"no"']]), needs=["adult"]
    ),
)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_dmn_1_1_to_1_5(namespace: str) -> None:
    assert read(definitions(decision("d", literal("1 + 1")), namespace=namespace)).decide("d", {}).value == 2


def test_types_of_dmn_1_1_carry_prefixes() -> None:
    xml = """<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" namespace="urn:x" name="m"
      xmlns:my="urn:x" xmlns:f="http://www.omg.org/spec/FEEL/20140401">
      <itemDefinition name="tDay"><typeRef>f:date</typeRef></itemDefinition>
      <inputData id="i" name="day"><variable name="day" typeRef="my:tDay"/></inputData>
      <decision id="d" name="next"><variable name="next" typeRef="f:date"/>
      <informationRequirement><requiredInput href="#i"/></informationRequirement>
      <literalExpression><text>day + duration("P1D")</text></literalExpression></decision></definitions>"""
    assert read(xml.encode()).decide("next", {"day": "2026-02-28"}).value == date(2026, 3, 1)
    with pytest.raises(Invalid, match="faults"):
        read(xml.replace("my:tDay", "my:tOther").encode())


def test_a_decision_without_an_id_goes_by_its_name() -> None:
    model = read(
        definitions('<decision name="Approve it"><literalExpression><text>1 + 1</text></literalExpression></decision>')
    )
    assert model.decide("Approve it", {}).value == 2
    assert [(info.id, info.name) for info in model.decisions] == [("Approve it", "Approve it")]
    with pytest.raises(Invalid) as refused:
        read(definitions('<decision id="x"><literalExpression><text>1</text></literalExpression></decision>'))
    assert [(found.rule, found.element) for found in refused.value.findings] == [("dmn.identity", "x")]


@pytest.mark.parametrize(
    ("kind", "cell", "given", "value"),
    [
        ("date", '>= date("2024-06-11")', "2024-06-11", "yes"),
        ("date", '>= date("2024-06-11")', "2024-06-10", None),
        ("time", '< time("12:00:00")', "09:30:00", "yes"),
        ("date and time", '> date and time("2024-06-11T00:00:00Z")', "2024-06-11T08:00:01+08:00", "yes"),
        ("days and time duration", '<= duration("P5D")', "PT120H", "yes"),
        ("years and months duration", '= duration("P1Y")', "P12M", "yes"),
        ("string", '"2024-06-11"', "2024-06-11", "yes"),
    ],
)
def test_a_column_reads_texts_as_its_own_type_says(kind: str, cell: str, given: str, value: object) -> None:
    logic = table("UNIQUE", ["x"], [("o", "", "")], [[cell, '"yes"']])
    logic = logic.replace("<inputExpression>", f'<inputExpression typeRef="{kind}">')
    model = read(definitions(input_data("x"), decision("d", logic, needs=["in_x"])))
    assert model.decide("d", {"x": given}).value == value
    wrong = model.decide("d", {"x": "no day"})
    assert wrong.value is None and (kind == "string" or wrong.warnings)


def test_a_graph_is_decided_from_json_data() -> None:
    model = read(TWO_STEPS)
    outcome = model.decide("fit", {"born": "2008-02-01", "on": "2026-02-01"})
    assert (outcome.value, outcome.rules) == ("yes", ("r1",))
    assert model.decide("fit", {"born": "2008-02-02", "on": date(2026, 2, 1)}).value == "no"


def test_what_a_decision_reads() -> None:
    model = read(TWO_STEPS)
    assert [info.id for info in model.decisions] == ["adult", "fit"]
    assert model.reads("fit") == {"born", "on"}


def test_data_of_the_wrong_type_is_null_with_a_warning() -> None:
    outcome = read(TWO_STEPS).decide("fit", {"born": "soon", "on": "2026-02-01"})
    assert outcome.value is None
    assert any("born" in str(warning.words) for warning in outcome.warnings)


def test_an_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFound):
        read(TWO_STEPS).decide("other", {})


def test_knowledge_models_invocations_and_contexts() -> None:
    model = read(
        definitions(
            input_data("n"),
            '<businessKnowledgeModel id="k" name="twice as much"><encapsulatedLogic><formalParameter name="x" '
            f'typeRef="number"/>{literal("x * 2")}</encapsulatedLogic></businessKnowledgeModel>',
            decision("called", literal("twice as much(n)"), needs=["in_n"], knows=["k"]),
            decision(
                "boxed",
                f'<context><contextEntry><variable name="a"/><invocation>{literal("twice as much")}<binding>'
                f'<parameter name="x"/>{literal("n + 1")}</binding></invocation></contextEntry>'
                f'<contextEntry><variable name="b"/>{literal("a + 1")}</contextEntry></context>',
                needs=["in_n"],
                knows=["k"],
            ),
        )
    )
    assert model.decide("called", {"n": 3}).value == 6
    assert model.decide("called", {"n": "x"}).value is None
    assert model.decide("boxed", {"n": 3}).value == {"a": Decimal(8), "b": Decimal(9)}


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
        (f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row></relation>',
         [{"a": 1, "b": 2}]),
        (f"<conditional><if>{literal('1 > 2')}</if><then>{literal('3')}</then><else>{literal('4')}</else>"
         "</conditional>", 4),
        (f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>", [2, 3]),
        (f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i * 2")}</return></for>', [2, 4]),
        (f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></some>',
         True),
        (f'<every iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></every>',
         False),
    ],
)  # fmt: skip
def test_boxed_expressions(logic: str, value: object) -> None:
    assert read(definitions(decision("d", logic))).decide("d", {}).value == value


def test_a_decision_service_takes_data_and_decisions() -> None:
    service = '<decisionService id="s" name="service"><outputDecision href="#out"/><inputDecision href="#sub"/>'
    model = read(
        definitions(
            input_data("n"),
            decision("sub", literal("1")),
            decision("out", literal("sub + n"), needs=["sub", "in_n"]),
            f'{service}<inputData href="#in_n"/></decisionService>',
            decision("call", literal("service(2, 3)"), knows=["s"]),
        )
    )
    assert model.decide("call", {}).value == 5
    assert model.decide("service", {"n": 10, "sub": 5}).value == 15
    assert model.reads("s") == {"n", "sub"}


def test_item_definitions_fit_and_restrict_values() -> None:
    model = read(
        definitions(
            '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"W", "B"</text>'
            '</allowedValues></itemDefinition><itemDefinition name="tKinds" isCollection="true"><typeRef>tKind'
            "</typeRef></itemDefinition>",
            input_data("kinds", "tKinds"),
            decision("d", literal("count(kinds)"), needs=["in_kinds"]),
            decision("t", literal('"W" instance of tKind and not("X" instance of tKind)')),
        )
    )
    assert model.decide("d", {"kinds": ["W", "B"]}).value == 2
    assert model.decide("d", {"kinds": "W"}).value == 1
    assert model.decide("d", {"kinds": ["X"]}).value is None
    assert model.decide("t", {}).value is True


def test_all_faults_are_found_with_element_and_line() -> None:
    xml = definitions(
        "\n",
        decision("a", literal("1 +")),
        "\n",
        decision("b", literal("1"), needs=["nowhere"], type_ref="tNone"),
        "\n",
        decision("c", table("UNIQUE", ["x"], [("y", "", "")], [["1", "2", "3"], ["<", "1"]])),
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic/></businessKnowledgeModel>',
    )
    with pytest.raises(Invalid) as caught:
        read(xml)
    found = {(finding.element, finding.line, finding.rule) for finding in caught.value.findings}
    assert found == {
        ("a", 2, "feel.syntax"),
        ("b", 3, "dmn.reference"),
        ("b", 3, "dmn.type"),
        ("r1", 4, "dmn.table"),
        ("r2", 4, "feel.syntax"),
        ("k", 4, "dmn.missing"),
    }


def test_a_model_being_written_can_be_tried() -> None:
    model = read(definitions(decision("a", literal("1 +")), decision("b", literal("2"))), strict=False)
    assert (model.decide("a", {}).value, model.decide("b", {}).value) == (None, 2)
    assert [doubt.rule for doubt in model.doubts] == ["feel.syntax"]
    with pytest.raises(Invalid):
        read(definitions(decision("a", literal("1"), needs=["nowhere"])), strict=False)


def test_functions_outside_feel_are_null_with_a_warning() -> None:
    model = read(
        definitions(
            '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic kind="Java"><formalParameter name="x"/>'
            f"{literal('1')}</encapsulatedLogic></businessKnowledgeModel>",
            decision("d", literal("k(1)"), knows=["k"]),
        )
    )
    assert model.decide("d", {}).value is None
    assert [doubt.rule for doubt in model.doubts] == ["dmn.unsupported"]


def test_circles_are_refused() -> None:
    with pytest.raises(Invalid, match="requires itself"):
        read(definitions(decision("a", literal("b"), needs=["b"]), decision("b", literal("a"), needs=["a"])))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE definitions [<!ENTITY a "b">]>' + definitions(decision("a", literal("1"))),
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
        definitions("<x>" * 150 + "</x>" * 150),
        definitions(" " * (2 * 1024 * 1024)),
        definitions(decision("a", literal("1")), namespace="http://www.omg.org/spec/DMN/20130901"),
        definitions('<import name="x" namespace="y" importType="z"/>'),
    ],
)
def test_bad_files_are_refused_in_words(xml: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read(xml)
    assert caught.value.findings
