"""A DMN file → a checked model, or all its faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from app.errors import Invalid, words
from app.feel.types import FunctionType, Type

from .findings import Findings
from .imports import Imports, Library, imports_of, names_in
from .items import Items
from .model import Decision, Imported, Info, InputData, Knowledge, Model, Part, Service
from .reading import BoxReader
from .scope import unknown
from .xml import Element, child, children, parse

_PARTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def read(xml: bytes, others: Iterable[bytes] = (), *, strict: bool = True) -> Model:
    """Return the model of a DMN 1.1 to 1.5 file; raises Invalid with all findings (element, line, words).

    `others`: files that it may import from. With `strict` false, expressions that cannot be read are null and their
    findings are among the doubts: for trying a model that is still being written.
    """
    library = Library(partial(_read, strict=strict))
    root = parse(xml)
    library.add(others)
    library.open.append(root.get("namespace", ""))
    try:
        return _read(root, library, strict=strict)
    except RecursionError:
        raise Invalid(words("The decision model is nested too deeply")) from None


def _read(root: Element, library: Library, *, strict: bool) -> Model:
    findings = Findings(names_in(root))
    imports = imports_of(root, library, findings)
    findings.names |= imports.names
    reader = _ModelReader(root, findings, imports)
    parts = {part.id: part for part in (*imports.parts(), *reader.parts())}
    reader.check(parts)
    findings.raise_any(strict=strict)
    decisions = tuple(Info(part.id, part.name) for part in parts.values() if isinstance(part, Decision))
    called = {
        id_: part.alias if isinstance(part, Imported) and part.alias else part.name for id_, part in parts.items()
    }
    gaps = partial(unknown, root, called, findings.names)
    return Model(root.get("name", ""), parts, reader.items.all(), decisions, tuple(findings.doubts), gaps)


class _ModelReader:
    def __init__(self, root: Element, findings: Findings, imports: Imports) -> None:
        self.root = root
        self.findings = findings
        self.imports = imports
        self.items = Items(root, findings, imports.types())
        self.items.all()
        self.boxes = BoxReader(self.items, findings)
        self.references: list[tuple[Element, str, tuple[type, ...]]] = []
        self._elements: dict[str, Element] = {}

    def parts(self) -> Iterator[Part]:
        """Give all parts of the requirement graph."""
        readers = (self._input, self._decision, self._knowledge, self._service)
        for name, reader in zip(_PARTS, readers, strict=True):
            for element in children(self.root, name):
                self._check_identity(element)
                yield reader(element)

    def _check_identity(self, element: Element) -> None:
        id_ = element.get("id") or element.get("name")
        if not id_ or not element.get("name"):
            self.findings.add(element, words("A name is needed"), "dmn.identity")
        elif id_ in self._elements:
            self.findings.add(element, words("The id {id} stands twice", id=id_), "dmn.identity")
        self._elements[id_ or ""] = element

    def _input(self, element: Element) -> Part:
        return InputData(*self._identity(element), self.items.of(child(element, "variable")))

    def _decision(self, element: Element) -> Part:
        needs = self._links(element, "informationRequirement", ("requiredInput", "requiredDecision"))
        wanted = self.items.of(child(element, "variable"))
        return Decision(*self._identity(element), wanted, self.boxes.find(element), needs, self._knows(element))

    def _knowledge(self, element: Element) -> Part:
        logic = child(element, "encapsulatedLogic")
        name = element.get("name", "")
        function = None if logic is None else self.boxes.function(logic, name)
        wanted = None if logic is None else self.items.of(logic)
        return Knowledge(*self._identity(element), wanted, function, self._knows(element))

    def _service(self, element: Element) -> Part:
        inputs = [*self._hrefs(element, "inputData"), *self._hrefs(element, "inputDecision")]
        outputs = tuple(self._hrefs(element, "outputDecision"))
        if not outputs:
            self.findings.add(element, words("The service has no output"), "dmn.service")
        return Service(*self._identity(element), self._service_type(element), outputs, tuple(inputs))

    def _service_type(self, element: Element) -> Type | None:
        wanted = self.items.of(child(element, "variable"))
        return wanted.result if isinstance(wanted, FunctionType) else wanted

    @staticmethod
    def _identity(element: Element) -> tuple[str, str]:
        """The id and the name; what has no id (only references need one) goes by its name."""
        variable = child(element, "variable")
        name = "" if variable is None else variable.get("name", "")
        called = element.get("name") or name
        return element.get("id") or called, called

    def _knows(self, element: Element) -> tuple[str, ...]:
        return self._links(element, "knowledgeRequirement", ("requiredKnowledge",))

    def _links(self, element: Element, requirement: str, names: tuple[str, ...]) -> tuple[str, ...]:
        found = children(element, requirement)
        return tuple(id_ for link in found for name in names for id_ in self._hrefs(link, name))

    def _hrefs(self, element: Element, name: str) -> Iterator[str]:
        kinds: tuple[type, ...] = (Knowledge, Service) if name == "requiredKnowledge" else (InputData, Decision)
        for link in children(element, name):
            id_ = self.imports.id_of(link.get("href", ""))
            self.references.append((link, id_, kinds))
            yield id_

    def check(self, parts: dict[str, Part]) -> None:
        """Note references to nothing and circles of requirements."""
        for link, id_, kinds in self.references:
            part = parts.get(id_)
            if not isinstance(part.part if isinstance(part, Imported) else part, kinds):
                self.findings.add(link, words("The reference {id} leads nowhere", id=id_), "dmn.reference")
        if not self.findings.found:
            self._check_circles(parts)

    def _check_circles(self, parts: dict[str, Part]) -> None:
        done: set[str] = set()
        for id_, part in parts.items():
            if self._circles(parts, id_, (), done):
                text = words("The decision {name} requires itself", name=part.name)
                self.findings.add(self._elements[id_], text, "dmn.circle")

    def _circles(self, parts: dict[str, Part], id_: str, way: tuple[str, ...], done: set[str]) -> bool:
        if id_ in way:
            return True
        if id_ in done:
            return False
        part = parts[id_]
        below = (*getattr(part, "needs", ()), *getattr(part, "knows", ()))
        found = any(self._circles(parts, needed, (*way, id_), done) for needed in below)
        done.add(id_)
        return found
