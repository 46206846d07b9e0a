"""Which names an expression takes from outside: the variables it reads and the functions it calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from .tree import Binding, Call, ContextOf, Filter, For, FunctionOf, Name, Node, Quantified, children


@dataclass
class Free:
    """The names found; `reads` may hold entries of filtered contexts, since only the data can tell."""

    reads: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    in_filters: int = 0
    certain: set[str] = field(default_factory=set)

    def walk(self, node: Node, bound: frozenset[str]) -> None:
        """Collect the free names below the node."""
        if isinstance(node, Name):
            found = {node.name, node.name.partition(".")[0]} - bound
            self.reads |= found
            self.certain |= set() if self.in_filters else found
        elif isinstance(node, Call) and isinstance(node.callee, Name):
            self.calls |= {node.callee.name} - bound
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
        for child in children(node):
            self.walk(child, bound)

    def _iterators(self, iterators: tuple[Binding, ...], body: Node, bound: frozenset[str]) -> None:
        bound |= {"partial"}
        for binding in iterators:
            for child in children(binding):
                self.walk(child, bound)
            bound |= {binding.name}
        self.walk(body, bound)


def free_names(tree: Node) -> Free:
    """Return the free names of a tree; `?` is none."""
    found = Free()
    found.walk(tree, frozenset({"?"}))
    return found
