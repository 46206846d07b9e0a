"""Messages, escalations and terminations: who is told, what is cancelled, and that the cancelled is reported."""

from __future__ import annotations

from app.engine import Instance

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks, wired

MESSAGE = '<messageEventDefinition messageRef="m"/>'
HEAD = '<message id="m" name="stop"/><message id="n" name="go"/><escalation id="x" name="x" escalationCode="X"/>'
THROW = '<escalationEventDefinition escalationRef="x"/>'


def boundary(host: str, definition: str = MESSAGE, *, interrupts: bool = True, more: str = "") -> str:
    """A boundary event `b`."""
    stop = str(interrupts).lower()
    event = f'<boundaryEvent id="b" attachedToRef="{host}" cancelActivity="{stop}" {more}>{definition}</boundaryEvent>'
    return event + '<endEvent id="X"/>'


def sub(body: str, flows: str, id: str = "P", ends: str = "se") -> str:
    """An embedded sub-process; `ends` are the ids of its start and its end."""
    around = f'<startEvent id="{ends[0]}"/><endEvent id="{ends[1]}"/>'
    return f'<subProcess id="{id}">{wired(around + body, flows)}</subProcess>'


def nested() -> bytes:
    """A sub-process that holds another, a call, and a side branch."""
    inner = sub(tasks("D"), "u > D\nD > v", "Q", "uv")
    side = '<boundaryEvent id="r" attachedToRef="D2" cancelActivity="false"><messageEventDefinition messageRef="n"/>'
    side += '</boundaryEvent><endEvent id="e3"/>' + tasks("D2", "side")
    body = inner + side + '<callActivity id="C" calledElement="q"/><parallelGateway id="G"/><parallelGateway id="J"/>'
    flows = "s > G\nG > Q\nG > C\nG > D2\nQ > J\nC > J\nD2 > J\nJ > e\nr > side\nside > e3"
    whole = ENDS + sub(body, flows) + boundary("P") + tasks("after")
    return draw(whole, "S > P\nP > E\nb > after\nafter > X", head=HEAD)


CALLED = draw(ENDS + tasks("K"), "S > K\nK > E", id="q")


def start(*files: bytes) -> Instance:
    """Start `p`."""
    instance = diagram(*files).start({}, "p")
    instance.run(AT)
    return instance


def test_an_interrupting_message_cancels_everything_inside() -> None:
    instance = start(nested(), CALLED)
    assert instance.receive("go", {})
    instance.run(AT)
    assert open_elements(instance) == ["D", "D2", "K", "side"]
    assert {work.element: work.path for work in instance.work()} == {
        "D": ("P", "Q"),
        "D2": ("P",),
        "K": ("P", "C"),
        "side": ("P",),
    }
    before = {work.id for work in instance.work()}
    instance = saved(instance)
    assert instance.receive("stop", {})
    changes = instance.run(AT)
    assert dict(changes.closed) == {id: "cancelled" for id in before}
    cancelled = [visit.element for visit in changes.visits if visit.event == "cancelled"]
    assert sorted(cancelled) == sorted(["D", "Q", "K", "C", "D2", "side", "P"])
    assert cancelled[-1] == "P"
    assert open_elements(instance) == ["after"]
    assert instance.subscriptions() == []
    assert do(instance, "after").over


def test_a_message_that_does_not_interrupt_may_come_again() -> None:
    body = ENDS + tasks("A", "B") + boundary("A", interrupts=False)
    instance = start(draw(body, "S > A\nA > E\nb > B\nB > X", head=HEAD))
    for count in (1, 2, 3):
        instance = saved(instance)
        assert instance.receive("stop", {"count": count})
        instance.run(AT)
        assert open_elements(instance) == ["A"] + ["B"] * count
    assert [work.data.get("count") for work in instance.work()] == [None, 1, 2, 3]
    do(instance, "A")
    assert not instance.receive("stop", {})
    assert [do(instance, "B").over for _ in range(3)] == [False, False, True]


def test_what_was_written_inside_is_known_to_the_branch() -> None:
    inside = sub(tasks("D", "F"), "s > D\nD > F\nF > e")
    body = ENDS + inside + boundary("P") + tasks("B")
    instance = start(draw(body, "S > P\nP > E\nb > B\nB > X", head=HEAD))
    do(instance, "D", said="yes")
    instance.receive("stop", {})
    instance.run(AT)
    assert instance.work()[0].data == {"said": "yes"}


