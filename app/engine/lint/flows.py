"""The shape of each scope: ways in and out, gateways, what cannot be reached or cannot end."""

from __future__ import annotations

from app.engine.lint.blocks import block_of, inclusive_joins, inclusive_splits
from app.engine.lint.report import Report
from app.engine.lint.standing import check_begin, check_standing
from app.engine.model import AWAITED, GATEWAYS, Flow, Node, ProcessModel, Scope, reachable
from app.errors import words


def check_flows(model: ProcessModel, report: Report) -> None:
    """Every scope of a process."""
    standing = {node.body for node in model.nodes() if node.standing}
    for scope in model.scopes.values():
        if scope.key in standing:
            check_begin(scope, report)
        else:
            _check_starts(scope, report)
        check_standing(scope, report)
        _check_ends(scope, report)
        for flow in scope.flows:
            _check_flow(flow, scope, report)
        for node in scope.nodes.values():
            _check_ways(node, scope, report)
            if node.kind in GATEWAYS:
                _check_gateway(node, scope, report)
        _check_reach(scope, report)
        _check_inclusive(scope, report)


def _check_starts(scope: Scope, report: Report) -> None:
    starts = scope.of_kind("startEvent")
    plain = [node for node in starts if node.event is None]
    if not starts or (scope.owner and not plain):
        report.add("start.missing", words("There is no start event"), scope.owner or scope.key, scope.line)
    for extra in plain[1:]:
        report.at("start.twice", words("There is a second start event without a message"), extra)
    for node in starts:
        if scope.owner and node.event is not None:
            report.at("start.message", words("A sub-process starts without a message"), node)
        elif node.event is not None and not node.is_event("message"):
            report.at("start.event", words("A process starts by itself or on a message"), node)
    names = [node.event.name for node in starts if node.event is not None]
    for node in starts:
        if node.is_event("message") and names.count(node.event.name if node.event else None) > 1:
            report.at("start.twice", words("Two start events wait for the same message"), node)


def _check_ends(scope: Scope, report: Report) -> None:
    if not scope.of_kind("endEvent"):
        report.add("end.missing", words("There is no end event"), scope.owner or scope.key, scope.line)


def _check_flow(flow: Flow, scope: Scope, report: Report) -> None:
    for end in (flow.source, flow.target):
        if end not in scope.nodes:
            report.at("flow.dangling", words("The flow leads to {id}, which is not here", id=end or "?"), flow)


def _check_ways(node: Node, scope: Scope, report: Report) -> None:
    leaving, arriving = scope.leaving[node.id], scope.arriving[node.id]
    if node.kind == "endEvent" and leaving:
        report.at("flow.after_end", words("Nothing may follow an end event"), node)
    if node.kind in ("startEvent", "boundaryEvent") and arriving:
        report.at("flow.into_start", words("No flow may lead into this event"), node)
    if node.kind != "endEvent" and not node.standing and not leaving:
        report.at("flow.dead_end", words("No flow leads on from here"), node)
    if node.kind not in GATEWAYS:
        for extra in leaving[1:]:
            report.at("flow.implicit_split", words("Only a gateway may have more than one way on"), extra)
        for flow in leaving:
            if flow.condition is not None:
                text = words("Only a flow out of an exclusive or inclusive gateway may have a condition")
                report.at("flow.condition", text, flow)


def _check_gateway(node: Node, scope: Scope, report: Report) -> None:
    leaving = scope.leaving[node.id]
    if node.default is not None and node.default not in {flow.id for flow in leaving}:
        report.at("gateway.default", words("The default flow {id} does not leave this gateway", id=node.default), node)
    if node.kind == "eventBasedGateway":
        _check_awaited(node, scope, report)
    if node.kind in ("parallelGateway", "eventBasedGateway") or len(leaving) < 2:
        for flow in filter(lambda flow: flow.condition is not None, leaving):
            report.at("flow.condition", words("This flow is always taken; a condition has no place here"), flow)
    else:
        _check_choice(node, leaving, report)


def _check_awaited(node: Node, scope: Scope, report: Report) -> None:
    flows = scope.leaving[node.id]
    if len(flows) < 2:
        report.at("gateway.events", words("An event-based gateway needs at least two events after it"), node)
    for flow in flows:
        target = scope.nodes.get(flow.target)
        if target is None or target.kind not in AWAITED:
            text = words("After an event-based gateway come events that catch, and receive tasks")
            report.at("gateway.events", text, flow)
        elif len(scope.arriving[target.id]) > 1 or target.id in scope.boundary:
            text = words("This is reached from the event-based gateway alone, and carries no event of its own")
            report.at("gateway.events", text, target)


def _check_choice(node: Node, leaving: list[Flow], report: Report) -> None:
    if node.default is None:
        report.at("gateway.default", words("The gateway needs a default flow for when no condition is true"), node)
    for flow in leaving:
        if flow.id == node.default and flow.condition is not None:
            report.at("flow.condition", words("The default flow has no condition"), flow)
        elif flow.id != node.default and not flow.condition:
            report.at("gateway.condition", words("The flow needs a condition"), flow)


def _check_reach(scope: Scope, report: Report) -> None:
    reached = reachable(scope.after, [node.id for node in scope.of_kind("startEvent")])
    before: dict[str, list[str]] = {id: [] for id in scope.nodes}
    for id, targets in scope.after.items():
        for target in targets:
            before[target].append(id)
    ending = reachable(before, [node.id for node in scope.of_kind("endEvent")])
    for node in scope.nodes.values():
        if node.id not in reached and not node.standing:
            report.at("flow.unreachable", words("No way leads here"), node)
        elif node.id not in ending and scope.leaving[node.id]:
            report.at("flow.endless", words("From here no end event can be reached"), node)


def _check_inclusive(scope: Scope, report: Report) -> None:
    closed = set()
    for split in inclusive_splits(scope):
        block = block_of(scope, split)
        if block is None or len(scope.arriving[split]) > 1:
            text = words("The ways out of this inclusive gateway must all meet at one inclusive gateway, and no other")
            report.at("gateway.block", text, scope.nodes[split])
        else:
            closed.add(block[0])
    for join in inclusive_joins(scope):
        if join not in closed:
            text = words("This inclusive gateway does not close a block that an inclusive gateway opened")
            report.at("gateway.block", text, scope.nodes[join])
