"""Event sub-processes wait as long as their scope runs, begin on a message or in time, and interrupt or do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from SpiffWorkflow.exceptions import WorkflowException

from app.engine import Instance

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks, wired
from .stock import Stock
from .test_boundary import CALLED, HEAD
from .test_many import each

MESSAGE = '<messageEventDefinition messageRef="m"/>'
WRITTEN = '<extensionElements><duban:out name="note" value="=note"/></extensionElements>'


def timer(kind: str, value: str) -> str:
    """A timer's definition."""
    return f"<timerEventDefinition><{kind}>{value}</{kind}></timerEventDefinition>"


def standing(event: str = MESSAGE, *, interrupts: bool = False, id: str = "X", on: str = "") -> str:
    """An event sub-process `X` with a task `tX`."""
    stop = str(interrupts).lower()
    start = f'<startEvent id="s{id}" isInterrupting="{stop}" {on}>{event}</startEvent><endEvent id="e{id}"/>'
    inside = wired(start + tasks(f"t{id}"), f"s{id} > t{id}\nt{id} > e{id}")
    return f'<subProcess id="{id}" triggeredByEvent="true">{inside}</subProcess>'


def whole(*inside: str) -> bytes:
    """A task A, then B, and what stands by."""
    return draw(ENDS + tasks("A", "B") + "".join(inside), "S > A\nA > B\nB > E", head=HEAD)


def within(*inside: str) -> bytes:
    """The same inside a sub-process P, then C."""
    sub = wired('<startEvent id="s"/><endEvent id="e"/>' + tasks("A", "B") + "".join(inside), "s > A\nA > B\nB > e")
    body = f'{ENDS}<subProcess id="P">{sub}</subProcess>' + tasks("C")
    return draw(body, "S > P\nP > C\nC > E", head=HEAD)


def told(instance: Instance, message: str = "stop", **data: object) -> Instance:
    """Send a message, through storage before and after."""
    instance = saved(instance)
    assert instance.receive(message, data)
    instance = saved(instance)
    instance.run(AT)
    return saved(instance)


SCOPES = pytest.mark.parametrize("drawn", [whole, within])


@SCOPES
def test_one_that_does_not_interrupt_comes_again_and_again(drawn) -> None:
    instance = begin(diagram(drawn(standing())))
    assert [(waits.element, waits.message) for waits in instance.subscriptions()] == [("sX", "stop")]
    for count in (1, 2, 3):
        instance = told(instance, count=count)
        assert open_elements(instance) == ["A"] + ["tX"] * count
    assert [work.data["count"] for work in instance.work() if work.element == "tX"] == [1, 2, 3]
    for element in ("tX", "A", "tX"):
        do(instance, element)
        instance = saved(instance)
    assert open_elements(instance) == ["B", "tX"]
    do(instance, "B")
    assert not instance.is_over()
    assert told(instance).subscriptions() != []
    for _ in range(open_elements(instance).count("tX")):
        do(instance, "tX")
    assert instance.receive("stop", {}) is False
    assert (instance.is_over(), open_elements(instance)) == ((True, []) if drawn is whole else (False, ["C"]))


@SCOPES
def test_one_that_interrupts_ends_everything_else(drawn) -> None:
    instance = begin(diagram(drawn(standing(interrupts=True), standing(MESSAGE.replace('"m"', '"n"'), id="Y"))))
    instance = told(instance, "go")
    before = {work.id for work in instance.work()}
    assert open_elements(instance) == ["A", "tY"]
    assert instance.receive("stop", {"why": "over"})
    assert instance.subscriptions() == []
    instance = saved(instance)
    changes = instance.run(AT)
    assert dict(changes.closed) == dict.fromkeys(before, "cancelled")
    assert [visit.element for visit in changes.visits if visit.event == "cancelled"] == ["A", "tY", "Y"]
    course = [(visit.element, visit.event) for visit in changes.visits]
    assert course[-5:-1] == [("X", "entered"), ("sX", "fired"), ("sX", "entered"), ("sX", "left")]
    assert instance.work()[0].data["why"] == "over"
    assert (instance.subscriptions(), open_elements(saved(instance))) == ([], ["tX"])
    do(instance, "tX")
    assert (instance.is_over(), open_elements(instance)) == ((True, []) if drawn is whole else (False, ["C"]))


def test_stock_does_not_interrupt() -> None:
    stock = Stock({"p.bpmn": whole(standing(interrupts=True))})
    stock.receive("stop")
    assert stock.open() == ["A", "tX"]


def test_stock_takes_no_message_for_one_inside_a_sub_process() -> None:
    stock = Stock({"p.bpmn": within(standing())})
    with pytest.raises(WorkflowException, match="not waiting for stop"):
        stock.receive("stop")


