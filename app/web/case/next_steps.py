"""Steps that may come next: the user tasks that a token could reach along the drawn flows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lxml import etree

from app.definitions.pack import Pack
from app.engine import Process, Step

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ElementPlace = tuple[str, str]
MOST = 4


def next_steps(pack: Pack, root: str, standing: Iterable[ElementPlace]) -> list[Step]:
    """The next user tasks after those places, nearest first; boundary events are exceptions and are left out."""
    flows = _flows_of(pack, root)
    queue, seen, found = (
        deque(flow for place in standing for flow in flows.get(place, ())),
        set[ElementPlace](),
        list[Step](),
    )
    while queue and len(found) < MOST:
        place = queue.popleft()
        if place in seen:
            continue
        seen.add(place)
        step = pack.diagram.processes[place[0]].steps.get(place[1])
        if step is not None and step.kind == "userTask":
            found.append(step)
        else:
            queue.extend(flows.get(place, ()))
    return found


def _flows_of(pack: Pack, root: str) -> Mapping[ElementPlace, list[ElementPlace]]:
    """Flows of a process and all that it calls; the end of a called process leads on behind its call."""
    flows: dict[ElementPlace, list[ElementPlace]] = {}
    waiting, known = [root], set[str]()
    while waiting:
        process = pack.diagram.processes.get(waiting.pop())
        if process is None or process.id in known:
            continue
        known.add(process.id)
        drawn = _drawn(process.xml, process.id)
        for source, targets in drawn.flows.items():
            flows.setdefault((process.id, source), []).extend((process.id, target) for target in targets)
        for element, called in _calls(process):
            _descend(flows, (process.id, element), pack.diagram.processes[called])
            waiting.append(called)
    return flows


def _calls(process: Process) -> list[tuple[str, str]]:
    return [(step.element, step.called) for step in process.steps.values() if step.called]


def _descend(flows: dict[ElementPlace, list[ElementPlace]], call: ElementPlace, called: Process) -> None:
    drawn = _drawn(called.xml, called.id)
    behind = flows.get(call, [])
    flows[call] = [(called.id, start.element) for start in called.starts]
    for end in drawn.ends:
        flows.setdefault((called.id, end), []).extend(behind)


class _Drawn:
    """Flows and ends of one process, with sub-processes opened up."""

    def __init__(self, root: etree._Element) -> None:
        self.flows: dict[str, list[str]] = {}
        for flow in root.iter(f"{BPMN}sequenceFlow"):
            self.flows.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
        self.ends = _ids(root, "endEvent")
        for inner in root.iter(f"{BPMN}subProcess"):
            key = inner.get("id", "")
            behind = self.flows.get(key, [])
            for end in _ids(inner, "endEvent"):
                self.flows.setdefault(end, []).extend(behind)
            self.flows[key] = _ids(inner, "startEvent")


def _ids(scope: etree._Element, kind: str) -> list[str]:
    return [node.get("id", "") for node in scope.findall(f"{BPMN}{kind}")]


@lru_cache(maxsize=256)
def _drawn(xml: bytes, process_id: str) -> _Drawn:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(xml, parser)
    return _Drawn(next(node for node in tree.iter(f"{BPMN}process") if node.get("id") == process_id))
