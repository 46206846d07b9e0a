"""From checked models to SpiffWorkflow specs, frozen for sharing, and proved against the XML they came from.

SpiffWorkflow's own parser is not used: it loses lanes, recurses once a node and loops on data objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.engine import catching, joins, many, specs
from app.engine.formulas import Formula, Place, node_places
from app.engine.joins import ScopeSpec
from app.engine.lint.blocks import inclusive_regions
from app.engine.model import NODES, Node, ProcessModel, Scope
from app.engine.specs import Element
from app.engine.values import Step
from app.engine.xml import Element as XmlElement
from app.engine.xml import bpmn, local
from app.errors import Finding, Invalid, words

LANE_DEFAULTS = ("org", "person")
CLASSES: Mapping[str, type[Element]] = {
    "startEvent": specs.StartEvent,
    "userTask": specs.UserTask,
    "serviceTask": specs.ServiceTask,
    "businessRuleTask": specs.BusinessRuleTask,
    "subProcess": specs.SubProcess,
    "callActivity": specs.SubProcess,
    "exclusiveGateway": specs.Exclusive,
    "parallelGateway": joins.Parallel,
    "inclusiveGateway": joins.Inclusive,
    "boundaryEvent": catching.Boundary,
    "intermediateCatchEvent": catching.Catch,
    "receiveTask": catching.ReceiveTask,
    "sendTask": specs.SendTask,
    "eventBasedGateway": catching.Choice,
    "intermediateThrowEvent": specs.Throw,
    "endEvent": specs.Throw,
}


class FeelEngine:
    """SpiffWorkflow's script engine, for conditions only. There is no Python engine anywhere."""

    def evaluate(self, task: Any, expression: str, external_context: object = None) -> bool:
        """Whether the condition under that key is true; null counts as false, anything else is an error."""
        value = task.turn.value(task, expression)
        if value is not None and not isinstance(value, bool):
            raise ValueError(f"a condition gave {value!r}, neither true nor false")
        return value is True

    def execute(self, *_: object, **__: object) -> None:
        """Scripts do not run."""
        raise NotImplementedError("scripts do not run")

    call_service = execute


def steps_of(model: ProcessModel) -> dict[str, Step]:
    """The steps of a process by element id."""
    return {node.id: _step(node, model) for node in model.nodes()}


def build(
    models: Mapping[str, ProcessModel],
    steps: Mapping[str, Mapping[str, Step]],
    decision: Callable[[str], object],
    names: Iterable[str],
) -> dict[str, ScopeSpec]:
    """The specs of every scope by key. `names` are what FEEL texts may use; `decision` finds a decision's model."""
    built = {}
    for model in models.values():
        for scope in model.scopes.values():
            builder = _Builder(model, scope, tuple(names))
            built[scope.key] = builder.build(steps[model.id], models, decision)
            built |= builder.instances
    for spec in built.values():
        _freeze(spec)
    return built


class _Builder:
    def __init__(self, model: ProcessModel, scope: Scope, names: tuple[str, ...]) -> None:
        self.model, self.scope, self.names = model, scope, names
        self.spec = ScopeSpec(scope.key)
        self.instances: dict[str, ScopeSpec] = {}

    def build(
        self, steps: Mapping[str, Step], models: Mapping[str, ProcessModel], decision: Callable[[str], object]
    ) -> ScopeSpec:
        made = {node.id: self.element(node, steps[node.id]) for node in self.scope.nodes.values()}
        for id, element in made.items():
            self.connect(element, made)
            element.boundary = tuple(made[event.id] for event in self.scope.boundary.get(id, []))
        inside = [element for spec in self.instances.values() for element in spec.task_specs.values()]
        for element in (*made.values(), *inside):
            if isinstance(element, Element) and not element.many and hasattr(element, "node"):
                _bind(element, models, decision)
        for join, region in inclusive_regions(self.scope).items():
            made[join].region = region
        self.spec.standing = tuple(made[node.id] for node in self.scope.standing)
        return self.spec

    def element(self, node: Node, step: Step) -> Element:
        places = {place.key: place for place in node_places(node, self.scope)}
        lane = self.model.lanes.get(node.lane or "")
        for name in LANE_DEFAULTS:
            if lane is not None and node.kind == "userTask" and name in lane.attributes:
                places.setdefault(name, Place(name, f"duban:{name}", lane.attributes[name], lane.line, lane.id))
        kind = specs.Terminate if node.is_event("terminate") else CLASSES[node.kind]
        formulas = {key: Formula(place, self.names) for key, place in places.items()}
        if node.standing:
            return self.standing(node, step, formulas)
        if node.many is None:
            return kind(self.spec, node, step, formulas)
        return self.many(kind, node, step, formulas)

    def standing(self, node: Node, step: Step, formulas: dict[str, Formula]) -> Element:
        """An event sub-process waits for what its start event says."""
        inside = self.model.scopes[node.body or ""]
        begins = inside.begins
        assert begins is not None  # noqa: S101  lint refuses it without
        own = {place.key: Formula(place, self.names) for place in node_places(begins, inside)}
        waits = {key: formula for key, formula in own.items() if key in ("timer", "key") or key.startswith("out.")}
        waiting = replace(node, events=begins.events, outputs=begins.outputs, interrupts=begins.interrupts)
        return catching.Standing(self.spec, waiting, step, formulas | waits, begins.id)

    def many(self, kind: type[Element], node: Node, step: Step, formulas: dict[str, Formula]) -> Element:
        """The activity as a whole, and a scope of its own where it is done for each item."""
        key = f"{self.model.id}/{node.id}*"
        spec = self.instances[key] = ScopeSpec(key, many.ManyEnd)
        one = kind(spec, node, step, {key: value for key, value in formulas.items() if not key.startswith("many.")})
        one.connect(spec.end)
        whole = many.Many(self.spec, node, step, formulas)
        whole.body, whole.entry = key, node.id
        return whole

    def connect(self, element: Element, made: Mapping[str, Element]) -> None:
        node = element.node
        for flow in self.scope.leaving[node.id]:
            plain = flow.condition is None or flow.id == node.default
            condition = None if plain else f"condition.{flow.id}"
            element.connect_outgoing_if(condition, made[flow.target])
        if node.kind == "endEvent" or node.standing:
            element.connect(self.spec.end)


