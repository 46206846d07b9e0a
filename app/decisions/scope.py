"""What the expressions of a decision model read is there: required, a parameter, an entry above, or a function.

A decision reads what its requirements connect to it, and nothing else (DMN 1.5, 6.2.1 and 10.4); a name without such a
line is null whatever data is given. Also: cells that name a text which their column does not allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.errors import Finding, Invalid, Words, words
from app.feel import Expression, UnaryTests, compile, compile_tests
from app.feel.builtins import BUILTINS

from .findings import id_of
from .xml import Element, child, children, name_of, text_in

Named = Mapping[str, Element]
NESTED = ("context", "list", "relation", "functionDefinition", "invocation", "conditional", "filter", "for", "some")
BOXES = ("literalExpression", "decisionTable", "every", *NESTED)


@dataclass
class Scopes:
    """Walks one file. `names`: names with blanks; `parts`: what requirements may lead to, as expressions call it."""

    names: frozenset[str]
    parts: Mapping[str, str]
    functions: frozenset[str]
    found: list[Finding] = field(default_factory=list)

    def decision(self, element: Element) -> None:
        """A decision reads what its requirements name."""
        self.box(element, self._required(element))

    def knowledge(self, element: Element) -> None:
        """A knowledge model reads its parameters, and the knowledge that it requires."""
        logic = child(element, "encapsulatedLogic")
        if logic is not None:
            self.function(logic, self._required(element) | {element.get("name", "")})

    def _required(self, element: Element) -> frozenset[str]:
        links = children(element, "informationRequirement", "knowledgeRequirement")
        hrefs = (one.get("href", "").rpartition("#") for link in links for one in children(link))
        return frozenset(self.parts.get(f"{space}#{id_}", self.parts.get(id_, "")) for space, _, id_ in hrefs) - {""}

    def box(self, holder: Element, known: frozenset[str]) -> None:
        """Whatever boxes stand directly in an element."""
        for element in children(holder, *BOXES):
            self._boxed(element, known)

    def _boxed(self, element: Element, known: frozenset[str]) -> None:
        kind = name_of(element)
        walks: Mapping[str, Callable[[Element, frozenset[str]], None]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "functionDefinition": self.function,
            "filter": self._filter,
            "for": self._iterator,
            "some": self._iterator,
            "every": self._iterator,
        }
        walks.get(kind, self._parts)(element, known)

    def _parts(self, element: Element, known: frozenset[str]) -> None:
        """A list, a relation, an invocation, a conditional: each part sees what the whole does."""
        self.box(element, known)
        for inner in children(element, "row", "binding", "if", "then", "else"):
            self.box(inner, known)

    def _literal(self, element: Element, known: frozenset[str]) -> None:
        self._expression(element, text_in(element), known)

    def _context(self, element: Element, known: frozenset[str]) -> None:
        for entry in children(element, "contextEntry"):
            self.box(entry, known)
            variable = child(entry, "variable")
            known |= {variable.get("name", "")} if variable is not None else frozenset()

    def function(self, element: Element, known: frozenset[str]) -> None:
        """A function reads its parameters too; one of another language is never run."""
        if element.get("kind", "FEEL") == "FEEL":
            parameters = (found.get("name", "") for found in children(element, "formalParameter"))
            self.box(element, known.union(parameters))

    def _filter(self, element: Element, known: frozenset[str]) -> None:
        """The match of a filter may read the entries of an element, which only the data can tell."""
        source = child(element, "in")
        if source is not None:
            self.box(source, known)

    def _iterator(self, element: Element, known: frozenset[str]) -> None:
        for inner in children(element, "in", "return", "satisfies"):
            more = {element.get("iteratorVariable", ""), "partial"} if name_of(inner) != "in" else frozenset()
            self.box(inner, known.union(more))

    def _table(self, element: Element, known: frozenset[str]) -> None:
        columns = list(children(element, "input"))
        for column in columns:
            asked = child(column, "inputExpression")
            self._expression(column if asked is None else asked, text_in(asked), known)
        outputs = list(children(element, "output"))
        for rule in children(element, "rule"):
            for cell, column in zip(children(rule, "inputEntry"), columns, strict=False):
                self._tests(cell, known)
                self._allowed(cell, child(column, "inputValues"))
            for cell, column in zip(children(rule, "outputEntry"), outputs, strict=False):
                self._expression(cell, text_in(cell), known)
                self._allowed(cell, child(column, "outputValues"))
        self._defaults(outputs, known)

    def _defaults(self, outputs: list[Element], known: frozenset[str]) -> None:
        for output in outputs:
            default = child(output, "defaultOutputEntry")
            if default is not None:
                self._expression(default, text_in(default), known)
                self._allowed(default, child(output, "outputValues"))

    def _allowed(self, cell: Element, values: Element | None) -> None:
        """A cell that lists texts lists only such as its column allows."""
        allowed, listed = _constants(text_in(values), self.names), _constants(text_in(cell), self.names)
        for value in listed or ():
            if allowed and isinstance(value, str) and value not in allowed:
                among = ", ".join(str(one) for one in allowed)
                text = words('"{value}" is not among the values of this column: {values}', value=value, values=among)
                self._add(cell, text, "dmn.value", None)

    def _expression(self, element: Element, text: str, known: frozenset[str]) -> None:
        if text:
            self._read(element, lambda: compile(text, self.names), known)

    def _tests(self, element: Element, known: frozenset[str]) -> None:
        text = text_in(element)
        if text:
            self._read(element, lambda: compile_tests(text, self.names), known)

    def _read(self, element: Element, made: Callable[[], Expression | UnaryTests], known: frozenset[str]) -> None:
        try:
            compiled = made()
        except Invalid:
            return  # said by the reader
        called = BUILTINS.keys() | self.functions
        for name in sorted(compiled.certain):
            dotted = [one for one in compiled.certain if one.startswith(f"{name}.") and one in known]
            if not dotted and name.partition(".")[0] not in known and name not in known | called:
                text = words("{name} is read, and nothing connects it to this decision", name=name)
                self._add(element, text, "dmn.unknown", compiled.places.get(name))
        for name in sorted(compiled.calls):
            if name not in known | called and name.partition(".")[0] not in known:
                self._add(
                    element, words("There is no function {name}", name=name), "dmn.function", compiled.places.get(name)
                )

    def _add(self, element: Element, text: Words, rule: str, position: int | None) -> None:
        line = element.sourceline if isinstance(element.sourceline, int) else None
        self.found.append(Finding(text, rule=rule, element=id_of(element), line=line, position=position))


def _constants(text: str, names: frozenset[str]) -> tuple[object, ...] | None:
    if not text:
        return None
    try:
        return compile_tests(text, names).constants
    except Invalid:
        return None


def unknown(
    root: Element, parts: Mapping[str, str], names: frozenset[str], functions: Iterable[str] = ()
) -> list[Finding]:
    """Every name that an expression of a file reads and that nothing gives it; each text that a column does not allow.

    A model with such faults is still read, so that what was released goes on; nothing new is released with them.
    `parts`: by id (of an imported one `namespace#id`) the name by which expressions call what a requirement leads to.
    `functions`: those that the host lends.
    """
    scopes = Scopes(names, parts, frozenset(functions))
    for element in children(root, "decision"):
        scopes.decision(element)
    for element in children(root, "businessKnowledgeModel"):
        scopes.knowledge(element)
    return list(_each_once(scopes.found))


def _each_once(findings: list[Finding]) -> Iterator[Finding]:
    seen: set[tuple[str, str | None, str]] = set()
    for one in findings:
        key = (one.rule, one.element, str(one.words))
        if key not in seen:
            seen.add(key)
            yield one