def test_keys() -> None:
    body = ENDS + tasks("A") + boundary("A", more='duban:key="=no"')
    drawn = diagram(draw(body, "S > A\nA > E\nb > X", head=HEAD))
    instance = begin(drawn, no=7)
    assert [(waits.element, waits.message, waits.key) for waits in instance.subscriptions()] == [("b", "stop", "7")]
    assert not instance.receive("stop", {}, key="8")
    assert not instance.receive("stop", {})
    assert not instance.receive("other", {}, key="7")
    assert instance.receive("stop", {}, key="7")
    assert not instance.receive("stop", {}, key="7")
    assert instance.run(AT).over


def test_without_a_key_every_message_of_the_name_is_taken() -> None:
    instance = start(draw(ENDS + tasks("A") + boundary("A"), "S > A\nA > E\nb > X", head=HEAD))
    assert instance.receive("stop", {}, key="7")


def test_what_a_sub_process_wrote_counts_at_the_join() -> None:
    inside = sub(tasks("D", "F"), "s > D\nD > F\nF > e")
    body = ENDS + inside + tasks("B", "C") + '<parallelGateway id="G"/><parallelGateway id="J"/>'
    drawn = diagram(draw(body, "S > G\nG > P\nG > B\nP > J\nB > J\nJ > C\nC > E"))
    for order in ("DBF", "BDF", "DFB"):
        instance = begin(drawn, x="old")
        for element in order:
            do(instance, element, **({"x": "new"} if element == "D" else {}))
            instance = saved(instance)
        assert instance.work()[0].data == {"x": "new"}


def test_a_completed_task_takes_no_message_before_the_run() -> None:
    instance = start(draw(ENDS + tasks("A") + boundary("A"), "S > A\nA > E\nb > X", head=HEAD))
    instance.complete(instance.work()[0].id, {})
    assert instance.subscriptions() == []
    assert not instance.receive("stop", {})


def test_payloads() -> None:
    extensions = '<extensionElements><duban:out name="no" value="=number + base"/></extensionElements>'
    catch = f'<intermediateCatchEvent id="T">{{}}{MESSAGE}</intermediateCatchEvent>'
    for inside, facts in ((extensions, {"no": 5}), ("", {"number": 3, "other": 1})):
        instance = begin(diagram(draw(ENDS + catch.format(inside), "S > T\nT > E", head=HEAD)), base=2)
        instance.receive("stop", {"number": 3, "other": 1})
        changes = saved(instance).run(AT)
        assert changes.over
        assert changes.facts == facts


def test_thrown_messages_are_told_and_numbered() -> None:
    data = (
        '<extensionElements><duban:in name="a" value="=b + 1"/><duban:in name="c" value="=null"/></extensionElements>'
    )
    throw = f'<intermediateThrowEvent id="T" duban:key="=b">{data}{MESSAGE}</intermediateThrowEvent>'
    last = f'<startEvent id="S"/><endEvent id="E">{MESSAGE}</endEvent>'
    instance = diagram(draw(last + throw + tasks("A"), "S > T\nT > A\nA > E", head=HEAD)).start({"b": 1})
    [thrown] = instance.run(AT).messages
    assert (thrown.name, thrown.key, thrown.data, thrown.element, thrown.sequence) == (
        "stop",
        "1",
        {"a": 2, "c": None},
        "T",
        1,
    )
    [thrown] = do(saved(instance), "A").messages
    assert (thrown.key, thrown.data, thrown.element, thrown.sequence) == (None, {}, "E", 2)


def test_a_message_starts_a_case() -> None:
    extensions = '<extensionElements><duban:out name="no" value="=number"/></extensionElements>'
    begun = f'<startEvent id="M">{extensions}{MESSAGE}</startEvent>'
    drawn = diagram(draw(ENDS + begun + tasks("A"), "S > A\nM > A\nA > E", head=HEAD))
    instance = saved(drawn.start({"number": 3, "more": 1}, message="stop"))
    assert instance.run(AT).visited == ("M", "A")
    assert instance.facts() == {"no": 3}
    assert drawn.start({}).run(AT).visited == ("S", "A")
    assert [(start.element, start.message) for start in drawn.processes["p"].starts] == [("S", None), ("M", "stop")]


