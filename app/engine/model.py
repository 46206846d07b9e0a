"""A process as its file draws it: nodes, flows, scopes, lanes. Plain values that lint, build and diagram share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

ACTIVITIES = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess", "receiveTask", "sendTask"}
)
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"})
NODES = ACTIVITIES | GATEWAYS | EVENTS
HOSTS = frozenset({"userTask", "callActivity", "subProcess", "receiveTask"})
# What may follow an event-based gateway: the first of them to happen is the way on.
AWAITED = frozenset({"intermediateCatchEvent", "receiveTask"})
# What a message goes out or comes in by.
MESSAGE_TASKS = frozenset({"receiveTask", "sendTask"})


@dataclass(frozen=True)
class Pair:
    """A `duban:in`, `duban:out` or `duban:parameter`: a name and the text of its value."""

    name: str
    value: str
    line: int | None


@dataclass(frozen=True)
class Many:
    """That an activity is done once for each item of a list.

    `attributes`: `collection`, `item`, `index`, `output`, `result`; `until` is the completion condition as written.
    """

    sequential: bool
    attributes: Mapping[str, str]
    until: str | None
    line: int | None

    def names(self, *kinds: str) -> list[str]:
        """The variables named by these attributes."""
        return [self.attributes[kind] for kind in kinds if kind in self.attributes]


@dataclass(frozen=True)
class Event:
    """An event definition. `name` is the message's name, `code` the escalation's code, `text` a timer's value."""

    kind: str
    line: int | None
    ref: str | None = None
    name: str | None = None
    code: str | None = None
    timer: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Node:
    """A flow node. `scope` is the key of the scope it stands in, `body` that of the scope a sub-process holds."""

    id: str
    kind: str
    name: str
    line: int | None
    scope: str
    attributes: Mapping[str, str]
    events: tuple[Event, ...] = ()
    inputs: tuple[Pair, ...] = ()
    outputs: tuple[Pair, ...] = ()
    parameters: tuple[Pair, ...] = ()
    lane: str | None = None
    default: str | None = None
    attached: str | None = None
    interrupts: bool = True
    called: str | None = None
    body: str | None = None
    documentation: str | None = None
    many: Many | None = None
    standing: bool = False
    """An event sub-process: it waits as long as its scope runs."""

    @property
    def event(self) -> Event | None:
        """The event definition, where there is one."""
        return self.events[0] if self.events else None

    def is_event(self, kind: str) -> bool:
        """Whether the node is an event of that definition (`timer`, `message`, `escalation`, `error`, `terminate`)."""
        return self.event is not None and self.event.kind == kind


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is the text as written."""

    id: str
    source: str
    target: str
    condition: str | None
    line: int | None


@dataclass(frozen=True)
class Lane:
    """A lane: its id is the role of those who work in it."""

    id: str
    name: str
    line: int | None
    attributes: Mapping[str, str]
    refs: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """The inside of a process or of an embedded sub-process (`owner`)."""

    key: str
    owner: str | None
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    line: int | None = None

    @cached_property
    def leaving(self) -> dict[str, list[Flow]]:
        """The flows out of each node, in the order of the file."""
        found: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows:
            found.setdefault(flow.source, []).append(flow)
        return found

    @cached_property
    def arriving(self) -> dict[str, list[Flow]]:
        """The flows into each node, in the order of the file."""
        found: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows:
            found.setdefault(flow.target, []).append(flow)
        return found

    @cached_property
    def boundary(self) -> dict[str, list[Node]]:
        """The boundary events of each activity."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.kind == "boundaryEvent" and node.attached:
                found.setdefault(node.attached, []).append(node)
        return found

    @property
    def plain_start(self) -> str | None:
        """The start event without a message."""
        return next((node.id for node in self.of_kind("startEvent") if node.event is None), None)

    @property
    def begins(self) -> Node | None:
        """The start event with a definition: what an event sub-process waits for."""
        return next((node for node in self.of_kind("startEvent") if node.event is not None), None)

    @property
    def standing(self) -> list[Node]:
        """The event sub-processes that stand in this scope."""
        return [node for node in self.nodes.values() if node.standing]

    @cached_property
    def after(self) -> dict[str, list[str]]:
        """Where a token at a node may be next: targets of its flows, and its boundary events."""
        found = {}
        for id in self.nodes:
            targets = [flow.target for flow in self.leaving[id] if flow.target in self.nodes]
            found[id] = targets + [event.id for event in self.boundary.get(id, [])]
        return found

    def of_kind(self, *kinds: str) -> list[Node]:
        """The nodes of these BPMN kinds, in the order of the file."""
        return [node for node in self.nodes.values() if node.kind in kinds]


@dataclass(frozen=True)
class ProcessModel:
    """One process: its scopes by key (its own under its id), in the order of the file."""

    id: str
    name: str
    file: str
    line: int | None
    attributes: Mapping[str, str]
    lanes: Mapping[str, Lane]
    scopes: Mapping[str, Scope]
    documentation: str | None = None

    @property
    def root(self) -> Scope:
        """The scope of the process itself."""
        return self.scopes[self.id]

    @property
    def plain_start(self) -> str | None:
        """Where a call or a person starts it."""
        return self.root.plain_start

    def size(self) -> tuple[int, int]:
        """How many nodes and how many flows it has, those of sub-processes too."""
        scopes = self.scopes.values()
        return sum(len(scope.nodes) for scope in scopes), sum(len(scope.flows) for scope in scopes)

    def nodes(self) -> Iterator[Node]:
        """Every node, those of sub-processes too."""
        for scope in self.scopes.values():
            yield from scope.nodes.values()


def reachable(after: Mapping[str, list[str]], starts: list[str], *, without: frozenset[str] = frozenset()) -> set[str]:
    """The nodes a token set down at `starts` may come to, not stepping on `without`."""
    seen: set[str] = set()
    stack = [start for start in starts if start not in without]
    while stack:
        id = stack.pop()
        if id not in seen:
            seen.add(id)
            stack.extend(next for next in after.get(id, []) if next not in without)
    return seen
