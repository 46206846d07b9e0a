"""Cases that stand still as the page of incidents shows them, with the element in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from app import monitor
from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.monitor.incidents import Incident
from app.people.access import Actor
from app.web.monitor.page import process_name
from app.web.texts import named


@dataclass(frozen=True)
class IncidentRow:
    """A case that stands still. `element`: the name of what it was about to do; empty where nobody knows."""

    incident: Incident
    process: str
    element: str


@dataclass(frozen=True)
class IncidentList:
    """The page of incidents."""

    lines: tuple[IncidentRow, ...]
    total: int


def incident_list(db: Session, by: Actor) -> IncidentList:
    """The bureau's incidents; one statement."""
    found = monitor.incidents(db, by)
    return IncidentList(tuple(_line(db, one) for one in found.incidents), found.total)


def _line(db: Session, one: Incident) -> IncidentRow:
    pack = open_release(db, one.release_id)
    return IncidentRow(one, process_name(pack, one.process), element_name(pack, one.element))


def element_name(pack: Pack, element: str | None) -> str:
    """The name of an element whose process is not known, where only one name is meant."""
    steps = [process.steps.get(element or "") for process in pack.diagram.processes.values()]
    names = {named(step).replace("\n", "") for step in steps if step is not None}
    return names.pop() if len(names) == 1 else ""
