"""Every place of a diagram that holds an expression, and its compiled form; FEEL is the only language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app import feel
from app.engine.model import Node, Pair, ProcessModel, Scope
from app.errors import Finding

FORMULA_ATTRIBUTES = ("deadline", "from", "due", "org", "person", "key", "status", "lateStatus", "paper")
PROCESS_FORMULAS = ("title", "party", "unique")


@dataclass(frozen=True)
class Place:
    """A text that is or may be an expression. `field` is how people find it; `key` how the engine does."""

    key: str
    field: str
    text: str
    line: int | None
    element: str | None
    always: bool = False

    @property
    def is_expression(self) -> bool:
        """Whether the text is FEEL: it starts with `=`, or stands where only FEEL may stand (a condition)."""
        return self.always or feel.is_expression(self.text)

    @property
    def source(self) -> str:
        """The FEEL text without its leading `=`."""
        return feel.expression_text(self.text) if feel.is_expression(self.text) else self.text


class Formula:
    """A place ready to be evaluated: an expression, or a literal text that stands for itself."""

    def __init__(self, place: Place, names: Iterable[str]) -> None:
        self.text = place.text
        self.expression = feel.compile(place.source, tuple(names)) if place.is_expression else None
        self.names = self.expression.names if self.expression is not None else frozenset[str]()

    def value(
        self,
        facts: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]],
        warnings: list[Finding] | None = None,
    ) -> object:
        """The FEEL value over these facts; a literal's own text. Why a value is null goes to `warnings`."""
        if self.expression is None:
            return self.text
        return self.expression(facts, functions=functions, warnings=warnings)


def node_places(node: Node, scope: Scope) -> Iterator[Place]:
    """The places of a node, with the conditions of the flows that leave it."""
    for name in FORMULA_ATTRIBUTES:
        if name in node.attributes:
            yield Place(name, f"duban:{name}", node.attributes[name], node.line, node.id)
    for event in node.events:
        if event.timer:
            yield Place("timer", event.timer, event.text, event.line, node.id)
    yield from _many_places(node)
    yield from _pair_places("in", node.inputs, node)
    yield from _pair_places("out", node.outputs, node)
    yield from _pair_places("parameter", node.parameters, node)
    for flow in scope.leaving.get(node.id, []):
        if flow.condition is not None:
            yield Place(f"condition.{flow.id}", "conditionExpression", flow.condition, flow.line, flow.id, always=True)


def model_places(model: ProcessModel) -> Iterator[Place]:
    """Every place of a process: its own attributes, its lanes', its nodes'."""
    for name in PROCESS_FORMULAS:
        if name in model.attributes:
            yield Place(name, f"duban:{name}", model.attributes[name], model.line, model.id)
    for lane in model.lanes.values():
        for name in ("org", "person"):
            if name in lane.attributes:
                yield Place(name, f"duban:{name}", lane.attributes[name], lane.line, lane.id)
    for scope in model.scopes.values():
        for node in scope.nodes.values():
            yield from node_places(node, scope)


def written_names(model: ProcessModel) -> set[str]:
    """The variables the diagram itself names as written."""
    names: set[str] = set()
    for node in model.nodes():
        names |= {node.attributes[key] for key in ("dueKey", "result") if key in node.attributes}
        names |= {pair.name for pair in (*node.inputs, *node.outputs)}
        names |= set(node.many.names("item", "index", "result")) if node.many else set()
    return names - {""}


def _many_places(node: Node) -> Iterator[Place]:
    if node.many is None:
        return
    for name in ("collection", "output"):
        if name in node.many.attributes:
            yield Place(f"many.{name}", f"duban:{name}", node.many.attributes[name], node.many.line, node.id)
    if node.many.until:
        yield Place("many.until", "completionCondition", node.many.until, node.many.line, node.id, always=True)


def _pair_places(kind: str, pairs: Iterable[Pair], node: Node) -> Iterator[Place]:
    for pair in pairs:
        yield Place(f"{kind}.{pair.name}", f"duban:{kind} {pair.name}", pair.value, pair.line, node.id)
