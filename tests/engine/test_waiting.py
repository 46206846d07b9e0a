"""Event-based gateways, receive and send tasks: the first of several events, a message as a task of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import Host, Instance, dump

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks, wired
from .stock import Stock
from .test_boundary import HEAD, boundary

GO = '<messageEventDefinition messageRef="n"/>'
STOP = '<messageEventDefinition messageRef="m"/>'


def catch(id: str, event: str, on: str = "") -> str:
    """An intermediate event that catches."""
    return f'<intermediateCatchEvent id="{id}" {on}>{event}</intermediateCatchEvent>'


def timer(kind: str, value: str) -> str:
    """A timer's definition."""
    return f"<timerEventDefinition><{kind}>{value}</{kind}></timerEventDefinition>"


def first_of() -> bytes:
    """What comes first of two timers, an event and a receive task with a message each."""
    days = catch("two", timer("timeDuration", "=two")) + catch("five", timer("timeDate", "=five"))
    received = '<receiveTask id="R" messageRef="m" duban:deadline="P-1" duban:dueKey="until"/>'
    body = ENDS + '<eventBasedGateway id="G"/>' + days + catch("go", GO, 'duban:key="=no"') + received
    ways = "".join(f"G > {id}\n{id} > t{id}\nt{id} > J\n" for id in ("two", "five", "go", "R"))
    body += tasks("ttwo", "tfive", "tgo", "tR") + '<exclusiveGateway id="J"/>'
    return draw(body, "S > G\n" + ways + "J > E", head=HEAD)


def waiting(**more: object) -> Instance:
    """A case that waits there."""
    host = Host(deadline=lambda policy, start, at, facts: "2026-12-24")
    facts = {"two": "P2D", "five": "2026-11-28T09:00:00+08:00", "no": 7}
    return saved(begin(diagram(first_of()), host, **{**facts, **more}))


def test_all_are_waited_for_each_with_its_own_value() -> None:
    instance = waiting()
    assert [(one.element, one.due - AT) for one in instance.timers()] == [
        ("two", timedelta(days=2)),
        ("five", timedelta(days=5)),
    ]
    assert {(one.element, one.key) for one in instance.subscriptions()} == {("go", "7"), ("R", None)}


@pytest.mark.parametrize(("days", "element"), [(2, "two"), (9, "two")])
def test_the_earliest_timer_wins(days: int, element: str) -> None:
    instance = waiting()
    changes = instance.run(AT + timedelta(days=days))
    fired = [(visit.element, visit.due) for visit in changes.visits if visit.event == "fired"]
    assert fired == [(element, AT + timedelta(days=2))]
    assert open_elements(saved(instance)) == [f"t{element}"]
    assert (instance.timers(), instance.subscriptions()) == ([], [])
    assert do(instance, f"t{element}").over


def test_the_other_timer_wins_when_it_is_earlier() -> None:
    instance = waiting(two="P9D")
    instance.run(AT + timedelta(days=20))
    assert open_elements(saved(instance)) == ["tfive"]


@pytest.mark.parametrize(("message", "key", "element"), [("go", "7", "go"), ("stop", None, "R")])
def test_a_message_wins(message: str, key: str | None, element: str) -> None:
    instance = waiting()
    assert instance.receive(message, {"word": 1}, key=key)
    assert instance.subscriptions() == []
    assert not instance.receive("stop", {})
    instance = saved(instance)
    changes = instance.run(AT + timedelta(days=20))
    assert [(visit.element, visit.event) for visit in changes.visits[:4]] == [
        ("G", "left"),
        (element, "entered"),
        (element, "fired"),
        (element, "left"),
    ]
    assert instance.work()[0].data["word"] == 1
    assert open_elements(saved(instance)) == [f"t{element}"]
    assert instance.timers() == []


def test_an_amendment_moves_each_timer() -> None:
    instance = waiting()
    instance.amend({"two": "P7D", "five": "2026-12-01T09:00:00+08:00"})
    instance = saved(instance)
    instance.run(AT)
    assert [(one.element, (one.due - AT).days) for one in instance.timers()] == [("two", 7), ("five", 8)]


