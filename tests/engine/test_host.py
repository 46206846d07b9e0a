"""What the host lends a run: operations, functions, decisions; what goes wrong there is named by element and cause."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.engine import Fault, Host, OperationCall, StepBudgetExceeded, check, read
from app.engine.turn import STEPS
from app.errors import Conflict, Invalid, NotAllowed, NotFound, words

from .drawing import AT, ENDS, begin, diagram, do, draw, saved, tasks

SERVICE = (
    '<serviceTask id="A" duban:operation="number"><extensionElements><duban:parameter name="code" value="DOC-16"/>'
    '<duban:parameter name="to" value="=author"/></extensionElements></serviceTask>'
)
DRAWN = draw(ENDS + SERVICE + tasks("B"), "S > A\nA > B\nB > E")


def test_an_operation_gets_its_parameters_and_gives_facts() -> None:
    calls: list[OperationCall] = []

    def number(call: OperationCall) -> dict[str, object]:
        calls.append(call)
        return {"no": "2026-B-0001"}

    instance = begin(diagram(DRAWN), Host(operations={"number": number}), author="p-1")
    [call] = calls
    assert (call.name, call.parameters, call.facts) == ("number", {"code": "DOC-16", "to": "p-1"}, {"author": "p-1"})
    assert (call.element, call.at) == ("A", AT)
    assert instance.work()[0].data == {"author": "p-1", "no": "2026-B-0001"}


def failing(error: Exception) -> Host:
    """A host whose operation raises."""

    def number(call: OperationCall) -> dict[str, object]:
        raise error

    return Host(operations={"number": number})


@pytest.mark.parametrize("error", [KeyError(1), OSError("disk"), RecursionError(), AssertionError(), ValueError("é")])
def test_a_foreign_error_names_element_and_cause(error: Exception) -> None:
    with pytest.raises(Fault) as caught:
        begin(diagram(DRAWN), failing(error))
    assert (caught.value.element, caught.value.process) == ("A", "p")
    assert type(error).__name__ in str(caught.value)
    assert caught.value.__cause__ is error


def test_a_refusal_of_an_operation_stays_what_it_is() -> None:
    with pytest.raises(NotAllowed, match="no"):
        begin(diagram(DRAWN), failing(NotAllowed(words("no"))))


def test_after_a_failed_run_nothing_can_be_kept() -> None:
    instance = diagram(DRAWN).start({})
    with pytest.raises(Fault):
        instance.run(AT)
    for act in (instance.work, instance.timers, lambda: saved(instance), lambda: instance.run(AT)):
        with pytest.raises(Conflict):
            act()


def test_what_an_operation_gives_must_be_json() -> None:
    with pytest.raises(Fault, match="Decimal"):
        begin(diagram(DRAWN), Host(operations={"number": lambda call: {"x": Decimal(1)}}))


def test_an_operation_cannot_change_a_branch_by_its_copy() -> None:
    def number(call: OperationCall) -> dict[str, object]:
        call.facts["list"].append(1)  # type: ignore[attr-defined]
        return {}

    instance = begin(diagram(DRAWN), Host(operations={"number": number}), list=[0])
    assert instance.facts() == {"list": [0]}


DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
<inputData id="i" name="area"><variable name="area" typeRef="number"/></inputData>
<decision id="fee" name="fee"><variable name="fee"/><informationRequirement><requiredInput href="#i"/>
</informationRequirement><decisionTable id="t" hitPolicy="UNIQUE">
<input id="in"><inputExpression typeRef="number"><text>area</text></inputExpression></input><output id="o"/>
<rule id="small"><inputEntry id="e1"><text>&lt; 100</text></inputEntry>
<outputEntry id="o1"><text>1.5</text></outputEntry></rule>
<rule id="large"><inputEntry id="e2"><text>&gt;= 100</text></inputEntry>
<outputEntry id="o2"><text>20</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_a_decision_writes_its_result_and_its_rules_are_told() -> None:
    for attribute, name in (("", "fee"), ('duban:result="amount"', "amount")):
        rule = f'<businessRuleTask id="A" duban:decision="fee" {attribute}/>'
        drawn = read({"p.bpmn": draw(ENDS + rule, "S > A\nA > E"), "d.dmn": DMN})
        changes = drawn.start({"area": 120}).run(AT)
        assert changes.facts == {"area": 120, name: 20}
        assert [visit.rules for visit in changes.visits if visit.rules] == [("large",)]
        assert "area" in drawn.reads


def test_only_tables_that_a_diagram_asks_are_read() -> None:
    assert "area" not in read({"p.bpmn": draw(ENDS, "S > E"), "d.dmn": DMN}).reads


def test_a_bad_decision_file_is_a_finding() -> None:
    findings = check({"d.dmn": b"<x/>", "e.dmn": b"<"})
    assert {finding.file for finding in findings} == {"d.dmn", "e.dmn"}


def choice(condition: str) -> bytes:
    """B if the condition holds, else the end."""
    return draw(ENDS + tasks("B") + '<exclusiveGateway id="G"/>', f"S > G\nG > B ? {condition}\nG > E *\nB > E")


def test_functions_of_the_host() -> None:
    drawn = diagram(choice("working days after(d, 1) = x"), functions=("working days after",))
    host = Host(functions={"working days after": lambda day, number: f"{day}+{number}"})
    assert begin(drawn, host, d="a", x="a+1").work() != []
    assert begin(drawn, host, d="a", x="b").is_over()


def test_today_is_the_day_of_the_run_unless_the_host_says_else() -> None:
    drawn = diagram(choice('today() = date("2026-11-23")'))
    assert begin(drawn).work() != []
    assert begin(drawn, Host(functions={"today": lambda: None})).is_over()


def test_a_condition_is_true_or_false() -> None:
    assert begin(diagram(choice("missing")), x=1).is_over()
    with pytest.raises(Fault, match="neither true nor false"):
        begin(diagram(choice("x")), x=1)


def test_a_loop_that_never_waits_is_stopped() -> None:
    body = ENDS + '<exclusiveGateway id="G"/><exclusiveGateway id="H"/>' + '<intermediateCatchEvent id="T">'
    body += "<timerEventDefinition><timeDate>2020-01-01</timeDate></timerEventDefinition></intermediateCatchEvent>"
    drawn = diagram(draw(body, "S > G\nG > T\nT > H\nH > G ? x\nH > E *"))
    with pytest.raises(StepBudgetExceeded) as caught:
        begin(drawn, x=True)
    assert caught.value.element in "GTH"
    assert str(STEPS) in str(caught.value)


def test_a_case_that_nothing_can_move_is_a_fault() -> None:
    body = ENDS + '<exclusiveGateway id="G"/><parallelGateway id="J"/>' + tasks("A", "B")
    drawn = diagram(draw(body, "S > G\nG > A ? x\nG > B *\nA > J\nB > J\nJ > E"))
    with pytest.raises(Fault, match="nothing can move"):
        do(begin(drawn), "B")


def nest(depth: int) -> object:
    """Lists inside each other."""
    return [nest(depth - 1)] if depth else 0


@pytest.mark.parametrize(
    "data",
    [
        {"a": (1,)},
        {"a": {1: 2}},
        {"a": {1}},
        {"a": float("nan")},
        {"__a": 1},
        {1: 2},
        {"f": 1},
        {"a": "\ud800"},
        {"a": nest(60)},
        {"a": 2**70},
    ],
)
def test_what_is_not_json_or_has_no_proper_name_is_refused(data: dict[str, object]) -> None:
    drawn = diagram(draw(ENDS + tasks("A"), "S > A\nA > E"), functions=("f",))
    with pytest.raises(Invalid) as caught:
        drawn.start(data)
    assert caught.value.findings
    instance = begin(drawn)
    for act in (instance.amend, lambda facts: instance.complete(instance.work()[0].id, facts)):
        with pytest.raises(Invalid):
            act(data)


def test_only_open_work_is_completed_and_only_once() -> None:
    instance = begin(diagram(draw(ENDS + tasks("A"), "S > A\nA > E")))
    [work] = instance.work()
    with pytest.raises(NotFound):
        instance.complete(work.id + 1, {})
    instance.complete(work.id, {})
    assert instance.work() == []
    with pytest.raises(NotFound):
        saved(instance).complete(work.id, {})
    assert saved(instance).run(AT).closed == ((work.id, "completed"),)


def test_which_start_is_meant_must_be_plain() -> None:
    drawn = diagram(draw(ENDS + tasks("A"), "S > A\nA > E"), draw(ENDS + tasks("A"), "S > A\nA > E", id="q"))
    for arguments in ({}, {"process": "r"}, {"process": "p", "message": "m"}):
        with pytest.raises(Invalid):
            drawn.start({}, **arguments)
    assert drawn.start({}, "q").run(AT).visited == ("S", "A")
