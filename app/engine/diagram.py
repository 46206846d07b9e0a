"""Files to a diagram: everything wrong is found at once, and what is right is built once and shared by all cases."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from app import feel
from app.decisions import Model as DecisionModel
from app.engine import build as building
from app.engine.doing import set_down
from app.engine.facts import check_facts
from app.engine.formulas import model_places
from app.engine.instance import Instance
from app.engine.joins import ScopeSpec
from app.engine.lint.pack import Pack, names_in, read_pack
from app.engine.model import ProcessModel
from app.engine.spiff import Case
from app.engine.values import Process, Start, Step
from app.errors import Finding, Invalid, words


class Diagram:
    """Processes and decisions that belong together, ready to run. Immutable; any number of threads may share it."""

    def __init__(self, pack: Pack, functions: Collection[str]) -> None:
        self.reserved = frozenset(functions)
        self.unknown = tuple(pack.unknown(functions))
        self.models: Mapping[str, ProcessModel] = MappingProxyType(dict(pack.models))
        names = self.names = names_in(pack.models.values(), functions)
        steps = {id: building.steps_of(model) for id, model in pack.models.items()}
        self._specs = building.build(pack.models, steps, pack.decision, names)
        for file, root in pack.roots.items():
            building.prove(self._specs, root, file)
        self.processes: Mapping[str, Process] = MappingProxyType(
            {id: _process(model, steps[id], pack.files[model.file]) for id, model in pack.models.items()}
        )
        self.decisions: Mapping[str, DecisionModel] = MappingProxyType(
            {info.id: model for model in pack.decisions for info in model.decisions}
        )
        asked = {step.attributes.get("decision") for known in steps.values() for step in known.values()}
        self.reads = _reads(pack, names, asked)
        self.compared = tuple(_compared(pack, names))
        called = {step.called for process in self.processes.values() for step in process.steps.values()}
        self._first = [id for id in self.processes if id not in called]

    def start(self, data: Mapping[str, object], process: str | None = None, *, message: str | None = None) -> Instance:
        """A new case; nothing happens before its first `run`. Raises Invalid when it is not plain which start is meant.

        `process` may be left out when exactly one process is not called by another, or starts on `message`.
        """
        facts = check_facts(data, self.reserved)
        chosen, entry = self._start(process, message)
        case = self.case(chosen)
        token = set_down(case, entry)
        if message is None:
            case.write(token, facts)
        else:
            token.internal_data["payload"] = 1
            case.pending.append((token.id, facts))
        return Instance(self, case)

    def case(self, process: str) -> Case:
        """An empty case of a process, for app.engine alone."""
        return Case(self._specs[process], self._specs, building.FeelEngine())

    def spec(self, key: str) -> ScopeSpec | None:
        """The specs of a scope, for app.engine alone."""
        return self._specs.get(key)

    def _start(self, process: str | None, message: str | None) -> tuple[str, str]:
        if process is not None and process not in self.processes:
            raise Invalid(words("There is no process {process}", process=process))
        candidates = [process] if process is not None else list(self.processes) if message else self._first
        found = [
            (id, start.element) for id in candidates for start in self.processes[id].starts if start.message == message
        ]
        if len(found) != 1:
            text = words("{count} starts fit; name the process and its message", count=len(found))
            raise Invalid(text)
        return found[0]


def read(
    files: Mapping[str, bytes], *, functions: Collection[str] = (), operations: Collection[str] | None = None
) -> Diagram:
    """Read the .bpmn and .dmn files of a pack. Raises Invalid with all findings.

    `functions`: names of the FEEL functions the host will bind. `operations`: names service tasks may call, None: any.
    """
    pack, findings = read_pack(files, functions, operations)
    if any(finding.severity == "error" for finding in findings):
        raise Invalid(words("The diagram cannot be deployed"), findings)
    return Diagram(pack, functions)


def check(
    files: Mapping[str, bytes], *, functions: Collection[str] = (), operations: Collection[str] | None = None
) -> list[Finding]:
    """Everything that stands in the way of `read`, and warnings; never raises."""
    try:
        pack, findings = read_pack(files, functions, operations)
        if not any(finding.severity == "error" for finding in findings):
            Diagram(pack, functions)
        findings += pack.unknown(functions)
    except Invalid as error:
        return list(error.findings) or [Finding(error.words, "engine.read")]
    except Exception as error:
        return [Finding(words("The diagram cannot be read: {cause}", cause=repr(error)[:200]), "engine.fault")]
    return findings


def _process(model: ProcessModel, steps: Mapping[str, Step], content: bytes) -> Process:
    starts = tuple(Start(node.id, node.event.name if node.event else None) for node in model.root.of_kind("startEvent"))
    return Process(
        id=model.id,
        name=model.name,
        name_en=model.attributes.get("nameEn"),
        steps=MappingProxyType(dict(steps)),
        lanes=MappingProxyType({lane.id: lane.name for lane in model.lanes.values()}),
        starts=starts,
        attributes=MappingProxyType(dict(model.attributes)),
        file=model.file,
        sha256=hashlib.sha256(content).hexdigest(),
        xml=content,
        scopes=MappingProxyType(dict(model.scopes)),
    )


def _compared(pack: Pack, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The constants with which expressions and the columns of tables compare names."""
    for model in pack.models.values():
        for place in model_places(model):
            if place.is_expression:
                yield from ((one.name, one.values) for one in feel.compile(place.source, names).compared)
    for decisions in pack.decisions:
        for _, table in decisions.tables():
            yield from table.compared()


def _reads(pack: Pack, names: tuple[str, ...], asked: Collection[str | None]) -> frozenset[str]:
    """What expressions and tables read; tables that no diagram asks do not count."""
    found: set[str] = set()
    for model in pack.models.values():
        for place in model_places(model):
            if place.is_expression:
                found |= feel.compile(place.source, names).names
    for decisions in pack.decisions:
        for decision in decisions.decisions:
            if decision.id in asked or decision.name in asked:
                found |= decisions.reads(decision.id)
    return frozenset(found)
