"""The constructs that are proved to run: BPMN elements, their attributes and children, `duban:` extensions."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.model import NODES

LINKS = frozenset({"incoming", "outgoing"})
NOTES = frozenset({"documentation"})
EXTENDED = NOTES | {"extensionElements"}
ARTIFACTS = frozenset({"textAnnotation", "association", "group"})
INSIDE = NODES | ARTIFACTS | EXTENDED | {"sequenceFlow"}
DEADLINE = frozenset({"deadline", "due", "from", "dueKey"})
MANY = frozenset({"multiInstanceLoopCharacteristics"})
EVENT = frozenset({"nameEn", "basis", "status"})


@dataclass(frozen=True)
class Entry:
    """What may stand on and in one BPMN element, besides `id`, `name` and `duban:nameEn`."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    duban: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


def _entry(
    attributes: str = "", children: frozenset[str] = NOTES, duban: frozenset[str] = frozenset(), extensions: str = ""
) -> Entry:
    return Entry(frozenset(attributes.split()), children, duban, frozenset(extensions.split()))


def _activity(
    attributes: str = "", children: frozenset[str] = frozenset(), duban: str = "", extensions: str = ""
) -> Entry:
    known = EVENT | DEADLINE | set(duban.split())
    return _entry(attributes, LINKS | EXTENDED | children, frozenset(known), extensions)


def _event(definitions: str, attributes: str = "", extensions: str = "") -> Entry:
    children = LINKS | EXTENDED | {f"{name}EventDefinition" for name in definitions.split()}
    return _entry(attributes, children, EVENT | {"key"}, extensions)


def _gateway(attributes: str = "") -> Entry:
    return _entry(f"gatewayDirection {attributes}", LINKS | EXTENDED, frozenset({"basis"}))


ELEMENTS: dict[str, Entry] = {
    "definitions": _entry(
        "targetNamespace exporter exporterVersion expressionLanguage typeLanguage",
        NOTES | {"process", "message", "escalation", "error", "collaboration", "category"},
    ),
    "process": _entry(
        "isExecutable processType isClosed",
        INSIDE | {"laneSet"},
        frozenset({"title", "party", "unique", "starts", "basis", "given"}),
    ),
    "laneSet": _entry(children=frozenset({"lane"}) | NOTES),
    "lane": _entry(children=frozenset({"flowNodeRef"}) | NOTES, duban=frozenset({"org", "person"})),
    "flowNodeRef": _entry(children=frozenset()),
    "incoming": _entry(children=frozenset()),
    "outgoing": _entry(children=frozenset()),
    "documentation": _entry("textFormat", frozenset()),
    "extensionElements": _entry(children=frozenset()),
    "userTask": _activity(children=MANY, duban="form actions notSameAs org person lateStatus paper"),
    "serviceTask": _activity(duban="operation", extensions="parameter"),
    "businessRuleTask": _activity(duban="decision result"),
    "receiveTask": _activity("messageRef instantiate", duban="key", extensions="out"),
    "sendTask": _activity("messageRef", duban="key", extensions="in"),
    "callActivity": _activity("calledElement", MANY, extensions="in out"),
    "subProcess": _activity("triggeredByEvent", INSIDE | MANY),
    "multiInstanceLoopCharacteristics": _entry(
        "isSequential", NOTES | {"completionCondition"}, frozenset({"collection", "item", "index", "output", "result"})
    ),
    "completionCondition": _entry(children=frozenset()),
    "exclusiveGateway": _gateway("default"),
    "inclusiveGateway": _gateway("default"),
    "parallelGateway": _gateway(),
    "eventBasedGateway": _gateway("instantiate eventGatewayType"),
    "startEvent": _event("message timer escalation error", "isInterrupting", "out"),
    "endEvent": _event("message escalation error terminate", extensions="in"),
    "boundaryEvent": _event("message timer escalation error", "attachedToRef cancelActivity", "out"),
    "intermediateCatchEvent": _event("message timer", extensions="out"),
    "intermediateThrowEvent": _event("message escalation", extensions="in"),
    "sequenceFlow": _entry("sourceRef targetRef", NOTES | {"conditionExpression"}, frozenset({"basis"})),
    "conditionExpression": _entry(children=frozenset()),
    "messageEventDefinition": _entry("messageRef"),
    "timerEventDefinition": _entry(children=frozenset({"timeDate", "timeDuration", "timeCycle"}) | NOTES),
    "timeDate": _entry(children=frozenset()),
    "timeDuration": _entry(children=frozenset()),
    "timeCycle": _entry(children=frozenset()),
    "escalationEventDefinition": _entry("escalationRef"),
    "errorEventDefinition": _entry("errorRef"),
    "terminateEventDefinition": _entry(),
    "message": _entry(),
    "escalation": _entry("escalationCode"),
    "error": _entry("errorCode"),
    "collaboration": _entry("isClosed", ARTIFACTS | NOTES | {"participant"}),
    "participant": _entry("processRef"),
    "textAnnotation": _entry("textFormat", NOTES | {"text"}),
    "text": _entry(children=frozenset()),
    "association": _entry("sourceRef targetRef associationDirection"),
    "group": _entry("categoryValueRef"),
    "category": _entry(children=NOTES | {"categoryValue"}),
    "categoryValue": _entry("value"),
}

# Drawing, which the engine never reads, and what drawing tools add to it.
DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://camunda.org/schema/modeler/1.0",
    }
)