def _bind(element: Any, models: Mapping[str, ProcessModel], decision: Callable[[str], object]) -> None:
    node = element.node
    if node.kind == "businessRuleTask":
        element.decision = decision(node.attributes["decision"])
    if node.kind == "callActivity":
        element.body, element.entry = node.called, models[node.called].plain_start
    elif node.kind == "subProcess":
        scope = next(model for model in models.values() if node.body in model.scopes).scopes[node.body]
        element.body, element.entry = node.body, element.begins or scope.plain_start


def _step(node: Node, model: ProcessModel) -> Step:
    attributes = dict(node.attributes)
    lane = model.lanes.get(node.lane or "")
    if node.kind == "userTask" and lane is not None:
        attributes = {**{key: lane.attributes[key] for key in LANE_DEFAULTS if key in lane.attributes}, **attributes}
    return Step(
        element=node.id,
        kind=node.kind,
        name=node.name,
        name_en=node.attributes.get("nameEn"),
        lane=node.lane,
        process=model.id,
        attributes=MappingProxyType(attributes),
        called=node.called,
        documentation=node.documentation,
        parameters={pair.name: pair.value for pair in (*node.parameters, *node.inputs)},
    )


def _freeze(spec: ScopeSpec) -> None:
    for element in spec.task_specs.values():
        element._inputs, element._outputs = tuple(element._inputs), tuple(element._outputs)
        element.frozen = True


def prove(built: Mapping[str, ScopeSpec], root: XmlElement, file: str) -> None:
    """Raise Invalid unless every node of the XML has its spec, of its kind, in its lane, with its flows."""
    findings = []
    for process in root.iter(bpmn("process")):
        lanes = {(ref.text or "").strip(): lane.get("id") for lane in process.iter(bpmn("lane")) for ref in lane}
        for element in process.iter():
            if local(element) in NODES and not _agrees(element, built, process.get("id", ""), lanes):
                text = words("{element} was not read as the diagram draws it", element=element.get("id"))
                findings.append(Finding(text, "engine.read", file=file, element=element.get("id")))
    if findings:
        raise Invalid(words("The diagram cannot be read"), findings)


def _agrees(element: XmlElement, built: Mapping[str, ScopeSpec], process: str, lanes: Mapping[str, str | None]) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    key = process if local(parent) == "process" else f"{process}/{parent.get('id')}"
    spec = built[key].task_specs.get(element.get("id")) if key in built else None
    flows = [
        flow.get("targetRef")
        for flow in parent.findall(bpmn("sequenceFlow"))
        if flow.get("sourceRef") == element.get("id")
    ]
    outputs = [name for name in spec._outputs if name != "(end)"] if spec is not None else None
    lane = next((lanes[id] for id in _ancestry(element) if id in lanes), None)
    return spec is not None and spec.node.kind == local(element) and spec.lane == lane and outputs == flows


def _ancestry(element: XmlElement) -> list[str]:
    return [found.get("id", "") for found in (element, *element.iterancestors())]
