"""Bad diagrams made by hand: what may be wrong with files, flows, gateways, lanes, references, expressions."""

from __future__ import annotations

from ..drawing import ENDS, HEAD, draw, tasks, wired

TASK = tasks("A")
LINE = "S > A\nA > E"


def plain(body: str = TASK, flows: str = LINE, **more: str) -> bytes:
    """A start, what is given, an end."""
    return draw(ENDS + body, flows, **more)


def chain(length: int) -> bytes:
    """So many user tasks in a row."""
    ids = [f"T{number}" for number in range(length)]
    return plain(tasks(*ids), "\n".join(f"{a} > {b}" for a, b in zip(["S", *ids], [*ids, "E"], strict=True)))


def timer(kind: str, text: str) -> bytes:
    """A task with a timer."""
    event = (
        f'<boundaryEvent id="b" attachedToRef="A"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>'
    )
    return plain(TASK + event + "</boundaryEvent>", LINE + "\nb > E")


def task(inside: str = "", attributes: str = "") -> bytes:
    """A task with something in or on it."""
    return plain(f'<userTask id="A" {attributes}>{inside}</userTask>')


def called(attributes: str = "", inside: str = "") -> bytes:
    """A call activity."""
    return plain(f'<callActivity id="A" {attributes}>{inside}</callActivity>')


def service(inside: str = "", attributes: str = 'duban:operation="note"') -> bytes:
    """A service task."""
    return plain(f'<serviceTask id="A" {attributes}><extensionElements>{inside}</extensionElements></serviceTask>')


def gateway(kind: str, flows: str) -> bytes:
    """A split into B and C."""
    return plain(tasks("B", "C") + f'<{kind}Gateway id="G"/>', "S > G\nB > E\nC > E\n" + flows)


def boundary(host: str, event: str, **more: str) -> bytes:
    """A boundary event on a host named A."""
    return plain(f'{host}<boundaryEvent id="b" attachedToRef="A">{event}</boundaryEvent>', LINE + "\nb > E", **more)


GATES = '<exclusiveGateway id="G"/><exclusiveGateway id="H"/>'
LOOP = GATES + '<serviceTask id="A" duban:operation="note"/>'
ESCALATION = '<escalationEventDefinition escalationRef="x"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
EXTENSIONS = "<extensionElements>{}</extensionElements>"

M = '<message id="m" name="m"/>'
POOL = '<collaboration id="c"><participant id="pool" processRef="other"/></collaboration>'
TWO_LANES = b'<lane id="other"><flowNodeRef>A</flowNodeRef></lane></laneSet>'


def two_message_starts() -> bytes:
    """Two start events that wait for the same message."""
    starts = "".join(f'<startEvent id="{id}">{MESSAGE}</startEvent>' for id in ("M", "N"))
    return plain(TASK + starts, LINE + "\nM > A\nN > A", head=M)


def sub_on_message() -> bytes:
    """An embedded sub-process whose start waits for a message."""
    inside = wired(f'<startEvent id="s">{MESSAGE}</startEvent><endEvent id="e"/>', "s > e")
    return plain(f'<subProcess id="A">{inside}</subProcess>', head=M)


def keyed() -> bytes:
    """A plain end event with a key."""
    return plain().replace(b'<endEvent id="E"/>', b'<endEvent id="E" duban:key="=x"/>')


def carrying() -> bytes:
    """A plain end event with data."""
    data = b'<extensionElements><duban:in name="a" value="=b"/></extensionElements>'
    return plain().replace(b'<endEvent id="E"/>', b'<endEvent id="E">' + data + b"</endEvent>")


def inclusive(flows: str) -> bytes:
    """An inclusive block around B and C, an exclusive gateway X to enter or leave it."""
    gateways = '<inclusiveGateway id="G"/><inclusiveGateway id="J"/><exclusiveGateway id="X"/>'
    return plain(tasks("B", "C") + gateways, "G > B ? x\nG > C *\nC > J\nJ > E\n" + flows)


def entered_from_outside() -> bytes:
    """A way leads past the split into a branch."""
    return inclusive("S > X\nX > G *\nX > B ? y\nB > J")


def left_before() -> bytes:
    """A way leads from a branch to the end."""
    return inclusive("S > G\nB > X\nX > J *\nX > E ? y")


def interrupted() -> bytes:
    """An event leads out of a branch for good."""
    event = f'<boundaryEvent id="b" attachedToRef="B">{MESSAGE}</boundaryEvent>'
    gateways = '<inclusiveGateway id="G"/><inclusiveGateway id="J"/>'
    flows = "S > G\nG > B ? x\nG > C *\nB > J\nC > J\nJ > E\nb > E"
    return plain(tasks("B", "C") + gateways + event, flows, head=M)


