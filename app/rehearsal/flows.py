"""Which sequence flows a story has taken: read from the diagrams, and from the order in which elements were visited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from app.definitions.pack import Pack
from app.journal import Entry

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
JOINS = ("parallelGateway", "inclusiveGateway")
HOLDERS = ("callActivity", "subProcess")
Place = tuple[str, str]


@dataclass(frozen=True)
class Flow:
    """An arrow of a diagram."""

    id: str
    process: str
    source: Place
    target: Place


class Charts:
    """The arrows and the decision tables of a pack's files."""

    def __init__(self, pack: Pack, files: Mapping[str, bytes]) -> None:
        self.pack = pack
        self._flows = [flow for process in pack.diagram.processes.values() for flow in _flows(process.id, process.xml)]
        self.into: dict[Place, list[Flow]] = defaultdict(list)
        for flow in self._flows:
            self.into[flow.target].append(flow)
        self._tables = [data for path, data in sorted(files.items()) if path.endswith(".dmn")]

    def flows(self, process: str) -> Iterator[str]:
        """The ids of a process's arrows."""
        return (flow.id for flow in self._flows if flow.process == process)

    def rules(self) -> dict[str, list[str]]:
        """The ids of the rules of each decision table that the pack's steps ask for, by decision."""
        steps = (step for process in self.pack.diagram.processes.values() for step in process.steps.values())
        asked = {step.attributes.get("decision") for step in steps}
        found: dict[str, list[str]] = {}
        for data in self._tables:
            decisions = list(_root(data).iter("{*}decision"))
            if not asked & {name for decision in decisions for name in (decision.get("id"), decision.get("name"))}:
                continue  # of the shared pack, for other processes
            for decision in decisions:
                rules = [str(rule.get("id")) for rule in decision.iter("{*}rule") if rule.get("id")]
                if rules:
                    found[str(decision.get("id"))] = rules
        return found

    def kind(self, place: Place) -> str:
        """What an element is."""
        process, element = place
        return self.pack.step(process, element).kind

    def ends_of(self, place: Place) -> Iterator[Place]:
        """The end events after which a call activity is done."""
        called = self.pack.step(*place).called or ""
        steps = self.pack.diagram.processes[called].steps if called in self.pack.diagram.processes else {}
        return ((called, key) for key, step in steps.items() if step.kind == "endEvent")


@dataclass
class _Walk:
    """One case's way, element by element."""

    charts: Charts
    moment: int = 0
    finished: dict[Place, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def finish(self, place: Place) -> None:
        """Note that an element has been left behind."""
        self.moment += 1
        self.finished[place] = self.moment

    def enter(self, place: Place) -> list[Flow]:
        """The arrows by which an element has been reached."""
        arrows = self.charts.into.get(place, [])
        if len(arrows) == 1:
            return arrows
        fresh = [flow for flow in arrows if self._left(flow.source) > self.used.get(flow.id, 0)]
        fresh.sort(key=lambda flow: self._left(flow.source))
        taken = fresh if self.charts.kind(place) in JOINS else fresh[-1:]
        for flow in taken:
            self.used[flow.id] = self._left(flow.source)
        return taken

    def _left(self, place: Place) -> int:
        if self.charts.kind(place) == "callActivity":
            return max((self.finished.get(end, 0) for end in self.charts.ends_of(place)), default=0)
        return self.finished.get(place, 0)


def taken(charts: Charts, entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Process and id of each arrow that a case has followed, from its journal."""
    walk = _Walk(charts)
    for entry in entries:
        if entry.kind == "task.completed" and entry.element:
            for process in charts.pack.diagram.processes.values():
                if entry.element in process.steps:
                    walk.finish((process.id, entry.element))
        for visit in entry.data.get("visited", ()):
            process_id, _, element = visit.partition("/")
            for flow in walk.enter((process_id, element)):
                yield flow.process, flow.id
            if charts.kind((process_id, element)) not in ("userTask", "callActivity"):
                walk.finish((process_id, element))


def _flows(process: str, xml: bytes) -> Iterator[Flow]:
    for arrow in _root(xml).iter(f"{BPMN}sequenceFlow"):
        source, target = str(arrow.get("sourceRef")), str(arrow.get("targetRef"))
        yield Flow(str(arrow.get("id")), process, (process, source), (process, target))


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(xml, parser)
