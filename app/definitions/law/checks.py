"""Whether a pack keeps the law list: each line is proved on its diagrams, forms, tables, papers and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.definitions.law import forms, paths, values
from app.definitions.law.rules import Line, law_of
from app.definitions.pack import Pack
from app.errors import Finding, Invalid, Refusal, Words, words
from app.forms import Said

Proof = Callable[[Pack, Line], Iterator[Finding]]
RULE = "law"


@dataclass(frozen=True)
class Covered:
    """How much of its regulation a list holds: clauses that `lines` prove, and those that wait for a process."""

    proved: tuple[str, ...]
    awaited: tuple[str, ...]
    lines: int


def breaches(pack: Pack) -> Iterator[Finding]:
    """Every line of the law that the pack breaks, with its clause, what it demands, and what is wrong where."""
    for one in (pack.id, *pack.manifest.extends):
        for line in law_of(one).lines:
            yield from broken(pack, line)


def broken(pack: Pack, line: Line) -> Iterator[Finding]:
    """What of a pack breaks one line."""
    if line.awaits is not None:
        yield from _awaited(pack, line, line.awaits)
        return
    try:
        found = list(PROOFS[line.verbs[0]](pack, line))
    except (Refusal, LookupError) as fault:
        found = [Finding(_cause(fault))]
    for one in found:
        demand = Said(line.name, line.name_en)
        text = words("{clause} demands: {demand} {fault}", clause=line.clause, demand=demand, fault=one.words)
        yield replace(one, words=text, rule=RULE, clause=line.clause)


def covered(*packs: str) -> Covered:
    """How many clauses the lists of these packs hold."""
    lines = [line for one in packs for line in law_of(one).lines]
    proving = [line for line in lines if line.awaits is None]
    proved = dict.fromkeys(line.clause for line in proving)
    awaited = dict.fromkeys(line.clause for line in lines if line.awaits is not None and line.clause not in proved)
    return Covered(tuple(proved), tuple(awaited), len(proving))


def _cause(fault: Exception) -> Words:
    """Why a line could not be tried: what it speaks of is gone, or cannot be read."""
    if isinstance(fault, Invalid) and fault.findings:
        return fault.findings[0].words
    return fault.words if isinstance(fault, Refusal) else words("There is no “{name}”.", name=str(fault.args[0]))


def _awaited(pack: Pack, line: Line, process: str) -> Iterator[Finding]:
    """A clause whose process has come needs a line that proves it."""
    if process in pack.diagram.processes:
        text = words(
            "The process “{process}” is there, and no line proves that it keeps {clause}.",
            process=process,
            clause=line.clause,
        )
        yield Finding(text, RULE, "warning", file=pack.diagram.processes[process].file, clause=line.clause)


PROOFS: Mapping[str, Proof] = {
    "on_every_path": paths.on_every_path,
    "before": paths.before,
    "routes": paths.routes,
    "apart": paths.apart,
    "done_by": paths.done_by,
    "required_when": forms.required_when,
    "refuses": forms.refuses,
    "field_hidden": forms.field_hidden,
    "at_least": values.at_least,
    "hidden": values.hidden,
    "readers": values.readers,
    "prints": values.prints,
    "setting": values.setting,
    "decides": values.decides,
    "in_force": values.in_force,
    "no_act": values.no_act,
}
"""Each verb and how it is proved."""
