"""Bad diagrams made by hand: what is wrong with events, event sub-processes, event-based gateways, message tasks."""

from __future__ import annotations

from ..drawing import wired
from .by_hand import ESCALATION, LINE, MESSAGE, TASK, M, boundary, plain, task, timer

GO = '<messageEventDefinition messageRef="m"/>'
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
DAILY = "<timerEventDefinition><timeCycle>{}</timeCycle></timerEventDefinition>"
ERROR = '<errorEventDefinition errorRef="x"/>'
X = '<error id="x" errorCode="X"/>'
INSIDE = wired('<startEvent id="s"/><endEvent id="e"/>', "s > e")
SUB = f'<subProcess id="A">{INSIDE}</subProcess>'


def standing(start: str, *, mark: str = "", flows: str = LINE, on: str = "") -> bytes:
    """A task and an event sub-process P with these start events, each going to its end."""
    ids = [part.split('"')[0] for part in start.split('startEvent id="')[1:]]
    inside = wired(f'{mark}{start}<endEvent id="e"/>', "\n".join(f"{id} > e" for id in ids))
    return plain(f'{TASK}<subProcess id="P" triggeredByEvent="true" {on}>{inside}</subProcess>', flows, head=M + X)


def begun(event: str, on: str = "") -> str:
    """A start event."""
    return f'<startEvent id="s" {on}>{event}</startEvent>'


def offered(flows: str, *more: str) -> bytes:
    """An event-based gateway G with a message event a and a timer b."""
    events = f'<intermediateCatchEvent id="a">{MESSAGE}</intermediateCatchEvent>'
    events += f'<intermediateCatchEvent id="b">{DAY}</intermediateCatchEvent>'
    body = '<eventBasedGateway id="G"/>' + events + "".join(more)
    return plain(body, "S > G\nG > a\na > E\nb > E\n" + flows, head=M)


def ending(event: str, head: str = "") -> bytes:
    """An end event with a definition."""
    return plain(head=head).replace(b'<endEvent id="E"/>', f'<endEvent id="E">{event}</endEvent>'.encode())


