"""Ways through a process as it is drawn: whether a case can get somewhere without a step, and by which way.

A call is walked through; a boundary event leaves its activity undone, one that does not interrupt begins a way of its
own; an event sub-process can begin as soon as its scope has. Conditions are not weighed: what is drawn can be gone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.engine import Node, Process, Scope

Must = Callable[[str, Node], bool]
"""Whether a node of a process (by its key) is the step in question."""
DEEPEST = 8


@dataclass(frozen=True)
class Place:
    """A place on a way: before (`done` false) or after a node. `around`: the calls and sub-processes that hold it.

    `beside`: on a way of its own within its scope, begun by an event that does not interrupt.
    """

    process: str
    scope: str
    node: str
    done: bool = False
    around: tuple[Place, ...] = ()
    beside: bool = False


Goal = Callable[[Place, Node], bool]


@dataclass(frozen=True)
class Ways:
    """The ways through the processes of a pack that avoid a step."""

    processes: Mapping[str, Process]
    must: Must

    def to(self, process: str, is_goal: Goal, inside: str | None = None) -> list[str] | None:
        """The nodes of a way from a start of the process to a goal, the step not done; None where there is none.

        `inside`: the key of the sub-process in which the ways begin.
        """
        waiting = deque(self._beginnings(process, inside or process, (), beside=False))
        before: dict[Place, Place | None] = dict.fromkeys(waiting)
        while waiting:
            place = waiting.popleft()
            if is_goal(place, self.node(place)):
                return _nodes_to(place, before)
            for other in self._next(place):
                if other not in before:
                    before[other] = place
                    waiting.append(other)
        return None

    def node(self, place: Place) -> Node:
        """The node of a place."""
        return self._scope(place).nodes[place.node]

    def _scope(self, place: Place) -> Scope:
        return self.processes[place.process].scopes[place.scope]

    def _beginnings(self, process: str, key: str, around: tuple[Place, ...], *, beside: bool) -> list[Place]:
        """Where a scope begins, and what waits in it from then on."""
        scopes = self.processes[process].scopes
        scope = scopes[key]
        starts = [Place(process, key, node.id, False, around, beside) for node in scope.of_kind("startEvent")]
        standing = [
            Place(process, key, one.id, False, around, beside or not _interrupts(scopes[one.body]))
            for one in scope.standing
            if one.body is not None
        ]
        return starts + standing

    def _next(self, place: Place) -> Iterator[Place]:
        node, scope = self.node(place), self._scope(place)
        if place.done:
            yield from self._after(place, node, scope)
            return
        for event in scope.boundary.get(node.id, []):
            yield replace(place, node=event.id, beside=place.beside or not event.interrupts)
        if inside := self._inside(place, node):
            yield from inside
        elif not self.must(place.process, node):
            yield replace(place, done=True)

    def _inside(self, place: Place, node: Node) -> list[Place]:
        """The beginnings of a sub-process or of a called process."""
        if len(place.around) >= DEEPEST:
            return []
        around = (*place.around, place)
        if node.body is not None:
            return self._beginnings(place.process, node.body, around, beside=False)
        if node.called is not None and node.called in self.processes:
            return self._beginnings(node.called, node.called, around, beside=False)
        return []

    def _after(self, place: Place, node: Node, scope: Scope) -> Iterator[Place]:
        if node.kind == "endEvent":
            if not node.is_event("error") and (not place.beside or node.is_event("terminate")):
                yield from self._out_of(place)
        elif node.standing:
            if not place.beside:
                yield from self._out_of(place)
        else:
            targets = [flow.target for flow in scope.leaving.get(node.id, []) if flow.target in scope.nodes]
            split = node.kind == "parallelGateway" and len(targets) > 1
            if not (split and self._one_branch_must(place, targets)):
                yield from (replace(place, node=target, done=False) for target in targets)

    def _out_of(self, place: Place) -> Iterator[Place]:
        """The end of a scope: what holds it is done."""
        if place.around:
            holder = place.around[-1]
            if not self.must(holder.process, self.node(holder)):
                yield replace(holder, done=True)

    def _one_branch_must(self, place: Place, targets: list[str]) -> bool:
        """Whether one of the branches that all are gone cannot be gone without the step, as far as the next join."""
        return any(not self._joins(replace(place, node=target, done=False)) for target in targets)

    def _joins(self, first: Place) -> bool:
        waiting, seen = [first], {first}
        while waiting:
            place = waiting.pop()
            node = self.node(place)
            is_join = node.kind == "parallelGateway" and len(self._scope(place).arriving.get(node.id, [])) > 1
            ends = node.kind == "endEvent" and place.done
            if (place.scope, place.around) == (first.scope, first.around) and (is_join or ends):
                return True
            fresh = [one for one in self._next(place) if one not in seen and one.beside <= place.beside]
            seen.update(fresh)
            waiting += fresh
        return False


def _nodes_to(place: Place | None, before: Mapping[Place, Place | None]) -> list[str]:
    found: list[str] = []
    while place is not None:
        if not found or found[-1] != place.node:
            found.append(place.node)
        place = before[place]
    return found[::-1]


def _interrupts(standing: Scope) -> bool:
    """Whether an event sub-process ends all else in its scope when it begins."""
    return standing.begins is not None and standing.begins.interrupts
