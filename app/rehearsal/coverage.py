"""What the stories have visited of a pack: elements, flows, rules of tables, outcomes, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.pack import Pack
from app.journal import Entry
from app.rehearsal.flows import Charts, taken
from app.rehearsal.stage import Stage

SECTIONS = ("elements", "flows", "rules", "outcomes")
Names = Mapping[str, frozenset[str]]


@dataclass
class Coverage:
    """Names by process (rules: by decision): `seen` of `there`, in four sections.

    `refusals`: what was refused, and by which of its names a story expected it; nobody can list all there might be.
    """

    seen: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    there: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    refusals: dict[str, set[str]] = field(default_factory=dict)

    def add(self, other: Coverage) -> None:
        """Take in what another story has visited."""
        for mine, theirs in ((self.seen, other.seen), (self.there, other.there)):
            for section, groups in theirs.items():
                for group, names in groups.items():
                    mine[section].setdefault(group, set()).update(names)
        for tried, reasons in other.refusals.items():
            self.refusals.setdefault(tried, set()).update(reasons)

    def missing(self) -> dict[str, dict[str, list[str]]]:
        """What no story has visited, by section and process."""
        found = {
            section: {group: sorted(names - self.seen[section].get(group, set())) for group, names in groups.items()}
            for section, groups in self.there.items()
        }
        return {
            section: {group: names for group, names in groups.items() if names} for section, groups in found.items()
        }

    def visited(self) -> dict[str, dict[str, list[str]]]:
        """What has been visited, by section and process; refusals by what was tried."""
        return {
            section: {group: sorted(names) for group, names in groups.items() if names}
            for section, groups in {**self.seen, "refusals": self.refusals}.items()
        }


def of_story(db: Session, stage: Stage) -> Coverage:
    """What one story has visited of its pack."""
    charts = Charts(stage.pack, stage.files)
    found = of_charts(charts)
    by_case: dict[int, list[Entry]] = defaultdict(list)
    for entry in db.scalars(select(Entry).where(Entry.case_id.is_not(None)).order_by(Entry.id)):
        by_case[entry.case_id or 0].append(entry)
    for entries in by_case.values():
        _take_in(found, stage.pack, charts, entries)
    return found


def _take_in(found: Coverage, pack: Pack, charts: Charts, entries: list[Entry]) -> None:
    for process, element in _visits(entries):
        _add(found, "elements", process, element)
    for process, flow in taken(charts, entries):
        _add(found, "flows", process, flow)
    for entry in entries:
        for place, rules in entry.data.get("rules", {}).items():
            process, _, element = place.partition("/")
            decision = pack.step(process, element).attributes.get("decision", element)
            for rule in rules:
                _add(found, "rules", _decision_of(found, decision, rule), rule)
        if entry.kind == "task.completed" and entry.data.get("outcome") is not None and entry.element:
            _add_outcome(found, entry.element, str(entry.data["outcome"]))


def _visits(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for place in entry.data.get("visited", ()):
            process, _, element = place.partition("/")
            yield process, element


def _add(found: Coverage, section: str, group: str, name: str) -> None:
    found.seen[section].setdefault(group, set()).add(name)


def _decision_of(found: Coverage, decision: str, rule: str) -> str:
    """The table that a rule belongs to: its own, or one that it asked on its way."""
    if rule in found.there["rules"].get(decision, ()):
        return decision
    return next((name for name, rules in found.there["rules"].items() if rule in rules), decision)


def _add_outcome(found: Coverage, element: str, outcome: str) -> None:
    name = f"{element}={outcome}"
    for process, names in found.there["outcomes"].items():
        if name in names:
            _add(found, "outcomes", process, name)


def of_charts(charts: Charts) -> Coverage:
    """All that there is to visit; nothing of it visited yet."""
    found, pack = Coverage(), charts.pack
    for process in pack.diagram.processes.values():
        found.there["elements"][process.id] = set(process.steps)
        found.there["flows"][process.id] = set(charts.flows(process.id))
        found.there["outcomes"][process.id] = set(_outcomes(pack, process.id))
    found.there["rules"] = {decision: set(rules) for decision, rules in charts.rules().items()}
    return found


def _outcomes(pack: Pack, process: str) -> Iterator[str]:
    for step in pack.diagram.processes[process].steps.values():
        if step.kind == "userTask":
            form = pack.form_of(process, step.element)
            for field_ in form.fields:
                if field_.path == ("outcome",):
                    yield from (f"{step.element}={option.value}" for option in field_.options)
