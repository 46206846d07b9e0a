"""All files of a pack together: read, linted, with every finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app import decisions
from app.engine.model import ProcessModel
from app.engine.reading import read_processes
from app.engine.xml import Element, parse
from app.errors import Finding, Invalid


@dataclass
class Pack:
    """What the files hold: models by process id, decision models, the XML roots (kept, so that nothing is lost)."""

    files: Mapping[str, bytes]
    roots: dict[str, Element] = field(default_factory=dict)
    models: dict[str, ProcessModel] = field(default_factory=dict)
    decisions: list[decisions.Model] = field(default_factory=list)

    def decision(self, name: str) -> decisions.Model:
        """The decision model that knows a decision by this id or name. Raises KeyError."""
        for model in self.decisions:
            if any(name in (info.id, info.name) for info in model.decisions):
                return model
        raise KeyError(name)


def read_pack(
    files: Mapping[str, bytes], functions: Collection[str], operations: Collection[str] | None
) -> tuple[Pack, list[Finding]]:
    """Read every file and find everything that is wrong with it or between them."""
    pack, findings = Pack(files), []
    for file, content in files.items():
        if file.endswith(".dmn"):
            findings += _read_decisions(pack, file, content)
        else:
            findings += _read_bpmn(pack, file, content)
    return pack, findings


def _read_bpmn(pack: Pack, file: str, content: bytes) -> list[Finding]:
    root, findings = parse(content, file)
    if root is None:
        return findings
    pack.roots[file] = root
    for model in read_processes(root, file):
        pack.models[model.id] = model
    return findings


def _read_decisions(pack: Pack, file: str, content: bytes) -> list[Finding]:
    try:
        pack.decisions.append(decisions.read(content))
    except Invalid as error:
        return list(error.findings) or [Finding(error.words, "decision.read", file=file)]
    return []
