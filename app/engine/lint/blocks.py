"""Blocks of a diagram: which join belongs to an inclusive split, and what stands between."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.model import Scope, reachable


def inclusive_splits(scope: Scope) -> list[str]:
    """The inclusive gateways with more than one way on."""
    return [node.id for node in scope.of_kind("inclusiveGateway") if len(scope.leaving[node.id]) > 1]


def inclusive_joins(scope: Scope) -> list[str]:
    """The inclusive gateways with one way on."""
    return [node.id for node in scope.of_kind("inclusiveGateway") if len(scope.leaving[node.id]) <= 1]


def block_of(scope: Scope, split: str) -> tuple[str, frozenset[str]] | None:
    """The join that closes a split, and the elements between; None where the two do not form a block.

    A block: every way from the split comes to the join, none comes back or ends before, none enters from outside.
    """
    for join in inclusive_joins(scope):
        ways = _ways_to(scope, join)
        region = frozenset(reachable(ways, ways[split], without=frozenset({join})))
        if split not in region and _closes(ways, split, join, region):
            return join, region
    return None


def inclusive_regions(scope: Scope) -> Mapping[str, frozenset[str]]:
    """For each inclusive join the elements whose tokens it waits for."""
    blocks = [block_of(scope, split) for split in inclusive_splits(scope)]
    return {block[0]: block[1] for block in blocks if block is not None}


def _ways_to(scope: Scope, join: str) -> dict[str, list[str]]:
    """The graph without the side branches (of events that do not interrupt) that end by themselves."""
    sides = {node.id for node in scope.of_kind("boundaryEvent") if not node.interrupts}
    aside = {side for side in sides if join not in reachable(scope.after, [side])}
    return {id: [target for target in targets if target not in aside] for id, targets in scope.after.items()}


def _closes(ways: Mapping[str, list[str]], split: str, join: str, region: frozenset[str]) -> bool:
    inside = region | {split}
    for id, targets in ways.items():
        if id in region and not targets:
            return False
        if id not in inside and any(target in region or target == join for target in targets):
            return False
    return bool(region)