def test_stock_begins_one_at_the_process_as_often_as_we_do() -> None:
    stock, instance = Stock({"p.bpmn": whole(standing())}), begin(diagram(whole(standing())))
    for _ in range(3):
        stock.receive("stop")
        instance = told(instance)
        assert stock.open() == open_elements(instance)


@SCOPES
def test_nothing_is_left_when_it_never_comes(drawn) -> None:
    instance = begin(diagram(drawn(standing(), standing(timer("timeDuration", "P1D"), id="Y", interrupts=True))))
    assert [timer.element for timer in instance.timers()] == ["sY"]
    for element in "AB":
        instance = saved(instance)
        do(instance, element)
    assert (instance.timers(), instance.subscriptions()) == ([], [])
    assert instance.is_over() is (drawn is whole)


@SCOPES
@pytest.mark.parametrize(("interrupts", "left"), [(False, ["A", "tX"]), (True, ["tX"])])
def test_in_time(drawn, interrupts: bool, left: list[str]) -> None:
    instance = begin(diagram(drawn(standing(timer("timeDuration", "P2D"), interrupts=interrupts))))
    instance = saved(instance)
    assert [(one.element, one.due) for one in instance.timers()] == [("sX", AT + timedelta(days=2))]
    changes = instance.run(AT + timedelta(days=5))
    fired = [(visit.element, visit.due) for visit in changes.visits if visit.event == "fired"]
    assert fired == [("sX", AT + timedelta(days=2))]
    assert open_elements(instance) == left
    assert saved(instance).timers() == []
    assert instance.run(AT + timedelta(days=9)).visits == ()


def test_an_amendment_moves_it() -> None:
    instance = begin(diagram(within(standing(timer("timeDate", "=until")))), until="2026-12-01")
    instance.amend({"until": "2026-12-05"})
    instance = saved(instance)
    instance.run(AT)
    assert [one.due.date().isoformat() for one in instance.timers()] == ["2026-12-05"]


def test_it_knows_what_was_written_and_what_it_wrote_is_known_after_it() -> None:
    instance = begin(diagram(within(standing(on='duban:key="=no"'))), no=7)
    assert not instance.receive("stop", {}, key="8")
    assert instance.receive("stop", {"held": True}, key="7")
    instance.run(AT)
    do(instance, "A", a=1)
    assert [work.data for work in instance.work()] == [{"no": 7, "held": True}, {"no": 7, "a": 1}]
    do(saved(instance), "tX")
    instance = saved(instance)
    do(instance, "tX", a=2, x=3)
    assert [work.data for work in saved(instance).work()] == [{"no": 7, "a": 2, "held": True, "x": 3}]
    do(instance, "B")
    assert instance.work()[0].data == {"no": 7, "a": 2, "held": True, "x": 3}


def test_inside_a_called_process_and_cancelled_with_it() -> None:
    called = draw(ENDS + tasks("K") + standing(), "S > K\nK > E", id="q", head=HEAD)
    event = '<boundaryEvent id="b" attachedToRef="C"><messageEventDefinition messageRef="n"/></boundaryEvent>'
    drawn = diagram(
        draw(f'{ENDS}<callActivity id="C" calledElement="q"/>{event}', "S > C\nC > E\nb > E", head=HEAD), called
    )
    instance = drawn.start({}, "p")
    instance.run(AT)
    instance = told(instance)
    assert [(work.element, work.path) for work in instance.work()] == [("K", ("C",)), ("tX", ("C", "X"))]
    instance.receive("go", {})
    changes = instance.run(AT)
    assert sorted(visit.element for visit in changes.visits if visit.event == "cancelled") == ["C", "K", "X", "tX"]
    assert changes.over


def test_in_each_of_many() -> None:
    mark = each().replace("found", "place")
    inside = wired(
        '<startEvent id="s"/><endEvent id="e"/>' + tasks("A") + standing(interrupts=True, on='duban:key="=place"'),
        "s > A\nA > e",
    )
    instance = begin(
        diagram(draw(f'{ENDS}<subProcess id="P">{mark}{inside}</subProcess>', "S > P\nP > E", head=HEAD)),
        places=["a", "b"],
    )
    instance.receive("stop", {}, key="b")
    instance.run(AT)
    assert [(work.element, work.path) for work in saved(instance).work()] == [("A", ("P[1]",)), ("tX", ("P[2]", "X"))]


def test_a_case_started_by_a_message_stands_by_too() -> None:
    started = '<startEvent id="M"><messageEventDefinition messageRef="n"/></startEvent><endEvent id="E"/>'
    drawn = diagram(draw(started + tasks("A") + standing(interrupts=True), "M > A\nA > E", head=HEAD), CALLED)
    instance = saved(drawn.start({}, message="go"))
    instance.run(AT)
    assert open_elements(told(instance)) == ["tX"]
