"""Which function turns which kind of tree node into a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .run import Scope
from .tree import Node
from .values import Value

Code = Callable[[Scope], Value]
_BUILDERS: dict[type[Node], Callable[[Any], Code]] = {}


def builds(node_type: type[Node]) -> Callable[[Callable[[Any], Code]], Callable[[Any], Code]]:
    """Register the builder of a node type."""

    def register(builder: Callable[[Any], Code]) -> Callable[[Any], Code]:
        _BUILDERS[node_type] = builder
        return builder

    return register


def build(node: Node) -> Code:
    """Return the closure that evaluates the node in a scope."""
    return _BUILDERS[type(node)](node)
