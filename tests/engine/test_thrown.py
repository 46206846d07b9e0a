"""Errors and escalations find the nearest that catches them: at an activity around, or an event sub-process."""

from __future__ import annotations

import pytest

from app.engine import Fault, Instance, check

from .drawing import AT, ENDS, diagram, do, draw, open_elements, saved, tasks, wired
from .test_many import each
from .test_standing import standing

HEAD = (
    '<error id="x" errorCode="X"/><error id="y" name="Y"/><escalation id="z" escalationCode="Z"/>'
    '<escalation id="w" escalationCode="W"/><message id="m" name="stop"/>'
)
ERROR = '<errorEventDefinition errorRef="x"/>'
OTHER = '<errorEventDefinition errorRef="y"/>'
ANY = "<errorEventDefinition/>"
ESCALATION = '<escalationEventDefinition escalationRef="z"/>'


def inside(event: str, *more: str) -> str:
    """A scope: A, beside it T; after A the end throws."""
    ends = f'<startEvent id="s"/><endEvent id="e">{event}</endEvent><endEvent id="e2"/><parallelGateway id="G"/>'
    return wired(ends + tasks("A", "T") + "".join(more), "s > G\nG > A\nG > T\nA > e\nT > e2")


def caught(*events: str, within: str = "", thrown: str = ERROR, mark: str = "") -> bytes:
    """The scope as sub-process P with boundary events b0, b1, …, each followed by a task."""
    body = f'{ENDS}<subProcess id="P">{mark}{inside(thrown, within)}</subProcess>' + tasks("C")
    flows = "S > P\nP > C\nC > E\n"
    for number, event in enumerate(events):
        body += f'<boundaryEvent id="b{number}" attachedToRef="P">{event}</boundaryEvent><endEvent id="E{number}"/>'
        body += tasks(f"t{number}")
        flows += f"b{number} > t{number}\nt{number} > E{number}\n"
    return draw(body, flows, head=HEAD)


def thrown(drawn: bytes, *more: bytes, **facts: object) -> Instance:
    """Complete the first A, through storage."""
    instance = diagram(drawn, *more).start(facts, "p")
    instance.run(AT)
    instance = saved(instance)
    do(instance, "A")
    return saved(instance)


@pytest.mark.parametrize(
    ("events", "left"), [((ERROR,), "t0"), ((OTHER, ERROR), "t1"), ((ANY,), "t0"), ((OTHER, ANY), "t1")]
)
def test_an_error_is_caught_by_its_code_and_ends_all_inside(events: tuple[str, ...], left: str) -> None:
    assert open_elements(thrown(caught(*events))) == [left]


def test_an_event_sub_process_beside_it_catches_first() -> None:
    instance = thrown(caught(ERROR, within=standing(ERROR, interrupts=True)))
    assert open_elements(instance) == ["tX"]
    do(instance, "tX")
    assert open_elements(instance) == ["C"]


def test_one_for_another_code_does_not() -> None:
    assert open_elements(thrown(caught(ERROR, within=standing(OTHER, interrupts=True)))) == ["t0"]


def test_an_error_comes_out_of_calls_and_of_many() -> None:
    called = draw(ENDS + tasks("A"), "S > A\nA > E", id="q", head=HEAD).replace(
        b'<endEvent id="E"/>', b'<endEvent id="E"><errorEventDefinition errorRef="x"/></endEvent>'
    )
    call = (
        f'{ENDS}<callActivity id="P" calledElement="q">{each()}</callActivity><boundaryEvent id="b" attachedToRef="P">'
    )
    caller = draw(call + f"{ERROR}</boundaryEvent>" + tasks("B"), "S > P\nP > E\nb > B\nB > E", head=HEAD)
    instance = thrown(caller, called, places=[1, 2, 3])
    assert open_elements(instance) == ["B"]


def test_an_error_nobody_catches_is_found_before_and_is_a_fault_of_its_end() -> None:
    alone = caught(OTHER)
    assert [(one.rule, one.element) for one in check({"p.bpmn": alone})] == [("error.uncaught", "e")]
    called = draw(ENDS + tasks("A"), "S > A\nA > E", id="q", head=HEAD)
    called = called.replace(b'<endEvent id="E"/>', f'<endEvent id="E">{ERROR}</endEvent>'.encode())
    calling = '<callActivity id="P" calledElement="q"/>'
    drawn = draw(ENDS + calling, "S > P\nP > E", head=HEAD)
    assert [one.rule for one in check({"p.bpmn": drawn, "q.bpmn": called})] == ["error.uncaught"]


def test_an_error_that_slips_through_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.lint.pack.check_uncaught", lambda *_: None)
    with pytest.raises(Fault, match="catches the error X") as fault:
        thrown(caught(OTHER))
    assert fault.value.element == "e"


@pytest.mark.parametrize(("interrupts", "left"), [(False, ["T", "tX"]), (True, ["tX"])])
def test_an_escalation_begins_an_event_sub_process(interrupts: bool, left: list[str]) -> None:
    within = standing(ESCALATION, interrupts=interrupts)
    assert open_elements(thrown(caught(within=within, thrown=ESCALATION))) == left


def test_an_event_sub_process_does_not_catch_what_it_throws_itself() -> None:
    throws = standing(ESCALATION).replace('<endEvent id="eX"/>', f'<endEvent id="eX">{ESCALATION}</endEvent>')
    event = "<escalationEventDefinition/>"
    instance = thrown(caught(event, within=throws, thrown=ESCALATION))
    assert open_elements(instance) == ["T", "tX"]
    do(instance, "tX")
    assert open_elements(instance) == ["t0"]


def test_an_escalation_of_another_code_goes_on_outwards() -> None:
    within = standing('<escalationEventDefinition escalationRef="w"/>')
    assert open_elements(thrown(caught(ESCALATION, within=within, thrown=ESCALATION))) == ["t0"]


def test_at_the_level_of_the_process() -> None:
    drawn = draw(
        ENDS + tasks("A", "B") + '<parallelGateway id="G"/><endEvent id="F"/>' + standing(ERROR, interrupts=True),
        "S > G\nG > A\nG > B\nB > E\nA > F",
        head=HEAD,
    )
    drawn = drawn.replace(b'<endEvent id="F"/>', f'<endEvent id="F">{ERROR}</endEvent>'.encode())
    instance = thrown(drawn)
    assert open_elements(instance) == ["tX"]
    assert do(instance, "tX").over
