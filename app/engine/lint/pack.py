"""All files of a pack together: read and checked, with every finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from app.decisions import Model as DecisionModel
from app.decisions import read as read_decisions
from app.engine.formulas import written_names
from app.engine.lint.allowed import FLOW_LIMIT, NODE_LIMIT, check_allowed
from app.engine.lint.endless import Waits, check_calls, check_cycles
from app.engine.lint.flows import check_flows
from app.engine.lint.many import check_many
from app.engine.lint.parallel import check_parallel
from app.engine.lint.references import Known, check_references
from app.engine.lint.report import Report, in_order
from app.engine.lint.texts import check_texts
from app.engine.lint.uncaught import check_uncaught
from app.engine.model import ProcessModel
from app.engine.reading import read_processes
from app.engine.xml import Element, bpmn, line_of, parse
from app.errors import Finding, Invalid, words


@dataclass
class Pack:
    """What the files hold: models by process id, decision models, the XML roots (kept, so that nothing is lost)."""

    files: Mapping[str, bytes]
    roots: dict[str, Element] = field(default_factory=dict)
    models: dict[str, ProcessModel] = field(default_factory=dict)
    decisions: list[DecisionModel] = field(default_factory=list)
    decision_files: list[str] = field(default_factory=list)

    def unknown(self, functions: Collection[str]) -> list[Finding]:
        """What the tables read and nothing gives them: errors of a pack that is checked, not of one that runs."""
        pairs = zip(self.decisions, self.decision_files, strict=True)
        return [replace(one, file=file) for model, file in pairs for one in model.unknown(functions)]

    def decision(self, name: str) -> DecisionModel:
        """The decision model that knows a decision by this id or name. Raises KeyError."""
        for model in self.decisions:
            if any(name in (info.id, info.name) for info in model.decisions):
                return model
        raise KeyError(name)


def read_pack(
    files: Mapping[str, bytes], functions: Collection[str], operations: Collection[str] | None
) -> tuple[Pack, list[Finding]]:
    """Read every file and find everything that is wrong with each and between them."""
    pack = Pack(files)
    reports = {file: Report(file) for file in files}
    for file, content in files.items():
        if file.endswith(".dmn"):
            _read_decisions(pack, file, reports[file])
        elif file.endswith(".bpmn"):
            _read_bpmn(pack, content, reports[file])
        else:
            reports[file].add("file.kind", words("Only .bpmn and .dmn files are read here"))
    _check(pack, reports, functions, operations)
    return pack, in_order(finding for report in reports.values() for finding in report.findings)


def names_in(models: Collection[ProcessModel], functions: Collection[str]) -> tuple[str, ...]:
    """The names FEEL texts may use beyond plain ones: the host's functions and what the diagrams write."""
    names = set(functions)
    for model in models:
        names |= written_names(model)
    return tuple(sorted(names))


def _check(
    pack: Pack, reports: Mapping[str, Report], functions: Collection[str], operations: Collection[str] | None
) -> None:
    decided = [name for model in pack.decisions for info in model.decisions for name in (info.id, info.name)]
    plain = {id: model.plain_start is not None for id, model in pack.models.items()}
    tasks = {node.id for model in pack.models.values() for node in model.nodes() if node.kind == "userTask"}
    known = Known(plain, decided, operations, tasks)
    waits, names = Waits(pack.models), names_in(pack.models.values(), functions)
    for model in pack.models.values():
        report = reports[model.file]
        nodes, flows = model.size()
        if nodes > NODE_LIMIT or flows > FLOW_LIMIT:
            text = words("A process has at most {nodes} nodes and {flows} flows", nodes=NODE_LIMIT, flows=FLOW_LIMIT)
            report.add("process.size", text, model.id, model.line)
            continue
        check_flows(model, report)
        check_references(model, known, report)
        check_texts(model, names, functions, report)
        check_many(model, report)
        check_cycles(model, waits, report)
        check_parallel(model, report)
    check_calls(pack.models, reports)
    check_uncaught(pack.models, reports)


def _others(files: Mapping[str, bytes], file: str) -> list[bytes]:
    """The pack's other tables, where this one imports any: `importType` is an attribute that an import must have."""
    if b"importType" not in files[file]:
        return []
    return [content for name, content in files.items() if name.endswith(".dmn") and name != file]


def _read_bpmn(pack: Pack, content: bytes, report: Report) -> None:
    root, findings = parse(content, report.file)
    report.findings += findings
    if root is None:
        return
    check_allowed(root, report)
    pack.roots[report.file] = root
    models = read_processes(root, report.file)
    if len(models) != 1:
        report.add("file.processes", words("A file holds one process, not {count}", count=len(models)))
    for participant in root.iter(bpmn("participant")):
        if participant.get("processRef") not in {model.id for model in models}:
            text = words("The pool shows a process that is not in this file")
            report.add("pool.dangling", text, participant.get("id"), line_of(participant))
    for model in models:
        if model.id in pack.models:
            text = words("The process {id} is also in {file}", id=model.id, file=pack.models[model.id].file)
            report.add("process.twice", text, model.id, model.line)
        pack.models.setdefault(model.id, model)


def _read_decisions(pack: Pack, file: str, report: Report) -> None:
    try:
        model = read_decisions(pack.files[file], _others(pack.files, file))
        pack.decisions.append(model)
        pack.decision_files.append(file)
        report.findings += [replace(doubt, file=file) for doubt in model.doubts]
    except Invalid as error:
        for finding in error.findings or (Finding(error.words, "decision.read"),):
            report.add(
                finding.rule or "decision.read", finding.words, finding.element, finding.line, field=finding.field
            )
