"""The syntax tree of FEEL: frozen nodes, each with the position (`at`) where it starts in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from .types import Type
from .values import Value


@dataclass(frozen=True, slots=True)
class Node:
    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[low..high]`, or `(< high)` with its operator."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`names` is empty for positional arguments, else one name an argument."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic or comparison of two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """A chain of `and`, or of `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A unary test `< operand`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests as they stand in a decision table's cell; no tests at all is `-`."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Binding(Node):
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Binding, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` … satisfies body."""

    quantifier: str
    iterators: tuple[Binding, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    parameters: tuple[Parameter, ...]
    body: Node


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def literals(root: Node) -> tuple[Value, ...] | None:
    """Return the constants of unary tests that consist of nothing else, for checks of a table; else None."""
    if isinstance(root, Literal):
        return (root.value,)
    if isinstance(root, Negate):
        inner = literals(root.operand) or ()
        return tuple(-value for value in inner) if inner and isinstance(inner[0], Decimal) else None
    if not isinstance(root, Tests | Compare | RangeOf | ListOf):
        return None
    found: list[Value] = []
    for child in children(root):
        below = literals(child)
        if below is None:
            return None
        found += below
    return tuple(found)


def constants(root: Node) -> tuple[Value, ...] | None:
    """Return the values of a cell that only lists constants to be equal to, `"W", "B"`; else None."""
    if not isinstance(root, Tests) or root.negated or not root.tests:
        return None
    found = [literals(test) for test in root.tests if isinstance(test, Literal | Negate)]
    return None if len(found) < len(root.tests) or None in found else tuple(one[0] for one in found if one)


def weight(root: Node) -> int:
    """Return what one evaluation of the tree costs in fuel, loops inside not counted: a step for four nodes."""
    waiting, count = [root], 0
    while waiting:
        count += 1
        waiting.extend(children(waiting.pop()))
    return 1 + count // 4


def height(root: Node) -> int:
    """Return the length of the longest way down the tree."""
    level, count = [root], 0
    while level:
        level, count = [child for node in level for child in children(node)], count + 1
    return count
