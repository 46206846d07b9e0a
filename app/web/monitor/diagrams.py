"""A process's diagram with the number of cases at each element, and the same as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from app import monitor
from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Process
from app.errors import NotFound, words
from app.monitor.board import BoardQuery
from app.monitor.positions import Position
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.monitor.filters import query_of
from app.web.monitor.page import step_of
from app.web.texts import gettext, named


@dataclass(frozen=True)
class ProcessTab:
    """A process of the present release, and how many cases stand in it."""

    process: str
    name: str
    count: int
    late: int


@dataclass(frozen=True)
class ElementCount:
    """A line of the table. `kind`: what the element is; `drawn`: whether the present diagram has it."""

    element: str
    name: str
    kind: str
    count: int
    late: int
    address: str
    drawn: bool


@dataclass(frozen=True)
class DiagramPage:
    """Everything on the page of one process."""

    process: str
    name: str
    tabs: tuple[ProcessTab, ...]
    places: tuple[ElementCount, ...]
    island: dict[str, Any]


def diagram_page(db: Session, by: Actor, bureau: Bureau, process: str | None) -> DiagramPage:
    """The diagram of that process, else of the one where most cases stand; four statements. Raises NotFound."""
    processes = bureau.pack.diagram.processes
    found = monitor.positions(db, by, monitor.marks_of(bureau.rules), processes)
    tabs = _tabs(bureau.pack, found)
    chosen = process or (tabs[0].process if tabs else "")
    if chosen not in processes:
        raise NotFound(words("There is no such diagram here."))
    places = [_place(db, bureau, one) for one in found if one.process == chosen]
    places.sort(key=lambda one: (-one.late, -one.count, one.element))
    island = _island(bureau, processes[chosen], places)
    return DiagramPage(chosen, named(processes[chosen]), tuple(tabs), tuple(places), island)


def xml_of(bureau: Bureau, process: str) -> bytes:
    """The drawing of a process of the present release. Raises NotFound."""
    found = bureau.pack.diagram.processes.get(process)
    if found is None:
        raise NotFound(words("There is no such diagram here."))
    return found.xml


def _tabs(pack: Pack, found: list[Position]) -> list[ProcessTab]:
    """The processes, those in which cases stand first."""
    counts, late = Counter[str](), Counter[str]()
    for one in found:
        if not one.called:
            counts[one.process] += one.count
            late[one.process] += one.late
    tabs = [ProcessTab(key, named(one), counts[key], late[key]) for key, one in pack.diagram.processes.items()]
    return sorted(tabs, key=lambda tab: -tab.count)


def _place(db: Session, bureau: Bureau, one: Position) -> ElementCount:
    present = bureau.pack.diagram.processes[one.process].steps.get(one.element)
    step = present or step_of(open_release(db, one.release_id), one.process, one.element)
    target = bureau.address("monitor.board", **query_of(BoardQuery(step=(one.process, one.element))))
    kind = gettext("open step")
    if one.called:
        kind = gettext("called procedure")
        target = bureau.address("monitor.diagrams", process=step.called) if step and step.called else ""
    elif step and step.kind != "userTask":
        kind, target = gettext("waits for a message or a day"), ""
    name = named(step).replace("\n", "") if step else ""
    return ElementCount(one.element, name or one.element, kind, one.count, one.late, target, present is not None)


def _island(bureau: Bureau, process: Process, places: list[ElementCount]) -> dict[str, Any]:
    badges = [
        {
            "element": one.element, "name": one.name, "count": one.count, "late": one.late, "address": one.address,
            "label": _label(one),
        }
        for one in places
        if one.drawn
    ]  # fmt: skip
    label = gettext("Diagram of {name}", name=named(process))
    return {"src": bureau.address("monitor.diagram", process=process.id), "label": label, "counts": badges}


def _label(one: ElementCount) -> str:
    if one.late:
        return gettext("{name}: {count} cases, {late} of them overdue", name=one.name, count=one.count, late=one.late)
    return gettext("{name}: {count} cases", name=one.name, count=one.count)
