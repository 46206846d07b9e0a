"""Faults of SpiffWorkflow 3.2 that the engine mends: each scenario holds with the mend and fails without it.

Without means either the mend taken away (`disabled`) or stock itself on the same diagram (`Stock`).
"""

from __future__ import annotations

import random

import pytest
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins import ExclusiveGatewayMixin as ExclusiveGateway
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.workflow import Workflow

from app.engine import Fault, Host, build, diagram, doing, dump, read, spiff, turn
from app.engine.specs import Element
from app.errors import Invalid

from .drawing import AT, ENDS, begin, do, draw, open_elements, saved, tasks
from .drawing import diagram as read_drawn
from .stock import Stock

MENDED = pytest.mark.parametrize("mended", [True, False], ids=["mended", "stock"])


class Ours:
    """Our side, restored at every step, with the verbs of `Stock`."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.instance = read(files).start({}, "p")
        self.instance.run(AT)

    def open(self) -> list[str]:
        """The names of the open user tasks."""
        self.instance = saved(self.instance)
        return open_elements(self.instance)

    def complete(self, name: str, **data: object) -> None:
        """Complete a task."""
        do(self.instance, name, **data)

    def receive(self, name: str) -> bool:
        """Deliver a message."""
        taken = self.instance.receive(name, {})
        self.instance.run(AT)
        return taken

    def is_over(self) -> bool:
        """Whether the case is."""
        return self.instance.is_over()


def side(mended: bool, body: str, flows: str, head: str = "") -> Ours | Stock:
    """A case of the same diagram, ours or stock."""
    files = {"p.bpmn": draw(ENDS + body, flows, head=head)}
    return Ours(files) if mended else Stock(files)


XOR = '<exclusiveGateway id="{}"/>'
AND = '<parallelGateway id="{}"/>'


@MENDED
def test_a_case_does_not_end_unseen_after_500_rounds(mended: bool) -> None:
    case = side(mended, tasks("A", "B") + XOR.format("G"), "S > A\nA > G\nG > A ? again\nG > B *\nB > E")
    for _ in range(510):
        if "A" in case.open():
            case.complete("A", again=True)
    assert (case.open() == ["A"] and not case.is_over()) is mended


@MENDED
def test_a_join_in_a_loop_waits_for_every_branch_each_round(mended: bool) -> None:
    body = tasks("A", "B") + AND.format("P") + AND.format("J") + XOR.format("M") + XOR.format("G") + tasks("C")
    flows = "S > M\nM > P\nP > A\nP > B\nA > J\nB > J\nJ > C\nC > G\nG > M ? again\nG > E *"
    case = side(mended, body, flows)
    for name in ("B", "A", "C"):
        case.complete(name, again=True)
    case.complete("A")
    assert (case.open() == ["B"]) is mended


@MENDED
def test_a_join_keeps_each_variables_last_write(mended: bool) -> None:
    body = tasks("I", "A", "B", "C") + AND.format("P") + AND.format("J")
    case = side(mended, body, "S > I\nI > P\nP > A\nP > B\nA > J\nB > J\nJ > C\nC > E")
    case.complete("I", x="old")
    case.complete("A", x="new")
    case.complete("B")
    data = case.instance.work()[0].data if isinstance(case, Ours) else case.ready()[0].data
    assert data["x"] == ("new" if mended else "old")


@MENDED
def test_a_message_that_does_not_interrupt_comes_again(mended: bool) -> None:
    event = '<boundaryEvent id="b" attachedToRef="A" cancelActivity="false"><messageEventDefinition messageRef="m"/>'
    body = tasks("A", "B") + event + '</boundaryEvent><endEvent id="X"/>'
    case = side(mended, body, "S > A\nA > E\nb > B\nB > X", head='<message id="m" name="m"/>')
    case.receive("m")
    if mended:
        assert case.receive("m")
        assert case.open() == ["A", "B", "B"]
    else:
        with pytest.raises(Exception, match="not waiting"):
            case.receive("m")


@MENDED
def test_elements_may_be_called_start_and_end(mended: bool) -> None:
    files = {"p.bpmn": draw(ENDS + tasks("Start"), "S > Start\nStart > E")}
    if mended:
        assert Ours(files).open() == ["Start"]
    else:
        with pytest.raises(Exception, match="StartTask can not have any inputs"):
            Stock(files)


def disabled(monkeypatch: pytest.MonkeyPatch, mended: bool, place: object, name: str, stock: object) -> None:
    """Put stock's behaviour back, unless the mend is to hold."""
    if not mended:
        monkeypatch.setattr(place, name, stock)


