"""Item definitions → types, and how data is fitted to them (DMN 1.5, 7.3.2 and 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.errors import words
from app.feel import UnaryTests
from app.feel.run import Run
from app.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from app.feel.types import ANY, NAMES, ContextType, FunctionType, ListType, Type, fit, named
from app.feel.values import NoValue, Value

from .findings import Findings
from .xml import Element, child, children, text_in

_READERS: Mapping[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
_SIMPLE = frozenset((*NAMES, "dateTime", "dayTimeDuration", "yearMonthDuration", "duration", "null"))


@dataclass(frozen=True, slots=True)
class Allowed(Type):
    """A type with allowed values."""

    base: Type
    tests: UnaryTests
    list_as_whole: bool = False

    def holds(self, value: Value) -> bool:
        return self.base.holds(value) and self.allows(value)

    def allows(self, value: Value) -> bool:
        """Tell whether the value, or each element of a collection, is among the allowed ones."""
        values = value if isinstance(value, list) and not self.list_as_whole else [value]
        return all(self.tests.test(item, {}, Run()) for item in values)


class Items:
    """The item definitions of a model by name; asked for a type reference, they give the type."""

    def __init__(self, root: Element, findings: Findings, imported: Mapping[str, Type] | None = None) -> None:
        self._elements = {found.get("name", ""): found for found in children(root, "itemDefinition")}
        self._types: dict[str, Type] = {
            name: one for name, one in (imported or {}).items() if name not in self._elements
        }
        self._open: list[str] = []
        self._findings = findings

    def all(self) -> Mapping[str, Type]:
        """Return every defined type by its name; their faults become findings."""
        return {**self._types, **{name: self.named(name, element) for name, element in self._elements.items()}}

    def of(self, element: Element | None) -> Type | None:
        """Return the type of an element's `typeRef`, None when it has none."""
        name = None if element is None else element.get("typeRef")
        return self.named(name, element) if name and element is not None else None

    def named(self, name: str, at: Element) -> Type:
        """Return the type of this name; an unknown one is a finding."""
        if name in self._types:
            return self._types[name]
        element = self._elements.get(name)
        if element is None:
            simple = name.rpartition(":")[2] if _names_feel(name, at) else name
            if name not in _SIMPLE and self._local(name, at) in self._elements:
                return self.named(self._local(name, at), at)
            if simple not in _SIMPLE:
                self._findings.add(at, words("There is no type {name}", name=name), "dmn.type")
                return ANY
            return ListType("list", ANY) if simple == "list" else named(simple)
        if name in self._open:
            self._findings.add(at, words("The type {name} contains itself", name=name), "dmn.type")
            return ANY
        self._open.append(name)
        self._types[name] = self._read(element)
        self._open.pop()
        return self._types[name]

    @staticmethod
    def _local(name: str, at: Element) -> str:
        """The name without the prefix of the model's own namespace, as DMN 1.1 writes references to types."""
        prefix, colon, local = name.rpartition(":")
        own = at.getroottree().getroot().get("namespace")
        return local if colon and own and at.nsmap.get(prefix) == own else name

    def _read(self, element: Element) -> Type:
        base = self._base(element)
        tests = self._tests(child(element, "allowedValues"))
        if tests:
            base = Allowed(base.name, base, tests)
        if element.get("isCollection") == "true":
            base = ListType("list", base)
        whole = self._tests(child(element, "typeConstraint"))
        return Allowed(base.name, base, whole, list_as_whole=True) if whole else base

    def _base(self, element: Element) -> Type:
        components = list(children(element, "itemComponent"))
        if components:
            return ContextType("context", tuple((part.get("name", ""), self._read(part)) for part in components))
        function = child(element, "functionItem")
        if function is not None:
            parameters = [self.of(part) or ANY for part in children(function, "parameters")]
            result = function.get("outputTypeRef")
            return FunctionType("function", tuple(parameters), self.named(result, function) if result else ANY)
        reference = child(element, "typeRef")
        return ANY if reference is None else self.named((reference.text or "").strip(), element)

    def _tests(self, element: Element | None) -> UnaryTests | None:
        text = text_in(element)
        return self._findings.tests(element, text) if element is not None and text else None


def _names_feel(name: str, at: Element) -> bool:
    """Whether the prefix of a type's name is that of FEEL's own types: `feel:`, or a prefix bound to its namespace."""
    prefix, colon, _ = name.rpartition(":")
    return bool(colon) and (prefix == "feel" or "/FEEL" in (at.nsmap.get(prefix) or ""))


def fitted(value: Value, wanted: Type | None) -> Value:
    """Return the value as the type wants it; raises NoValue when it does not fit or is not allowed."""
    if not isinstance(wanted, Allowed):
        return fit(value, wanted)
    base = fitted(value, wanted.base)
    if base is not None and not wanted.allows(base):
        raise NoValue(words("The value is not among those allowed"))
    return base


def from_input(value: Value, wanted: Type | None) -> Value:
    """Return input data with texts read as dates, times and durations where the type wants these."""
    if isinstance(wanted, Allowed):
        return from_input(value, wanted.base)
    if isinstance(wanted, ListType) and isinstance(value, list):
        return [from_input(item, wanted.item) for item in value]
    if isinstance(wanted, ContextType) and isinstance(value, dict):
        return {**value, **{name: from_input(value[name], part) for name, part in wanted.entries if name in value}}
    if wanted is not None and isinstance(value, str) and wanted.name in _READERS:
        return _READERS[wanted.name](value)
    return value