# Each: a name, the file, the rule that must be broken.
BAD = {
    "event sub-process without a start": (standing(""), "standing.start"),
    "event sub-process with a plain start": (standing('<startEvent id="s"/>'), "standing.start"),
    "event sub-process with two starts": (
        standing(f'<startEvent id="s">{GO}</startEvent><startEvent id="s2">{GO}</startEvent>'),
        "standing.start",
    ),
    "event sub-process on a signal": (standing(begun("<signalEventDefinition/>")), "element.unknown"),
    "event sub-process on a condition": (standing(begun("<conditionalEventDefinition/>")), "element.unknown"),
    "event sub-process on compensation": (standing(begun("<compensateEventDefinition/>")), "element.unknown"),
    "event sub-process without its message": (
        standing(begun('<messageEventDefinition messageRef="none"/>')),
        "message.missing",
    ),
    "event sub-process, a flow to it": (standing(begun(GO), flows="S > P\nP > A\nA > E"), "standing.flow"),
    "event sub-process of many": (
        standing(begun(GO), mark='<multiInstanceLoopCharacteristics duban:collection="=x"/>'),
        "standing.many",
    ),
    "event sub-process on an error that goes on": (
        standing(begun(ERROR, 'isInterrupting="false"')),
        "error.interrupts",
    ),
    "event sub-process with a boundary event": (
        standing(begun(GO)).replace(
            b"</subProcess>",
            b'</subProcess><boundaryEvent id="b" attachedToRef="P"><messageEventDefinition messageRef="m"/>'
            b'</boundaryEvent><sequenceFlow id="bE" sourceRef="b" targetRef="E"/>',
        ),
        "boundary.host",
    ),
    "event sub-process, perhaps": (standing(begun(GO)).replace(b'"true"', b'"maybe"'), "attribute.value"),
    "event sub-process, perhaps interrupting": (
        standing(begun(GO, 'isInterrupting="perhaps"')),
        "attribute.value",
    ),
    "event sub-process with a cycle that interrupts": (standing(begun(DAILY.format("R/P1D"))), "timer.cycle"),
    "event sub-process without an end": (
        plain(f'{TASK}<subProcess id="P" triggeredByEvent="true">{begun(GO)}</subProcess>', head=M),
        "end.missing",
    ),
    "process that starts in time": (
        plain(TASK + f'<startEvent id="T">{DAY}</startEvent>', LINE + "\nT > A"),
        "start.event",
    ),
    "process that starts on an error": (
        plain(TASK + f'<startEvent id="T">{ERROR}</startEvent>', LINE + "\nT > A", head=X),
        "start.event",
    ),
    "cycle at an event that interrupts": (timer("timeCycle", "R/P1D"), "timer.cycle"),
    "cycle in the flow": (
        plain(f'<intermediateCatchEvent id="A">{DAILY.format("R2/P1D")}</intermediateCatchEvent>'),
        "timer.cycle",
    ),
    "cycle that is too fast": (standing(begun(DAILY.format("R/PT59S"), 'isInterrupting="false"')), "timer.value"),
    "cycle of no period": (standing(begun(DAILY.format("R/P0D"), 'isInterrupting="false"')), "timer.value"),
    "cycle that is none": (standing(begun(DAILY.format("daily"), 'isInterrupting="false"')), "timer.value"),
    "cycle that never comes": (standing(begun(DAILY.format("R0/P1D"), 'isInterrupting="false"')), "timer.value"),
    "cycle as cron": (standing(begun(DAILY.format("0 0 9 * * ?"), 'isInterrupting="false"')), "timer.value"),
    "cycle with a start": (
        standing(begun(DAILY.format("R/2026-01-01T00:00:00Z/P1D"), 'isInterrupting="false"')),
        "timer.value",
    ),
    "cycle with bad FEEL": (standing(begun(DAILY.format("=)"), 'isInterrupting="false"')), "feel.syntax"),
    "a duration beyond all calendars": (timer("timeDuration", "P99999999Y"), "timer.value"),
    "event gateway with one way": (
        offered("").replace(b'<sequenceFlow id="b-E"', b'<sequenceFlow id="b-E" '),
        "gateway.events",
    ),
    "event gateway to a task": (offered("G > b\nG > B\nB > E", '<userTask id="B"/>'), "gateway.events"),
    "event gateway to an end": (offered("G > b\nG > E"), "gateway.events"),
    "event gateway, another way to its event": (
        offered("G > b\nX > b\nX > a *", '<exclusiveGateway id="X"/>'),
        "gateway.events",
    ),
    "event gateway with a condition": (offered("G > b ? x"), "flow.condition"),
    "event gateway that starts a case": (
        offered("G > b").replace(b'<eventBasedGateway id="G"', b'<eventBasedGateway id="G" instantiate="true"'),
        "attribute.value",
    ),
    "event gateway for all events": (
        offered("G > b").replace(
            b'<eventBasedGateway id="G"', b'<eventBasedGateway id="G" eventGatewayType="Parallel"'
        ),
        "attribute.value",
    ),
    "event gateway, a receive task with an event": (
        offered(
            "G > b\nG > R\nR > E\nx > E",
            '<receiveTask id="R" messageRef="m"/>',
            f'<boundaryEvent id="x" attachedToRef="R">{DAY}</boundaryEvent>',
        ),
        "gateway.events",
    ),
    "receive task without a message": (plain('<receiveTask id="A"/>'), "message.missing"),
    "receive task of an unknown message": (plain('<receiveTask id="A" messageRef="m"/>'), "message.missing"),
    "receive task that starts a case": (
        plain('<receiveTask id="A" messageRef="m" instantiate="true"/>', head=M),
        "attribute.value",
    ),
    "send task without a message": (plain('<sendTask id="A"/>'), "message.missing"),
    "send task by an operation": (
        plain('<sendTask id="A" messageRef="m" operationRef="o"/>', head=M),
        "attribute.unknown",
    ),
    "error nobody catches": (ending(ERROR, X), "error.uncaught"),
    "error without a definition": (ending("<errorEventDefinition/>"), "error.missing"),
    "unknown error": (ending(ERROR), "error.missing"),
    "unknown error at a boundary": (boundary(SUB, ERROR), "error.missing"),
    "error of a task": (boundary(TASK, ERROR, head=X), "boundary.host"),
    "error that does not interrupt": (
        boundary(SUB, ERROR, head=X).replace(b'attachedToRef="A"', b'attachedToRef="A" cancelActivity="false"'),
        "error.interrupts",
    ),
    "error thrown on the way": (
        plain(f'<intermediateThrowEvent id="A">{ERROR}</intermediateThrowEvent>', head=X),
        "element.unknown",
    ),
    "error caught on the way": (
        plain(f'<intermediateCatchEvent id="A">{ERROR}</intermediateCatchEvent>', head=X),
        "element.unknown",
    ),
    "escalation caught on the way": (
        plain(f'<intermediateCatchEvent id="A">{ESCALATION}</intermediateCatchEvent>', head='<escalation id="x"/>'),
        "element.unknown",
    ),
    "catch of nothing": (plain('<intermediateCatchEvent id="A"/>'), "event.none"),
    "link event": (
        plain('<intermediateThrowEvent id="A"><linkEventDefinition name="l"/></intermediateThrowEvent>'),
        "element.unknown",
    ),
    "compensation thrown": (
        plain('<intermediateThrowEvent id="A"><compensateEventDefinition/></intermediateThrowEvent>'),
        "element.unknown",
    ),
    "signal end": (ending("<signalEventDefinition/>"), "element.unknown"),
    "cancel end": (ending("<cancelEventDefinition/>"), "element.unknown"),
    "boundary that perhaps interrupts": (
        boundary(TASK, MESSAGE, head=M).replace(b'attachedToRef="A"', b'attachedToRef="A" cancelActivity="yes"'),
        "attribute.value",
    ),
    "complex gateway": (plain('<complexGateway id="A"/>'), "element.unknown"),
    "manual task": (plain('<manualTask id="A"/>'), "element.unknown"),
    "plain task": (plain('<task id="A"/>'), "element.unknown"),
    "call conversation": (plain(head="<conversation/>"), "element.unknown"),
    "choreography": (plain(head='<choreography id="c"/>'), "element.unknown"),
    "import": (plain(head='<import importType="x" location="file:///x" namespace="y"/>'), "element.unknown"),
    "global task": (plain(head='<globalUserTask id="g"/>'), "element.unknown"),
    "data store": (plain(TASK + '<dataStoreReference id="d"/>'), "element.unknown"),
    "input data": (task("<ioSpecification/>"), "element.unknown"),
    "potential owner": (task("<potentialOwner/>"), "element.unknown"),
    "resource role": (task("<humanPerformer/>"), "element.unknown"),
    "property": (plain(TASK + '<property id="v"/>'), "element.unknown"),
}