def escalating(definition: str, *, interrupts: bool) -> Instance:
    """A called process that escalates and goes on to K; caught at the call."""
    thrown = f'<intermediateThrowEvent id="T">{THROW}</intermediateThrowEvent>'
    called = draw(ENDS + thrown + tasks("K"), "S > T\nT > K\nK > E", id="q", head=HEAD)
    body = ENDS + '<callActivity id="C" calledElement="q"/>' + boundary("C", definition, interrupts=interrupts)
    return start(draw(body + tasks("B"), "S > C\nC > E\nb > B\nB > X", head=HEAD), called)


def test_escalations_from_a_called_process() -> None:
    assert open_elements(escalating(THROW, interrupts=False)) == ["B", "K"]
    assert open_elements(escalating(THROW, interrupts=True)) == ["B"]
    assert open_elements(escalating("<escalationEventDefinition/>", interrupts=False)) == ["B", "K"]


def test_an_escalation_reaches_past_an_activity_that_does_not_catch_it() -> None:
    thrown = f'<intermediateThrowEvent id="T">{THROW}</intermediateThrowEvent>'
    called = draw(ENDS + thrown + tasks("K"), "S > T\nT > K\nK > E", id="q", head=HEAD)
    inside = sub('<callActivity id="C" calledElement="q"/>', "s > C\nC > e")
    body = ENDS + inside + boundary("P", THROW, interrupts=False) + tasks("B")
    assert open_elements(start(draw(body, "S > P\nP > E\nb > B\nB > X", head=HEAD), called)) == ["B", "K"]


def test_an_awaited_message_is_cancelled_with_its_scope() -> None:
    catch = '<intermediateCatchEvent id="T"><messageEventDefinition messageRef="n"/></intermediateCatchEvent>'
    body = ENDS + sub(catch, "s > T\nT > e") + boundary("P") + tasks("B")
    instance = start(draw(body, "S > P\nP > E\nb > B\nB > X", head=HEAD))
    instance.receive("stop", {})
    assert not instance.receive("go", {})
    cancelled = [visit.element for visit in instance.run(AT).visits if visit.event == "cancelled"]
    assert cancelled == ["T", "P"]


def test_of_two_pending_the_first_wins_and_the_second_is_told_as_cancelled() -> None:
    stop = '<parallelGateway id="G"/><endEvent id="Z"><terminateEventDefinition/></endEvent>'
    instance = start(draw(ENDS + tasks("A", "B") + stop, "S > G\nG > A\nG > B\nA > Z\nB > E", head=HEAD))
    one, two = (work.id for work in instance.work())
    instance.complete(one, {})
    instance.complete(two, {"b": 1})
    changes = saved(instance).run(AT)
    assert dict(changes.closed) == {one: "completed", two: "cancelled"}
    assert (changes.over, changes.facts) == (True, {})


def test_an_escalation_nobody_catches_changes_nothing() -> None:
    last = f'<startEvent id="S"/><endEvent id="E">{THROW}</endEvent>'
    assert begin(diagram(draw(last, "S > E", head=HEAD))).is_over()


def test_terminate_ends_its_own_scope_only() -> None:
    side = '<boundaryEvent id="r" attachedToRef="D" cancelActivity="false"><messageEventDefinition messageRef="n"/>'
    inside = (
        tasks("D", "F", "side") + '<parallelGateway id="G"/><endEvent id="stop"><terminateEventDefinition/></endEvent>'
    )
    inside += side + '</boundaryEvent><endEvent id="e3"/>'
    inner = sub(inside, "s > G\nG > D\nG > F\nD > stop\nF > e\nr > side\nside > e3")
    flows = "S > H\nH > P\nH > B\nP > after\nafter > K\nB > K\nK > E"
    body = ENDS + inner + '<parallelGateway id="H"/><parallelGateway id="K"/>' + tasks("B", "after")
    instance = start(draw(body, flows, head=HEAD))
    instance.receive("go", {})
    instance.run(AT)
    ids = {work.element: work.id for work in instance.work()}
    changes = do(saved(instance), "D", d=1)
    assert dict(changes.closed) == {ids["D"]: "completed", ids["F"]: "cancelled", ids["side"]: "cancelled"}
    assert [work.element for work in changes.opened] == ["after"]
    assert changes.opened[0].data == {"d": 1}