def test_the_gateway_is_cancelled_with_its_scope() -> None:
    body = '<startEvent id="s"/><endEvent id="e"/><eventBasedGateway id="G"/>' + catch("a", GO)
    body += catch("b", timer("timeDuration", "P1D"))
    inside = wired(body, "s > G\nG > a\nG > b\na > e\nb > e")
    event = '<boundaryEvent id="bx" attachedToRef="P"><messageEventDefinition messageRef="m"/></boundaryEvent>'
    instance = begin(
        diagram(draw(f'{ENDS}<subProcess id="P">{inside}</subProcess>{event}', "S > P\nP > E\nbx > E", head=HEAD))
    )
    instance = saved(instance)
    instance.receive("stop", {})
    assert not instance.receive("go", {})
    changes = instance.run(AT)
    assert [visit.element for visit in changes.visits if visit.event == "cancelled"] == ["G", "P"]
    assert changes.over


def receiving() -> bytes:
    """A task that waits for a message of a key, with a reminder, and one that sends."""
    received = '<receiveTask id="R" messageRef="n" duban:key="=no" duban:deadline="P-1" duban:dueKey="until">'
    received += '<extensionElements><duban:out name="answer" value="=word"/></extensionElements></receiveTask>'
    sent = '<sendTask id="T" messageRef="m" duban:key="=no"><extensionElements><duban:in name="a" value="=answer"/>'
    body = ENDS + received + boundary("R") + tasks("B") + sent + "</extensionElements></sendTask>"
    return draw(body, "S > R\nR > T\nT > E\nb > B\nB > X", head=HEAD)


def test_a_message_is_received_and_sent_by_tasks() -> None:
    host = Host(deadline=lambda policy, start, at, facts: "2026-12-24")
    instance = saved(begin(diagram(receiving()), host, no=7))
    assert [(one.element, one.key) for one in instance.subscriptions()] == [("R", "7"), ("b", None)]
    assert instance.facts()["until"] == "2026-12-24"
    assert not instance.receive("go", {}, key="8")
    assert instance.receive("go", {"word": "yes"}, key="7")
    assert not instance.receive("stop", {})
    changes = saved(instance).run(AT)
    [sent] = changes.messages
    assert (sent.name, sent.key, sent.data, sent.element, changes.over) == ("stop", "7", {"a": "yes"}, "T", True)
    assert [visit.event for visit in changes.visits if visit.element == "R"] == ["fired", "left"]


def test_a_receiving_task_is_interrupted() -> None:
    instance = saved(begin(diagram(receiving()), no=7))
    instance.receive("stop", {})
    changes = instance.run(AT)
    assert [visit.element for visit in changes.visits if visit.event == "cancelled"] == ["R"]
    assert open_elements(saved(instance)) == ["B"]
    assert instance.subscriptions() == []


def test_an_event_that_says_nothing_is_passed() -> None:
    body = '<startEvent id="S"/><endEvent id="E"/><intermediateThrowEvent id="N" duban:status="half"/>' + tasks("A")
    instance = begin(diagram(draw(body, "S > N\nN > A\nA > E")))
    assert open_elements(saved(instance)) == ["A"]
    assert dump(saved(instance)) == dump(instance)


def test_stock_gives_two_timers_one_value() -> None:
    late, early = (catch(id, timer("timeDuration", value)) for id, value in (("late", '"P9D"'), ("early", '"PT0S"')))
    body = f'{ENDS}<eventBasedGateway id="G"/>{late}{early}{tasks("tlate", "tearly")}<exclusiveGateway id="J"/>'
    ways = "".join(f"G > {id}\n{id} > t{id}\nt{id} > J\n" for id in ("late", "early"))
    drawn = draw(body, f"S > G\n{ways}J > E")
    stock = Stock({"p.bpmn": drawn})
    stock.workflow.refresh_timers()
    stock.workflow.do_engine_steps()
    assert stock.open() == []
    ours = drawn.replace(b'"P9D"', b"P9D").replace(b'"PT0S"', b"PT0S")
    assert open_elements(begin(diagram(ours))) == ["tearly"]
