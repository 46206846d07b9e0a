"""Two branches that run side by side do not write the same variable: the later one would undo the other, by chance."""

from __future__ import annotations

from itertools import combinations

from app.engine.lint.report import Report
from app.engine.model import Node, ProcessModel, Scope, reachable
from app.errors import words


def check_parallel(model: ProcessModel, report: Report) -> None:
    """Every split of a process, and every branch of an event that does not interrupt."""
    written = _written(model)
    for scope in model.scopes.values():
        told: set[tuple[str, str]] = set()
        for place, left, right in _side_by_side(scope, _repeated(model)):
            for name in sorted(_names(left - right, written) & _names(right - left, written)):
                if (place.id, name) not in told:
                    told.add((place.id, name))
                    text = words("Two branches that run side by side both write {name}", name=name)
                    report.at("parallel.writers", text, place)


def _repeated(model: ProcessModel) -> set[str]:
    """The event sub-processes that run beside their scope: those that do not interrupt it."""
    begins = {scope.owner: scope.begins for scope in model.scopes.values()}
    return {node.id for node in model.nodes() if node.standing and (event := begins[node.id]) and not event.interrupts}


def _side_by_side(scope: Scope, repeated: set[str]) -> list[tuple[Node, set[str], set[str]]]:
    found = []
    for node in scope.of_kind("parallelGateway", "inclusiveGateway"):
        targets = dict.fromkeys(flow.target for flow in scope.leaving[node.id])
        branches = [reachable(scope.after, [target]) for target in targets]
        found += [(node, left, right) for left, right in combinations(branches, 2)]
    for event in scope.of_kind("boundaryEvent"):
        host = event.attached or ""
        if not event.interrupts and host in scope.nodes:
            beside = reachable(scope.after, [event.id])
            main = reachable(scope.after, [flow.target for flow in scope.leaving[host]])
            found.append((event, beside, main))
    for node in (node for node in scope.standing if node.id in repeated):
        found.append((node, {node.id}, set(scope.nodes) - {node.id}))
    return found


def _names(ids: set[str], written: dict[str, set[str]]) -> set[str]:
    return {name for id in ids for name in written.get(id, ())}


def _written(model: ProcessModel) -> dict[str, set[str]]:
    """The variables each node is known to write; a sub-process writes what its inside does."""
    found: dict[str, set[str]] = {}
    for scope in reversed(list(model.scopes.values())):
        for node in scope.nodes.values():
            own = {node.attributes[key] for key in ("dueKey", "result") if key in node.attributes}
            if node.kind == "businessRuleTask" and "decision" in node.attributes:
                own.add(node.attributes.get("result", node.attributes["decision"]))
            inside = model.scopes[node.body].nodes if node.body else {}
            own |= {pair.name for pair in node.outputs} | _names(set(inside), found)
            found[node.id] = set(node.many.names("result")) if node.many else own
    return found