# Each: a name, the file, the rule that must be broken.
BAD = {
    "doctype": (b'<!DOCTYPE x SYSTEM "file:///etc/hostname">' + plain(), "xml.doctype"),
    "doctype in another encoding": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        "xml.doctype",
    ),
    "entities": (b'<!DOCTYPE x [<!ENTITY a "b">]>' + plain(), "xml.doctype"),
    "not xml": (b"<definitions", "xml.syntax"),
    "no bytes": (b"", "xml.syntax"),
    "another vocabulary": (b"<html/>", "xml.root"),
    "too many elements": (b"<a>" + b"<b/>" * 20_001 + b"</a>", "xml.size"),
    "too large": (b"<a>" + b" " * 2_100_000 + b"</a>", "xml.size"),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, "xml.syntax"),
    "deep groups": (
        HEAD.encode() + b"<documentation>" * 250 + b"</documentation>" * 250 + b"</definitions>",
        "element.unknown",
    ),
    "no process": (f"{HEAD}</definitions>".encode(), "file.processes"),
    "two processes": (plain().replace(b"</definitions>", b'<process id="q"/></definitions>'), "file.processes"),
    "unknown element": (plain(TASK + '<manualTask id="M"/>'), "element.unknown"),
    "foreign element": (task(EXTENSIONS.format('<x xmlns="urn:x"/>')), "element.unknown"),
    "script task": (plain('<scriptTask id="A"><script>1</script></scriptTask>'), "element.unknown"),
    "data object": (plain(TASK + '<dataObject id="D"/>'), "element.unknown"),
    "standard loop": (task("<standardLoopCharacteristics/>"), "element.unknown"),
    "event sub-process in a flow": (
        plain(f'<subProcess id="A" triggeredByEvent="true">{ENDS}</subProcess>'),
        "standing.flow",
    ),
    "ad hoc": (plain(TASK + '<adHocSubProcess id="X"/>'), "element.unknown"),
    "transaction": (plain(TASK + '<transaction id="X"/>'), "element.unknown"),
    "signal": (boundary(TASK, '<signalEventDefinition signalRef="x"/>'), "element.unknown"),
    "nested lanes": (plain(TASK + '<laneSet id="l"><lane id="x"><childLaneSet/></lane></laneSet>'), "element.unknown"),
    "foreign attribute": (
        task(attributes='xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="a"'),
        "attribute.unknown",
    ),
    "unknown attribute": (task(attributes='startQuantity="2"'), "attribute.unknown"),
    "unknown extension": (task(attributes='duban:assignee="a"'), "duban.attribute"),
    "extension elsewhere": (task(attributes='duban:operation="a"'), "duban.attribute"),
    "unknown extension element": (task(EXTENSIONS.format('<duban:script name="a" value="b"/>')), "duban.element"),
    "extension with more": (service('<duban:parameter name="a" value="1" type="x"/>'), "duban.attribute"),
    "extension without value": (service('<duban:parameter name="a"/>'), "duban.element"),
    "not executable": (plain().replace(b'isExecutable="true"', b'isExecutable="false"'), "attribute.value"),
    "bad id": (plain().replace(b'"A"', b'"a/../b"').replace(b">A<", b">a/../b<"), "id.form"),
    "long id": (plain().replace(b'"A"', b'"' + b"a" * 65 + b'"'), "id.form"),
    "same id": (plain(TASK + TASK), "id.twice"),
    "no id": (plain(TASK + "<userTask/>"), "id.missing"),
    "300 nodes": (chain(300), "process.size"),
    "251 nodes": (chain(249), "process.size"),
    "unreachable": (plain(tasks("A", "B"), LINE + "\nB > E"), "flow.unreachable"),
    "no start": (plain().replace(b"startEvent", b"endEvent"), "start.missing"),
    "two starts for a message": (two_message_starts(), "start.twice"),
    "sub-process that starts on a message": (sub_on_message(), "start.message"),
    "two starts": (plain(TASK + '<startEvent id="Z"/>', LINE + "\nZ > A"), "start.twice"),
    "no end": (plain(flows="S > A").replace(b'<endEvent id="E"/>', b""), "end.missing"),
    "dead end": (plain(tasks("A", "B"), "S > A\nA > B"), "flow.dead_end"),
    "no way to end": (plain(tasks("A", "B"), "S > A\nA > B\nB > A"), "flow.endless"),
    "after the end": (plain(flows=LINE + "\nE > A"), "flow.after_end"),
    "into the start": (plain(flows="S > A\nA > S\nA > E"), "flow.into_start"),
    "dangling flow": (plain(flows=LINE + "\nA > nowhere"), "flow.dangling"),
    "flow across scopes": (plain(f'{TASK}<subProcess id="P">{ENDS}</subProcess>', LINE + "\nA > Sx"), "flow.dangling"),
    "implicit split": (plain(tasks("A", "B"), LINE + "\nA > B\nB > E"), "flow.implicit_split"),
    "condition out of a task": (plain(flows="S > A\nA > E ? x = 1"), "flow.condition"),
    "condition out of a parallel split": (gateway("parallel", "G > B ? x = 1\nG > C"), "flow.condition"),
    "no condition": (gateway("exclusive", "G > B\nG > C *"), "gateway.condition"),
    "no default": (gateway("exclusive", "G > B ? x = 1\nG > C ? x = 2"), "gateway.default"),
    "default with a condition": (gateway("exclusive", "G > B ? x\nG > C * ? y"), "flow.condition"),
    "default elsewhere": (
        plain(TASK + '<exclusiveGateway id="G" default="x"/>', "S > G\nG > A\nA > E"),
        "gateway.default",
    ),
    "inclusive, not a block": (gateway("inclusive", "G > B ? x = 1\nG > C *"), "gateway.block"),
    "inclusive join without a split": (
        plain(TASK + '<inclusiveGateway id="G"/>', "S > A\nA > G\nG > E"),
        "gateway.block",
    ),
    "inclusive, entered from outside": (entered_from_outside(), "gateway.block"),
    "inclusive, interrupted": (interrupted(), "gateway.block"),
    "inclusive, left before the join": (left_before(), "gateway.block"),
    "no lane": (plain().replace(b"<flowNodeRef>A</flowNodeRef>", b""), "lane.missing"),
    "two lanes": (plain().replace(b"</laneSet>", TWO_LANES), "lane.twice"),
    "lane of nothing": (plain().replace(b"<flowNodeRef>A<", b"<flowNodeRef>Z<"), "lane.dangling"),
    "bad FEEL condition": (gateway("exclusive", "G > B ? x = = 1\nG > C *"), "feel.syntax"),
    "bad FEEL timer": (timer("timeDate", "=date("), "feel.syntax"),
    "bad FEEL attribute": (task(attributes='duban:org="=1 +"'), "feel.syntax"),
    "bad FEEL parameter": (service('<duban:parameter name="a" value="=("/>'), "feel.syntax"),
    "bad FEEL title": (plain(on='duban:title="=)"'), "feel.syntax"),
    "Python in FEEL": (gateway("exclusive", "G > B ? __import__('os').system('x')\nG > C *"), "feel.syntax"),
    "unknown function": (gateway("exclusive", "G > B ? open(x)\nG > C *"), "feel.function"),
    "expression for a name": (task(attributes='duban:form="=x"'), "feel.place"),
    "not a date": (timer("timeDate", "P3D"), "timer.value"),
    "not a duration": (timer("timeDuration", "three days"), "timer.value"),
    "self recursion": (called('calledElement="p"'), "call.circle"),
    "unknown process": (called('calledElement="q"'), "call.unknown"),
    "no process called": (called(), "call.missing"),
    "endless loop": (plain(LOOP, "S > G\nG > A\nA > H\nH > G ? x\nH > E *"), "loop.endless"),
    "unknown decision": (plain('<businessRuleTask id="A" duban:decision="d"/>'), "decision.unknown"),
    "no decision": (plain('<businessRuleTask id="A"/>'), "decision.missing"),
    "no operation": (service(attributes=""), "operation.missing"),
    "unknown operation": (service(), "operation.unknown"),
    "unknown message": (boundary(TASK, MESSAGE), "message.missing"),
    "unknown escalation": (boundary(f'<subProcess id="A">{ENDS}</subProcess>', ESCALATION), "escalation.missing"),
    "boundary on a service task": (boundary('<serviceTask id="A" duban:operation="n"/>', MESSAGE), "boundary.host"),
    "escalation of a task": (boundary(TASK, ESCALATION, head='<escalation id="x"/>'), "boundary.host"),
    "boundary of nothing": (
        boundary(TASK, MESSAGE).replace(b'attachedToRef="A"', b'attachedToRef="Z"'),
        "boundary.dangling",
    ),
    "event of no kind": (boundary(TASK, ""), "event.none"),
    "event of two kinds": (boundary(TASK, MESSAGE + "<timerEventDefinition/>", head=M), "event.many"),
    "timer without a value": (boundary(TASK, "<timerEventDefinition/>"), "timer.missing"),
    "key without a message": (keyed(), "message.key"),
    "data without a message": (carrying(), "message.data"),
    "pool of another process": (plain(head=POOL), "pool.dangling"),
    "deadline and due": (task(attributes='duban:deadline="P-1" duban:due="=x"'), "deadline.both"),
    "key without deadline": (task(attributes='duban:dueKey="x"'), "deadline.missing"),
    "not the same as nobody": (task(attributes='duban:notSameAs="Z"'), "task.not_same_as"),
    "reserved name": (task(attributes='duban:deadline="P-1" duban:dueKey="__class__"'), "fact.name"),
    "name given twice": (service('<duban:parameter name="a" value="1"/>' * 2), "fact.twice"),
}
