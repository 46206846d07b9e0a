"""Models that a model imports, found by their namespace among the files given along (DMN 1.5, 6.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from app.errors import Invalid, words
from app.feel.types import Type

from .findings import Findings
from .model import Imported, Model
from .xml import NAMESPACES, Element, children, name_of, parse

_NAMED = frozenset(
    ("decision", "inputData", "businessKnowledgeModel", "decisionService", "itemComponent", "itemDefinition")
    + ("variable", "formalParameter", "parameter", "column", "output", "import")
)
ReadRoot = Callable[["Element", "Library"], Model]


@dataclass
class Library:
    """Files beside the one that is read; each is read at most once, when an import asks for it."""

    read: ReadRoot
    roots: dict[str, Element] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def add(self, files: Iterable[bytes]) -> None:
        """Take files along; those that are no DMN are left to whoever reads them themselves."""
        for xml in files:
            try:
                root = parse(xml)
            except Invalid:
                continue
            self.roots.setdefault(root.get("namespace", ""), root)

    def model(self, namespace: str) -> Model | None:
        """Return the model of a namespace, None when it is not here or imports itself; raises Invalid."""
        if namespace in self.open or namespace not in self.roots:
            return None
        if namespace not in self.models:
            self.open.append(namespace)
            self.models[namespace] = self.read(self.roots[namespace], self)
            self.open.pop()
        return self.models[namespace]


@dataclass
class Imports:
    """The imported models of one file by namespace, with the name each is known under here."""

    models: dict[str, tuple[str, Model]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def parts(self) -> Iterator[Imported]:
        """Give the parts of all imported models, by ids of their own."""
        for namespace, (alias, model) in self.models.items():
            for part in model.parts.values():
                if not isinstance(part, Imported):
                    yield Imported(f"{namespace}#{part.id}", part.name, alias, model, part)

    def types(self) -> dict[str, Type]:
        """Return the types of all imported models as they are called here, and there."""
        found: dict[str, Type] = {}
        for alias, model in self.models.values():
            found |= {name: wanted for name, wanted in model.types.items() if name not in found}
            found |= {f"{alias}.{name}": wanted for name, wanted in model.types.items() if alias}
        return found

    def id_of(self, href: str) -> str:
        """Return the id of the part that a reference means."""
        namespace, _, id_ = href.rpartition("#")
        return href if namespace in self.models else id_


def imports_of(root: Element, library: Library, findings: Findings) -> Imports:
    """Return what a file imports; what is no DMN, or not here, is a finding."""
    found = Imports()
    for element in children(root, "import"):
        namespace, alias = element.get("namespace", ""), element.get("name", "")
        if element.get("importType") not in NAMESPACES:
            findings.add(element, words("Only DMN models can be imported"), "dmn.unsupported")
            continue
        model = library.model(namespace)
        if model is None:
            findings.add(element, words("The imported model {name} is not here", name=alias or namespace), "dmn.import")
            continue
        found.models[namespace] = (alias, model)
        found.names |= set(names_in(library.roots[namespace])) | {alias}
    return found


def names_in(root: Element) -> Iterator[str]:
    """Give every name that a file's expressions may use."""
    for element in root.iter():
        if name_of(element) in _NAMED and element.get("name"):
            yield element.get("name", "")
        if element.get("iteratorVariable"):
            yield element.get("iteratorVariable", "")
