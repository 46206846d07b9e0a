"""What the expressions of a diagram read is given: a name that nobody gives, or a text it never holds, is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app import feel
from app.engine.formulas import FORMULA_ATTRIBUTES, Place, model_places, node_places
from app.engine.lint.given import COUNTS, Given
from app.engine.lint.supply import ANYTHING, Names, Values, joined
from app.engine.model import Node, ProcessModel, Scope
from app.errors import Finding, Invalid, Words, words
from app.feel import Expression

TITLES = frozenset({"title", "party", "unique"})


@dataclass(frozen=True)
class Fault:
    """What is wrong with what an expression reads: the rule, the words, the position in its text."""

    rule: str
    words: Words
    position: int | None


def faults(expression: Expression, names: Names, functions: Iterable[str] = ()) -> Iterator[Fault]:
    """What an expression reads and nobody gives, and the texts it compares with that a name never holds."""
    known = {name.partition(".")[0].partition("[")[0] for name in names} | names.keys() | set(functions)
    for name in sorted(expression.certain):
        if not _is_known(name, expression.certain, known):
            text = words("{name} is read, and nobody gives it", name=name)
            yield Fault("feel.unknown", text, expression.places.get(name))
    for path in sorted(expression.paths):
        if path not in names and any(name.startswith(f"{path.partition('.')[0]}.") for name in names):
            text = words("{name} is read, and nobody gives it", name=path)
            yield Fault("feel.unknown", text, expression.places.get(path))
    for one in expression.compared:
        yield from _never(one.values, names.get(one.name, ANYTHING), one.name, one.at)


def _is_known(name: str, read: Iterable[str], known: set[str]) -> bool:
    """Whether a name is given, or is the part before or after a dot of one that is."""
    whole = [one for one in read if one.startswith(f"{name}.")]
    return name in known or name.partition(".")[0] in known or any(one in known for one in whole)


def _never(compared: Iterable[object], values: Values, name: str, at: int | None) -> Iterator[Fault]:
    if values is None:
        return
    for value in compared:
        if value is not None and value not in values:
            among = ", ".join(sorted(values)) or "null"
            text = words('"{value}" is never the value of {name}: {values}', value=str(value), name=name, values=among)
            yield Fault("feel.value", text, at)


def check_reads(given: Given) -> list[Finding]:
    """Every expression of every process, against what is known where it is evaluated."""
    return [finding for model in given.models.values() for finding in _Reads(model, given).findings()]


class _Reads:
    def __init__(self, model: ProcessModel, given: Given) -> None:
        self.model = model
        self.given = given
        self.supply = given.supply
        self.known = given.known

    def findings(self) -> Iterator[Finding]:
        """Those of the process itself, its lanes, its nodes."""
        everything = self.given.of_process(self.model.id)
        answers = joined(everything, *(self._answers(node) for node in self.model.nodes()))
        for place in model_places(self.model):
            if place.element == self.model.id and place.key in TITLES:
                yield from self._of(place, answers)
        for scope in self.model.scopes.values():
            for node in scope.nodes.values():
                yield from self._of_node(node, scope)

    def _answers(self, node: Node) -> Names:
        return self._form(node) if node.kind == "userTask" else {}

    def _form(self, node: Node) -> Names:
        return self.supply.form(self.model.id, node.id, node.attributes.get("form", node.id))

    def _of_node(self, node: Node, scope: Scope) -> Iterator[Finding]:
        before = self.given.before.get((self.model.id, node.id), {})
        entered = joined(before, {name: ANYTHING for name in [node.attributes.get("dueKey", "")] if name})
        for place in node_places(node, scope):
            yield from self._of(place, self._at(place, node, entered))
        lane = self.model.lanes.get(node.lane or "")
        for name in ("org", "person") if lane is not None and node.kind == "userTask" else ():
            if lane is not None and name in lane.attributes and name not in node.attributes:
                place = Place(name, f"duban:{name}", lane.attributes[name], lane.line, node.id)
                yield from self._of(place, self._item(node, entered))
        if node.kind == "businessRuleTask":
            yield from self._of_decision(node, entered)

    def _at(self, place: Place, node: Node, entered: Names) -> Names | None:
        """What is known where a place of a node is evaluated."""
        kind = place.key.partition(".")[0]
        if kind == "condition":
            return self.given.after.get((self.model.id, node.id), entered)
        if kind == "out":
            return self._brought(node, entered)
        if place.key in ("many.output", "many.until"):
            counted: Names = dict.fromkeys((*COUNTS, *(node.many.names("result") if node.many else ())), ANYTHING)
            inner = self.given.inside.get((self.model.id, node.id), {})
            return joined(inner, counted) if place.key == "many.until" else inner
        if place.key in FORMULA_ATTRIBUTES or kind in ("in", "parameter"):
            return self._item(node, entered)
        return entered

    def _item(self, node: Node, entered: Names) -> Names:
        """With the item and its number, where the node is done for each item of a list."""
        item: Names = dict.fromkeys(node.many.names("item", "index") if node.many else (), ANYTHING)
        return joined(entered, item)

    def _brought(self, node: Node, entered: Names) -> Names | None:
        """What a mapping out of a call or a message reads; None where nothing of the pack sends the message."""
        if node.kind == "callActivity":
            return self.given.ends.get(node.called or "", {}) if node.called in self.given.models else None
        payload = self.given.payload((node.event.name if node.event else None) or "")
        if payload is None:
            return None
        begins = self.supply.begins.get(self.model.id, {}) if node.kind == "startEvent" else {}
        return joined(entered, payload, begins)

    def _of_decision(self, node: Node, entered: Names) -> Iterator[Finding]:
        decision = node.attributes.get("decision", "")
        for name in sorted(self.supply.reads(decision)):
            if name not in entered:
                text = words("The decision {decision} reads {name}, and nobody gives it", decision=decision, name=name)
                place = Place("decision", "duban:decision", decision, node.line, node.id)
                yield self._finding(place, Fault("feel.unknown", text, None))

    def _of(self, place: Place, names: Names | None) -> Iterator[Finding]:
        if not place.is_expression or names is None:
            return
        try:
            expression = feel.compile(place.source, self.known)
        except Invalid:
            return  # said by the check of texts
        for fault in faults(expression, names, self.supply.functions):
            yield self._finding(place, fault)

    def _finding(self, place: Place, fault: Fault) -> Finding:
        text = words("{field}: {cause}", field=place.field, cause=fault.words)
        return Finding(
            text,
            rule=fault.rule,
            file=self.model.file,
            element=place.element,
            line=place.line,
            field=place.field,
            position=fault.position,
        )
