"""Which names are known at each place of a diagram, on some way that leads there, and which texts they can hold.

A fact is known where a way from the beginning passes what writes it: a form, an operation, a decision, a deadline, a
mapping into or out of a call, a message. The calculation goes round until nothing more becomes known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.lint.supply import ANYTHING, Names, Supply, joined, result
from app.engine.model import Node, Pair, ProcessModel, Scope

COUNTS = ("numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances")
DECLARED = "given"
"""`duban:given` of a process: names that it is given from outside, where no diagram or form of the pack says so."""

MOST_PASSES = 40
"""What a call may take a name for before that name is known can swing to and fro; each pass is right by itself."""


class Given:
    """What is known before, inside and after each node of the processes that belong together."""

    def __init__(self, models: Mapping[str, ProcessModel], supply: Supply, known: tuple[str, ...]) -> None:
        self.models = models
        self.supply = supply
        self.known = known
        self.before: dict[tuple[str, str], Names] = {}
        self.after: dict[tuple[str, str], Names] = {}
        self.inside: dict[tuple[str, str], Names] = {}
        self.starts: dict[str, Names] = {}
        self.ends: dict[str, Names] = {}
        self.thrown: dict[str, Names] = {}
        for model in models.values():
            self.starts[model.id] = joined(supply.begins.get(model.id, {}), declared(model))
        self._settle()

    def _settle(self) -> None:
        last = -1
        for _ in range(MOST_PASSES):
            if (size := self._size()) == last:
                break
            last = size
            for model in self.models.values():
                for scope in model.scopes.values():
                    self._pass(model, scope)

    def _size(self) -> int:
        """Grows with whatever becomes known: names, texts of a name, a name that can be anything."""
        many = (*self.before.values(), *self.after.values(), *self.starts.values(), *self.ends.values())
        return sum(100_000 if values is None else 1 + len(values) for names in many for values in names.values())

    def _pass(self, model: ProcessModel, scope: Scope) -> None:
        for node in scope.nodes.values():
            key = (model.id, node.id)
            arriving = [self.after.get((model.id, flow.source), {}) for flow in scope.arriving[node.id]]
            self.before[key] = joined(*arriving, self._beginning(model, scope, node))
            self.after[key] = self._through(model, scope, node, self.before[key])
        ends = [self.before.get((model.id, node.id), {}) for node in scope.of_kind("endEvent")]
        self.ends[scope.key] = joined(*ends)

    def _beginning(self, model: ProcessModel, scope: Scope, node: Node) -> Names:
        """What is known at a node before any flow leads to it."""
        if node.kind == "startEvent":
            by_message = scope.owner is None and node.is_event("message")
            return declared(model) if by_message else self.starts.get(scope.key, {})
        if node.standing:
            return self.everywhere(model, scope)
        host = scope.nodes.get(node.attached or "")
        if node.kind != "boundaryEvent" or host is None:
            return {}
        found = joined(self.before.get((model.id, host.id), {}), _due_key(host))
        return joined(found, self.everywhere(model, model.scopes[host.body])) if host.body else found

    def everywhere(self, model: ProcessModel, scope: Scope) -> Names:
        """What is known somewhere in a scope and inside what stands in it."""
        found = self.starts.get(scope.key, {})
        for node in scope.nodes.values():
            found = joined(found, self.after.get((model.id, node.id), {}))
            if node.body and not node.many:
                found = joined(found, self.everywhere(model, model.scopes[node.body]))
        return found

    def _through(self, model: ProcessModel, scope: Scope, node: Node, before: Names) -> Names:
        """What is known after a node."""
        entered = joined(before, _due_key(node))
        if node.many is None:
            written = self._written(model, node, entered)
            if node.standing:
                self.starts[scope.key] = joined(self.starts.get(scope.key, {}), written)
            return joined(entered, written)
        item = {name: ANYTHING for name in node.many.names("item", "index")}
        inner = joined(entered, item)
        self.inside[model.id, node.id] = joined(inner, self._written(model, node, inner))
        return joined(entered, {name: ANYTHING for name in node.many.names("result")})

    def _written(self, model: ProcessModel, node: Node, entered: Names) -> Names:
        if node.kind == "userTask":
            return self.supply.form(model.id, node.id, node.attributes.get("form", node.id))
        if node.kind == "serviceTask":
            return self._operated(node, entered)
        if node.kind == "businessRuleTask":
            found = self.supply.decision(node.attributes.get("decision", ""))
            return {f"{_result_of(node)}{entry}": values for entry, values in found.items()}
        if node.kind == "callActivity":
            return self._called(node, entered)
        if node.kind == "subProcess" and node.body:
            self.starts[node.body] = joined(self.starts.get(node.body, {}), entered)
            return self.ends.get(node.body, {})
        if node.is_event("message") or node.kind == "receiveTask":
            return self._message(model, node, entered)
        return {}

    def _operated(self, node: Node, entered: Names) -> Names:
        operation, written = node.attributes.get("operation", ""), {pair.name: pair.value for pair in node.parameters}
        given = self.supply.operation(operation, written)
        for pair in node.parameters:  # such as the code of a paper, which a call passes in
            for text in self._pairs([pair], entered)[pair.name] or ():
                given = joined(given, self.supply.operation(operation, {**written, pair.name: text}))
        passed = [pair for pair in node.parameters if f"={pair.name}" in given]
        found = {name: values for name, values in given.items() if not name.startswith("=")}
        return joined(found, self._pairs(passed, entered))

    def _called(self, node: Node, entered: Names) -> Names:
        called = self.models.get(node.called or "")
        if called is None:
            return {pair.name: ANYTHING for pair in node.outputs}
        self.starts[called.id] = joined(self.starts[called.id], self._pairs(node.inputs, entered))
        return self._pairs(node.outputs, self.ends.get(called.id, {}))

    def _message(self, model: ProcessModel, node: Node, entered: Names) -> Names:
        """What a message brings: what `duban:out` names of it, or all; or, thrown, what is sent along."""
        name = (node.event.name if node.event else None) or ""
        if node.kind in ("endEvent", "intermediateThrowEvent", "sendTask"):
            self.thrown[name] = joined(self.thrown.get(name, {}), self._pairs(node.inputs, entered))
            return {}
        payload = self.payload(name)
        if node.kind == "startEvent" and node.scope == model.id:
            payload = joined(payload or {}, self.supply.begins.get(model.id, {}))
        if not node.outputs:
            return payload or {}
        return self._pairs(node.outputs, joined(entered, payload or {}))

    def payload(self, message: str) -> Names | None:
        """What comes with a message; None where nothing of the pack sends it: then only `duban:out` can say."""
        if message not in self.thrown and message not in self.supply.payloads:
            return None
        return joined(self.thrown.get(message, {}), self.supply.payloads.get(message, {}))

    def _pairs(self, pairs: tuple[Pair, ...] | list[Pair], names: Names) -> Names:
        return joined(*(result(pair.value, names, self.known, pair.name) for pair in pairs))

    def callers(self, process: str) -> Iterator[tuple[str, str]]:
        """The calls of a process, as process and element."""
        for model in self.models.values():
            for node in model.nodes():
                if node.called == process:
                    yield model.id, node.id

    def of_case(self, process: str, element: str) -> Names:
        """What a case has of facts when it comes to an element: what is known there, and at the calls around it."""
        found = self.before.get((process, element), {})
        for caller in self.callers(process):
            found = joined(found, self.of_case(*caller))
        return found

    def of_process(self, process: str) -> Names:
        """Whatever becomes known in a process."""
        model = self.models[process]
        return joined(*(self.everywhere(model, scope) for scope in model.scopes.values()))


def declared(model: ProcessModel) -> Names:
    """The names that a process says it is given."""
    return {name: ANYTHING for name in model.attributes.get(DECLARED, "").split()}


def _due_key(node: Node) -> Names:
    """The fact in which a deadline is kept."""
    key = node.attributes.get("dueKey")
    return {key: ANYTHING} if key else {}


def _result_of(node: Node) -> str:
    return node.attributes.get("result", node.attributes.get("decision", ""))
