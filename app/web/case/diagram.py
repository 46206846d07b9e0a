"""The diagram of a case with what is done, current and next, as far as the reader may know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.cases.course import CourseStep
from app.cases.view import View
from app.engine import Process
from app.web.case.next_steps import next_steps
from app.web.case.reader import CaseReader
from app.web.frame import Bureau
from app.web.texts import gettext, named


@dataclass(frozen=True)
class CaseDiagram:
    """One diagram of the case: its process, its name, and what its island is given."""

    process: str
    name: str
    current: bool
    island: dict[str, Any]


def case_diagrams(
    seen: View, steps: Sequence[CourseStep], reader: CaseReader, bureau: Bureau, address: str
) -> list[CaseDiagram]:
    """The case's own diagram and those of the processes that it has called, the one where it stands marked.

    `address`: where the XML is, with `{process}` in it.
    """
    places = {one.process for one in steps if one.closed_at is None and reader.sees(one)}
    return [
        CaseDiagram(
            process=one.id,
            name=named(one),
            current=one.id in places or (not places and one.id == seen.case.process),
            island=_island(seen, steps, reader, bureau, one) | {"src": address.format(process=one.id)},
        )
        for one in shown_processes(seen, steps, reader)
    ]


def shown_processes(seen: View, steps: Sequence[CourseStep], reader: CaseReader) -> list[Process]:
    """The processes whose diagrams this reader gets: others than the bureau only those in which they have a step."""
    entered = [seen.case.process, *seen.visited]
    if not reader.inside:
        own = [one.process for one in steps if reader.sees(one)]
        entered = own if reader.agency_only else [seen.case.process, *own]
    processes = seen.pack.diagram.processes
    return [processes[key] for key in dict.fromkeys(entered) if key in processes]


def _island(
    seen: View, steps: Sequence[CourseStep], reader: CaseReader, bureau: Bureau, process: Process
) -> dict[str, Any]:
    mine = [one for one in steps if one.process == process.id and reader.sees(one)]
    now = [one for one in mine if one.closed_at is None]
    late = {one.element for one in now if one.due is not None and one.due < bureau.today}
    done = seen.visited.get(process.id, set()) if reader.inside else {one.element for one in mine if one.closed_at}
    current = {one.element for one in now} | _calling(seen, steps, reader, process)
    coming = (
        next_steps(seen.pack, seen.case.process, [(one.process, one.element) for one in now]) if reader.inside else []
    )
    return {
        "done": sorted(done - current),
        "current": sorted(current - late),
        "late": sorted(late),
        "next": sorted({step.element for step in coming if step.process == process.id} - current),
        "label": gettext("Diagram of {name}", name=named(process)),
    }


def _calling(seen: View, steps: Sequence[CourseStep], reader: CaseReader, process: Process) -> set[str]:
    """Call activities and sub-processes inside which something is open."""
    if not reader.inside or seen.case.closed_at is not None:
        return set()
    open_in = {one.process for one in steps if one.closed_at is None}
    visited = seen.visited.get(process.id, set())
    return {step.element for step in process.steps.values() if step.called in open_in and step.element in visited}
