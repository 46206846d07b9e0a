"""From an element tree to the model. Tolerant: what is missing or wrong stays visible to lint and raises nothing."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.model import MESSAGE_TASKS, NODES, Event, Flow, Lane, Many, Node, Pair, ProcessModel, Scope
from app.engine.xml import DUBAN, Element, bpmn, duban, line_of, local, namespace

# Sub-processes nested deeper are not read; lint names them.
NESTING = 8
# What events refer to by an id.
REFERRED = ("message", "escalation", "error")
TIMERS = ("timeDate", "timeDuration", "timeCycle")


def read_processes(root: Element, file: str) -> list[ProcessModel]:
    """Every process of a document that has an id."""
    return [_process(root, element, file) for element in root.iter(bpmn("process")) if element.get("id")]


def _process(root: Element, element: Element, file: str) -> ProcessModel:
    id = element.get("id", "")
    scopes: dict[str, Scope] = {}
    lanes = {lane.id: lane for lane in (_lane(found) for found in element.iter(bpmn("lane"))) if lane.id}
    lane_of = {ref: lane.id for lane in lanes.values() for ref in lane.refs}
    reader = _Reader(id, lane_of, {kind: _named(root, kind) for kind in REFERRED}, scopes)
    reader.scope(element, id, None, None)
    return ProcessModel(
        id=id,
        name=element.get("name", ""),
        file=file,
        line=line_of(element),
        attributes=own_attributes(element),
        lanes=lanes,
        scopes=dict(reversed(scopes.items())),
        documentation=_documentation(element),
    )


class _Reader:
    """Reads the scopes of one process; `lane_of` and the named root elements hold for all of them."""

    def __init__(
        self,
        process: str,
        lane_of: Mapping[str, str],
        named: Mapping[str, Mapping[str, Element]],
        scopes: dict[str, Scope],
    ) -> None:
        self.process = process
        self.lane_of = lane_of
        self.named = named
        self.scopes = scopes

    def scope(self, element: Element, key: str, owner: str | None, lane: str | None) -> None:
        nodes: dict[str, Node] = {}
        flows = []
        for child in element:
            name = local(child)
            if name in NODES and child.get("id"):
                node = self.node(child, key, self.lane_of.get(child.get("id", ""), lane))
                nodes.setdefault(node.id, node)
            elif name == "sequenceFlow" and child.get("id"):
                flows.append(_flow(child))
        self.scopes[key] = Scope(key, owner, nodes, tuple(flows), line_of(element))

    def node(self, element: Element, scope: str, lane: str | None) -> Node:
        id, kind = element.get("id", ""), local(element)
        nested = sum(1 for around in element.iterancestors(bpmn("subProcess"))) < NESTING
        body = f"{self.process}/{id}" if kind == "subProcess" and nested else None
        if body:
            self.scope(element, body, id, lane)
        return Node(
            id=id,
            kind=kind,
            name=element.get("name", ""),
            line=line_of(element),
            scope=scope,
            attributes=own_attributes(element),
            events=tuple(self.events(element)),
            inputs=_pairs(element, "in"),
            outputs=_pairs(element, "out"),
            parameters=_pairs(element, "parameter"),
            lane=lane,
            default=element.get("default"),
            attached=element.get("attachedToRef"),
            interrupts="false" not in (element.get("cancelActivity"), element.get("isInterrupting")),
            called=element.get("calledElement"),
            body=body,
            documentation=_documentation(element),
            many=_many(element),
            standing=kind == "subProcess" and element.get("triggeredByEvent") == "true",
        )

    def events(self, element: Element) -> list[Event]:
        if local(element) in MESSAGE_TASKS:
            return [self.referring("message", element)] if element.get("messageRef") else []
        return [self.event(child) for child in element if local(child).endswith("EventDefinition")]

    def event(self, element: Element) -> Event:
        kind, line = local(element).removesuffix("EventDefinition"), line_of(element)
        if kind == "timer":
            return _timer(element, line)
        return self.referring(kind, element) if kind in REFERRED else Event(kind, line)

    def referring(self, kind: str, element: Element) -> Event:
        """An event that refers to a message, an escalation or an error of the file."""
        ref = element.get(f"{kind}Ref")
        named = self.named[kind].get(ref or "")
        if named is None:
            return Event(kind, line_of(element), ref=ref)
        code = named.get(f"{kind}Code") or named.get("name") or ref if kind != "message" else None
        return Event(kind, line_of(element), ref=ref, name=named.get("name"), code=code)


def own_attributes(element: Element) -> dict[str, str]:
    """The `duban:` attributes of an element, without the prefix."""
    prefix = f"{{{DUBAN}}}"
    return {str(key)[len(prefix) :]: str(value) for key, value in element.attrib.items() if str(key).startswith(prefix)}


def _many(element: Element) -> Many | None:
    found = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if found is None:
        return None
    until = found.find(bpmn("completionCondition"))
    text = (until.text or "").strip() if until is not None else None
    return Many(found.get("isSequential") == "true", own_attributes(found), text, line_of(found))


def _timer(element: Element, line: int | None) -> Event:
    for child in element:
        if local(child) in TIMERS:
            return Event("timer", line_of(child) or line, timer=local(child), text=(child.text or "").strip())
    return Event("timer", line)


def _flow(element: Element) -> Flow:
    condition = element.find(bpmn("conditionExpression"))
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition=(condition.text or "").strip() if condition is not None else None,
        line=line_of(element),
    )


def _lane(element: Element) -> Lane:
    refs = tuple((ref.text or "").strip() for ref in element.findall(bpmn("flowNodeRef")))
    return Lane(element.get("id", ""), element.get("name", ""), line_of(element), own_attributes(element), refs)


def _pairs(element: Element, name: str) -> tuple[Pair, ...]:
    extensions = element.find(bpmn("extensionElements"))
    if extensions is None:
        return ()
    found = extensions.findall(duban(name))
    return tuple(Pair(pair.get("name", ""), pair.get("value", ""), line_of(pair)) for pair in found)


def _named(root: Element, name: str) -> dict[str, Element]:
    return {child.get("id", ""): child for child in root if local(child) == name and namespace(child) is not None}


def _documentation(element: Element) -> str | None:
    found = element.find(bpmn("documentation"))
    return (found.text or "").strip() or None if found is not None else None