@MENDED
def test_a_nested_change_stays_in_its_branch(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled(monkeypatch, mended, doing, "copied_facts", lambda facts: facts)

    def change(call):
        call.facts["form"]["seen"].append("A")
        return {}

    body = '<serviceTask id="A" duban:operation="change"/>' + tasks("B") + AND.format("P") + AND.format("J")
    drawn = read_drawn(draw(ENDS + body, "S > P\nP > A\nP > B\nA > J\nB > J\nJ > E"))
    case = begin(drawn, Host(operations={"change": change}), form={"seen": []})
    assert (case.work()[0].data == {"form": {"seen": []}}) is mended


def test_stock_shares_nested_values_between_branches() -> None:
    parent = {"form": {"seen": []}}
    branch = DeepMerge.merge({}, parent)
    branch["form"]["seen"].append("A")
    assert parent == {"form": {"seen": ["A"]}}


@MENDED
def test_a_lost_lane_is_found_before_anything_runs(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled(monkeypatch, mended, build, "prove", lambda *_: None)
    made = Element.__init__

    def losing(self, wf_spec, node, step, formulas):
        made(self, wf_spec, node, step, formulas)
        self.lane = None

    monkeypatch.setattr(Element, "__init__", losing)
    drawn = {"p.bpmn": draw(ENDS + tasks("A"), "S > A\nA > E")}
    if mended:
        with pytest.raises(Invalid) as caught:
            read(drawn)
        assert [finding.element for finding in caught.value.findings] == ["A"]
    else:
        read(drawn)


@MENDED
def test_an_error_names_element_and_cause(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled(monkeypatch, mended, turn.Turn, "at_element", lambda self, token, act, *arguments: act(*arguments))
    drawn = read_drawn(draw(ENDS + '<serviceTask id="A" duban:operation="fail"/>', "S > A\nA > E"))

    def fail(call):
        raise KeyError(1)

    with pytest.raises(Fault if mended else KeyError):
        begin(drawn, Host(operations={"fail": fail}))


@MENDED
def test_a_case_that_stands_still_is_a_fault(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled(monkeypatch, mended, turn.Turn, "refuse_stuck", lambda self: None)
    body = tasks("A", "B") + XOR.format("G") + AND.format("J")
    case = begin(read_drawn(draw(ENDS + body, "S > G\nG > A ? x\nG > B *\nA > J\nB > J\nJ > E")))
    if mended:
        with pytest.raises(Fault):
            do(case, "B")
    else:
        assert (do(case, "B").over, case.work()) == (False, [])


@MENDED
@pytest.mark.parametrize("budget", ["STEPS", "SECONDS"])
def test_a_run_has_an_end(mended: bool, budget: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = read_drawn(
        draw(
            ENDS + "".join(f'<serviceTask id="T{n}" duban:operation="n"/>' for n in range(9)),
            "S > T0\n" + "\n".join(f"T{n} > T{n + 1}" for n in range(8)) + "\nT8 > E",
        )
    )
    if mended:
        monkeypatch.setattr(turn, budget, 5 if budget == "STEPS" else -1.0)
        with pytest.raises(turn.StepBudgetExceeded):
            begin(drawn, Host(operations={"n": lambda call: {}}))
    else:
        assert begin(drawn, Host(operations={"n": lambda call: {}})).is_over()


@MENDED
def test_specs_are_shared_and_never_change(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled(monkeypatch, mended, build, "_freeze", lambda spec: None)
    drawn = read_drawn(draw(ENDS + tasks("A"), "S > A\nA > E"))
    spec = drawn.spec("p").task_specs["A"]
    if mended:
        with pytest.raises(AttributeError, match="shared"):
            spec.lane = None
        with pytest.raises(AttributeError):
            spec._outputs.append("E")
    else:
        spec.lane = None
        spec._outputs.append("E")


def test_no_python_engine_is_ever_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self, *_):
        raise AssertionError("a Python script engine")

    monkeypatch.setattr(PythonScriptEngine, "__init__", refuse)
    drawn = read_drawn(draw(ENDS + tasks("A") + XOR.format("G"), "S > G\nG > A ? x\nG > E *\nA > E"))
    assert saved(begin(drawn, x=True)).work() != []
    with pytest.raises(NotImplementedError):
        diagram.building.FeelEngine().execute(None, "import os")


@MENDED
def test_two_runs_of_the_same_are_equal(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = random.Random(1)
    disabled(monkeypatch, mended, spiff.Case, "next_id", lambda self: ids.getrandbits(52))
    drawn = read_drawn(draw(ENDS + tasks("A"), "S > A\nA > E"))
    assert (dump(begin(drawn)) == dump(begin(drawn))) is mended


def test_the_mends_are_subclasses_and_stock_is_left_alone() -> None:
    stock = (Task, TaskSpec, Workflow, BpmnWorkflow, ExclusiveGateway)
    for kind in stock:
        assert {getattr(value, "__module__", kind.__module__) for value in vars(kind).values()} <= {
            kind.__module__,
            "builtins",
        }
