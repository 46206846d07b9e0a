"""Nothing runs for ever: every cycle waits somewhere, calls form no circle and are at most five deep."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.lint.report import Report
from app.engine.model import Node, ProcessModel, Scope, reachable
from app.errors import words

CALL_DEPTH = 5


class Waits:
    """Which nodes surely wait for a person, a message or time."""

    def __init__(self, models: Mapping[str, ProcessModel]) -> None:
        self.scopes: dict[str, Scope] = {}
        self.passing: dict[str, bool] = {}
        for model in models.values():
            self.scopes.update(model.scopes)

    def surely(self, node: Node) -> bool:
        """Whether no token passes this node at once; what is done for each item of a list does without any item."""
        if node.many is not None:
            return False
        if node.kind in ("userTask", "intermediateCatchEvent", "receiveTask"):
            return True
        body = self.scopes.get(node.body or node.called or "")
        if body is None or node.kind not in ("subProcess", "callActivity"):
            return False
        return not self.passes(body)

    def passes(self, scope: Scope) -> bool:
        """Whether a token can go from a start to an end of a scope without a wait; a call in a circle never does."""
        if scope.key not in self.passing:
            self.passing[scope.key] = False
            self.passing[scope.key] = self._passes(scope)
        return self.passing[scope.key]

    def _passes(self, scope: Scope) -> bool:
        waiting = frozenset(node.id for node in scope.nodes.values() if self.surely(node))
        ways = {id: [flow.target for flow in scope.leaving[id]] for id in scope.nodes}
        starts = [node.id for node in scope.of_kind("startEvent")]
        reached = reachable(ways, starts, without=waiting)
        return any(node.id in reached for node in scope.of_kind("endEvent"))


def check_cycles(model: ProcessModel, waits: Waits, report: Report) -> None:
    """Name one node of each cycle that a token could go round without ever waiting."""
    for scope in model.scopes.values():
        waiting = frozenset(node.id for node in scope.nodes.values() if waits.surely(node))
        ways = {id: [flow.target for flow in scope.leaving[id]] for id in scope.nodes}
        told: set[str] = set()
        for node in scope.nodes.values():
            round_trip = reachable(ways, ways[node.id], without=waiting)
            if node.id not in waiting and node.id in round_trip and not told & round_trip:
                told.add(node.id)
                report.at("loop.endless", words("The case could go round here for ever without waiting"), node)


def check_calls(models: Mapping[str, ProcessModel], reports: Mapping[str, Report]) -> None:
    """Name every call that leads back to its own process, and those that go too deep."""
    calls = {id: [node for node in model.nodes() if node.called in models] for id, model in models.items()}
    called = {id: [node.called or "" for node in nodes] for id, nodes in calls.items()}
    depths: dict[str, int] = {}
    for id, model in models.items():
        for node in calls[id]:
            report = reports[model.file]
            if id in reachable(called, [node.called or ""]):
                text = words("The called process {name} leads back to this one", name=node.called)
                report.at("call.circle", text, node)
            elif _depth(node.called or "", called, depths, frozenset()) >= CALL_DEPTH + 1:
                report.at("call.depth", words("Calls are more than {limit} deep here", limit=CALL_DEPTH), node)


def _depth(id: str, called: Mapping[str, list[str]], depths: dict[str, int], above: frozenset[str]) -> int:
    """How many processes stand under each other from this one down, itself included."""
    if id in above:
        return 0
    if id not in depths:
        below = [_depth(next, called, depths, above | {id}) for next in called.get(id, [])]
        depths[id] = 1 + max(below, default=0)
    return depths[id]
