"""Which names an expression takes from outside, and with which constants it compares them: known without any data."""

from __future__ import annotations

from dataclasses import dataclass, field

from .tree import (
    Binary,
    Binding,
    Call,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    ListOf,
    Literal,
    Name,
    Node,
    Quantified,
    children,
)
from .tree import Path as PathOf
from .values import Value


@dataclass(frozen=True, slots=True)
class Compared:
    """Constants with which a name is compared; `name` may be a path `a.b`, or `a[]` for the elements of a list."""

    name: str
    values: tuple[Value, ...]
    at: int


@dataclass
class Free:
    """The names found; `reads` may hold entries of filtered contexts, since only the data can tell.

    `places`: where each name and path stands first; `paths`: what is read of a name, `a.b`, as far as it is certain.
    """

    reads: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    in_filters: int = 0
    certain: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    compared: list[Compared] = field(default_factory=list)

    def walk(self, node: Node, bound: frozenset[str]) -> None:
        """Collect the free names below the node."""
        self._compare(node, bound)
        if isinstance(node, Name):
            found = {node.name, node.name.partition(".")[0]} - bound
            self.reads |= found
            self.certain |= set() if self.in_filters else found
            self.places |= {name: node.at for name in found if name not in self.places}
        elif isinstance(node, Call) and isinstance(node.callee, Name):
            self.calls |= {node.callee.name} - bound
            self.places.setdefault(node.callee.name, node.callee.at)
            for argument in node.arguments:
                self.walk(argument, bound)
        elif isinstance(node, For | Quantified):
            self._iterators(node.iterators, node.body, bound)
        elif isinstance(node, Filter):
            self.walk(node.source, bound)
            self.in_filters += 1
            self.walk(node.condition, bound | {"item"})
            self.in_filters -= 1
        else:
            self._others(node, bound)

    def _others(self, node: Node, bound: frozenset[str]) -> None:
        if isinstance(node, ContextOf):
            for entry in node.entries:
                self.walk(entry.value, bound)
                bound |= {entry.key}
            return
        if isinstance(node, FunctionOf):
            bound |= {parameter.name for parameter in node.parameters}
        path = self._name_of(node, bound) if isinstance(node, PathOf) else None
        if path is not None and not self.in_filters:
            self.paths.add(path)
            self.places.setdefault(path, node.at)
        for child in children(node):
            self.walk(child, bound)

    def _iterators(self, iterators: tuple[Binding, ...], body: Node, bound: frozenset[str]) -> None:
        bound |= {"partial"}
        for binding in iterators:
            for child in children(binding):
                self.walk(child, bound)
            bound |= {binding.name}
        self.walk(body, bound)

    def _compare(self, node: Node, bound: frozenset[str]) -> None:
        """Note the constants with which a node compares a free name; in a filter the name may be anything's."""
        if self.in_filters:
            return
        for one, other in _sides(node):
            name, values = self._name_of(one, bound), _constants_in(other)
            if name is not None and values:
                name = f"{name}[]" if isinstance(node, Call) else name
                self.compared.append(Compared(name, values, other.at))

    def _name_of(self, node: Node, bound: frozenset[str]) -> str | None:
        """The free name, or the path of one step from it, that a node is."""
        if isinstance(node, Name):
            return None if node.name.partition(".")[0] in bound else node.name
        if isinstance(node, PathOf) and isinstance(node.source, Name) and node.source.name not in bound:
            return f"{node.source.name}.{node.name}"
        return None


def _sides(node: Node) -> list[tuple[Node, Node]]:
    """The pairs of operands of which one may be a name and the other its constants."""
    if isinstance(node, Binary) and node.operator in ("=", "!="):
        return [(node.left, node.right), (node.right, node.left)]
    if isinstance(node, In):
        return [(node.value, test) for test in node.tests]
    is_contains = isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.name == "list contains"
    if isinstance(node, Call) and is_contains and len(node.arguments) == 2 and not node.names:
        return [(node.arguments[0], node.arguments[1])]
    return []


def _constants_in(node: Node) -> tuple[Value, ...]:
    if isinstance(node, ListOf):
        return tuple(item.value for item in node.items if isinstance(item, Literal))
    return (node.value,) if isinstance(node, Literal) else ()


def free_names(tree: Node) -> Free:
    """Return the free names of a tree; `?` is none."""
    found = Free()
    found.walk(tree, frozenset({"?"}))
    return found


@dataclass(frozen=True, slots=True)
class Given:
    """What an expression can give: constants, or the values of names (`a`, `a.b`)."""

    constants: frozenset[Value] = frozenset()
    names: frozenset[str] = frozenset()


def given_by(tree: Node) -> Given | None:
    """Return what an expression can give, through the branches of `if`; None where that is more than can be told."""
    if isinstance(tree, If):
        then, otherwise = given_by(tree.then), given_by(tree.otherwise)
        if then is None or otherwise is None:
            return None
        return Given(then.constants | otherwise.constants, then.names | otherwise.names)
    if isinstance(tree, Literal):
        return Given(constants=frozenset((tree.value,)))
    name = Free()._name_of(tree, frozenset(("?",)))
    return None if name is None else Given(names=frozenset((name,)))
