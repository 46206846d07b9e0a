"""What a diagram refers to is there: messages, escalations, decisions, operations, called processes, lanes, hosts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.engine.lint.report import Report
from app.engine.model import HOSTS, MESSAGE_TASKS, Event, Node, ProcessModel, Scope
from app.engine.reading import NESTING
from app.errors import words

DEFINED = frozenset({"boundaryEvent", "intermediateCatchEvent"})

# What is thrown and caught by a code; without one an event catches any.
THROWN = {"escalation": "The escalation {id} is missing", "error": "The error {id} is missing"}
CATCHING = frozenset({"boundaryEvent", "startEvent"})


@dataclass(frozen=True)
class Known:
    """What the pack and the host have.

    `processes`: whether each can be called, having a plain start. `operations` None: names are not checked.
    """

    processes: Mapping[str, bool]
    decisions: Collection[str]
    operations: Collection[str] | None
    tasks: Collection[str] = ()
    """The user tasks of all processes: who may be kept apart."""


def check_references(model: ProcessModel, known: Known, report: Report) -> None:
    """Every reference of a process."""
    _check_lanes(model, report)
    for scope in model.scopes.values():
        for node in scope.nodes.values():
            _check_events(node, report)
            if node.kind == "boundaryEvent":
                _check_host(node, scope, report)
            if check := CHECKS.get(node.kind):
                check(node, model, known, report)


def _check_lanes(model: ProcessModel, report: Report) -> None:
    ids = {node.id for node in model.nodes()}
    seen: dict[str, str] = {}
    for lane in model.lanes.values():
        for ref in lane.refs:
            if ref not in ids:
                report.at("lane.dangling", words("The lane names {id}, which is not in the process", id=ref), lane)
            elif seen.setdefault(ref, lane.id) != lane.id:
                text = words("{id} stands in two lanes, {first} and {second}", id=ref, first=seen[ref], second=lane.id)
                report.at("lane.twice", text, lane)


def _check_events(node: Node, report: Report) -> None:
    if len(node.events) > 1:
        report.at("event.many", words("An event has one definition"), node)
    if node.kind in DEFINED and not node.events:
        report.at("event.none", words("The event has no definition: a timer, a message or an escalation"), node)
    if node.kind in MESSAGE_TASKS and not node.events:
        report.at("message.missing", words("The task names no message"), node)
    for event in node.events:
        _check_event(event, node, report)
    if "key" in node.attributes and not node.is_event("message"):
        report.at("message.key", words("Only a message event has a key"), node)
    if (node.inputs or node.outputs) and node.kind != "callActivity" and not node.is_event("message"):
        report.at("message.data", words("Only a message event carries data"), node)


def _check_event(event: Event, node: Node, report: Report) -> None:
    if event.kind == "message" and not event.name:
        text = words("The message {id} is missing or has no name", id=event.ref or "?")
        report.add("message.missing", text, node.id, event.line)
    elif event.kind in THROWN and event.code is None and (event.ref or node.kind not in CATCHING):
        report.add(f"{event.kind}.missing", words(THROWN[event.kind], id=event.ref or "?"), node.id, event.line)
    elif event.kind == "timer" and not event.text:
        report.add("timer.missing", words("The timer has no date and no duration"), node.id, event.line)
    elif event.timer == "timeCycle" and (node.interrupts or node.kind not in CATCHING):
        text = words("A timer that repeats belongs to an event that does not interrupt")
        report.add("timer.cycle", text, node.id, event.line)


def _check_host(node: Node, scope: Scope, report: Report) -> None:
    host = scope.nodes.get(node.attached or "")
    if host is None:
        text = words("The event is attached to {id}, which is not here", id=node.attached or "?")
        report.at("boundary.dangling", text, node)
    elif host.kind not in HOSTS or host.standing:
        report.at("boundary.host", words("A {kind} cannot carry a boundary event", kind=host.kind), node)
    elif node.event and node.event.kind in THROWN and host.kind not in ("subProcess", "callActivity"):
        report.at("boundary.host", words("Only what runs inside a sub-process or a call throws anything"), node)
    elif node.is_event("error") and not node.interrupts:
        report.at("error.interrupts", words("An error always interrupts"), node)


def _check_user_task(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    attributes = node.attributes
    if node.lane is None:
        report.at("lane.missing", words("The user task stands in no lane: nobody could do it"), node)
    for other in attributes.get("notSameAs", "").split():
        if other not in known.tasks or other == node.id:
            report.at("task.not_same_as", words("{id} is no other user task of these processes", id=other), node)
    _check_deadline(node, model, known, report)


def _check_deadline(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    if "deadline" in node.attributes and "due" in node.attributes:
        report.at("deadline.both", words("Either a deadline is computed or a due date is taken, not both"), node)
    for name in ("from", "dueKey"):
        if name in node.attributes and not {"deadline", "due"} & node.attributes.keys():
            text = words("duban:{name} has no meaning without duban:deadline", name=name)
            report.at("deadline.missing", text, node)


def _check_service(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    name = node.attributes.get("operation")
    if not name:
        report.at("operation.missing", words("The service task names no operation"), node)
    elif known.operations is not None and name not in known.operations:
        report.at("operation.unknown", words("There is no operation {name}", name=name), node)
    _check_deadline(node, model, known, report)


def _check_rule(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    name = node.attributes.get("decision")
    if not name:
        report.at("decision.missing", words("The business rule task names no decision"), node)
    elif name not in known.decisions:
        report.at("decision.unknown", words("There is no decision {name}", name=name), node)
    _check_deadline(node, model, known, report)


def _check_sub_process(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    if node.body is None:
        report.at("process.depth", words("Sub-processes are nested deeper than {limit}", limit=NESTING), node)
    _check_deadline(node, model, known, report)


def _check_call(node: Node, model: ProcessModel, known: Known, report: Report) -> None:
    if not node.called:
        report.at("call.missing", words("The call activity names no process"), node)
    elif node.called not in known.processes:
        report.at("call.unknown", words("There is no process {name}", name=node.called), node)
    elif not known.processes[node.called]:
        report.at("call.start", words("{name} starts only on a message", name=node.called), node)
    _check_deadline(node, model, known, report)


CHECKS: dict[str, Callable[[Node, ProcessModel, Known, Report], None]] = {
    "userTask": _check_user_task,
    "serviceTask": _check_service,
    "businessRuleTask": _check_rule,
    "callActivity": _check_call,
    "subProcess": _check_sub_process,
    "receiveTask": _check_deadline,
    "sendTask": _check_deadline,
}
