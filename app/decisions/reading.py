"""Boxed expressions and decision tables from XML, with every fault as a finding."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import words
from app.feel import Expression, UnaryTests, compile
from app.feel.types import Type

from .boxed import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    ContextEntry,
    FunctionDefinition,
    Invocation,
    LiteralExpression,
    Parameter,
    Relation,
    Typed,
)
from .coverage import doubts
from .findings import Findings, id_of
from .index import index_of
from .items import Allowed, Items
from .table import POLICIES, DecisionTable, Input, Output, Rule
from .xml import Element, child, children, name_of, text_in

_FEEL = ("", "feel", "FEEL")


class BoxReader:
    """Reads whatever box an element holds."""

    def __init__(self, items: Items, findings: Findings) -> None:
        self.items = items
        self.findings = findings
        self._readers: dict[str, Callable[[Element], Boxed]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "invocation": self._invocation,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._iterator,
            "some": self._iterator,
            "every": self._iterator,
        }

    def inside(self, element: Element | None, holder: Element) -> Boxed:
        """Return the box inside an element; none there is a finding."""
        found = None if element is None else child(element, *self._readers)
        if found is not None:
            return self.box(found)
        self.findings.add(holder, words("An expression is missing"), "dmn.missing")
        return LiteralExpression(self.findings.expression(holder, "null"))

    def find(self, element: Element) -> Boxed | None:
        """Return the box directly below, or None."""
        found = child(element, *self._readers)
        return None if found is None else self.box(found)

    def box(self, element: Element) -> Boxed:
        """Return the boxed expression of this very element, with its own type if it has one."""
        boxed = self._readers[name_of(element)](element)
        wanted = self.items.of(element)
        return boxed if wanted is None else Typed(boxed, wanted)

    def _literal(self, element: Element) -> Boxed:
        language = element.get("expressionLanguage", "")
        if language not in _FEEL and "/FEEL" not in language:
            self.findings.add(element, words("The language {name} is not run", name=language), "dmn.language")
        if child(element, "importedValues") is not None:
            self.findings.add(element, words("Imported values are not supported"), "dmn.unsupported")
        return LiteralExpression(self.findings.expression(element, text_in(element)))

    def _context(self, element: Element) -> Boxed:
        entries = []
        for found in children(element, "contextEntry"):
            variable = child(found, "variable")
            name = "" if variable is None else variable.get("name", "")
            entries.append(ContextEntry(name, self.items.of(variable), self.inside(found, found)))
        return BoxedContext(tuple(entries))

    def _list(self, element: Element) -> Boxed:
        return BoxedList(tuple(self.box(found) for found in children(element, *self._readers)))

    def _relation(self, element: Element) -> Boxed:
        columns = tuple(found.get("name", "") for found in children(element, "column"))
        rows = tuple(
            tuple(self.box(cell) for cell in children(row, *self._readers)) for row in children(element, "row")
        )
        for row, cells in zip(children(element, "row"), rows, strict=True):
            if len(cells) != len(columns):
                self.findings.add(row, words("The row does not have a cell a column"), "dmn.relation")
        return Relation(columns, rows)

    def function(self, element: Element, name: str = "function") -> FunctionDefinition:
        """Return a function definition; one of Java or PMML gives null."""
        parameters = tuple(
            Parameter(found.get("name", ""), self.items.of(found)) for found in children(element, "formalParameter")
        )
        if element.get("kind", "FEEL") == "FEEL":
            return FunctionDefinition(name, parameters, self.inside(element, element))
        self.findings.doubt(element, words("Functions outside FEEL are not run"), "dmn.unsupported")
        return FunctionDefinition(name, parameters, LiteralExpression(compile("null")))

    def _invocation(self, element: Element) -> Boxed:
        bindings = []
        for found in children(element, "binding"):
            parameter = child(found, "parameter")
            name = "" if parameter is None else parameter.get("name", "")
            boxed = self.find(found) or LiteralExpression(self.findings.expression(found, "null"))
            bindings.append((name, boxed))
        return Invocation(self.inside(element, element), tuple(bindings))

    def _conditional(self, element: Element) -> Boxed:
        condition, then, otherwise = (self.inside(child(element, name), element) for name in ("if", "then", "else"))
        return Conditional(condition, then, otherwise)

    def _filter(self, element: Element) -> Boxed:
        return BoxedFilter(self.inside(child(element, "in"), element), self.inside(child(element, "match"), element))

    def _iterator(self, element: Element) -> Boxed:
        body = child(element, "return" if name_of(element) == "for" else "satisfies")
        source = self.inside(child(element, "in"), element)
        return BoxedIterator(name_of(element), element.get("iteratorVariable", ""), source, self.inside(body, element))

    def _table(self, element: Element) -> Boxed:
        inputs = tuple(self._input(found) for found in children(element, "input"))
        outputs = tuple(self._output(found, element) for found in children(element, "output"))
        rules = tuple(
            self._rule(found, number, len(inputs), len(outputs))
            for number, found in enumerate(children(element, "rule"), 1)
        )
        policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
        self._check_policy(element, policy, aggregation, outputs)
        letter = POLICIES.get(policy, "U")
        index = None if self.findings.found else index_of([rule.tests for rule in rules])
        table = DecisionTable(id_of(element) or "", letter, aggregation, inputs, outputs, rules, index)
        if not self.findings.found:
            for text, rule in doubts(table):
                self.findings.doubt(element, text, rule)
        return table

    def _check_policy(self, element: Element, policy: str, aggregation: str, outputs: tuple[Output, ...]) -> None:
        if policy not in POLICIES:
            self.findings.add(element, words("There is no hit policy {name}", name=policy), "dmn.table")
        if aggregation and (policy != "COLLECT" or aggregation not in ("SUM", "MIN", "MAX", "COUNT")):
            self.findings.add(element, words("There is no aggregation {name}", name=aggregation), "dmn.table")
        if aggregation not in ("", "COUNT") and len(outputs) > 1:
            self.findings.add(element, words("An aggregation needs one single output"), "dmn.table")
        if not outputs:
            self.findings.add(element, words("The table has no output"), "dmn.table")

    def _input(self, element: Element) -> Input:
        expression = child(element, "inputExpression")
        boxed = LiteralExpression(
            self.findings.expression(element if expression is None else expression, text_in(expression))
        )
        if not text_in(expression):
            self.findings.add(element, words("An expression is missing"), "dmn.missing")
        allowed = self._tests(child(element, "inputValues"))
        return Input(element.get("label") or text_in(expression), boxed, self.items.of(expression), allowed)

    def _output(self, element: Element, table: Element) -> Output:
        values, wanted = child(element, "outputValues"), self.items.of(element)
        default = child(element, "defaultOutputEntry")
        return Output(
            element.get("name") or "",
            wanted,
            self._tests(values),
            self._ordered(element, text_in(values) or _allowed_text(wanted)),
            self.findings.expression(default, text_in(default)) if default is not None else None,
        )

    def _ordered(self, element: Element, text: str) -> Expression | None:
        return self.findings.expression(element, f"[{text}]") if text else None

    def _tests(self, element: Element | None) -> UnaryTests | None:
        text = text_in(element)
        return self.findings.tests(element, text) if element is not None and text else None

    def _rule(self, element: Element, number: int, inputs: int, outputs: int) -> Rule:
        tests = tuple(self.findings.tests(cell, text_in(cell)) for cell in children(element, "inputEntry"))
        results = tuple(self.findings.expression(cell, text_in(cell)) for cell in children(element, "outputEntry"))
        if len(tests) != inputs or len(results) != outputs:
            self.findings.add(element, words("The rule does not have a cell a column"), "dmn.table")
        return Rule(element.get("id") or f"rule {number}", tests, results, *_said(element))


def _said(rule: Element) -> tuple[str, str]:
    """The author's words: description and annotations."""
    description = child(rule, "description")
    said = (description.text or "").strip() if description is not None else ""
    return said, " ".join(filter(None, (text_in(note) for note in children(rule, "annotationEntry"))))


def _allowed_text(wanted: Type | None) -> str:
    return wanted.tests.text if isinstance(wanted, Allowed) else ""
