"""Breaking a pack, one line of the law at a time: what the line demands is taken out of a copy of the pack."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import yaml

from app import decisions, forms
from app.definitions import library, sections
from app.definitions.law import paths
from app.definitions.law.rules import Line
from app.definitions.pack import Pack
from app.engine import Process, Scope
from app.engine.model import Flow

Files = Mapping[str, bytes]


def broken_packs(pack: Pack, files: Files, line: Line) -> Iterator[Pack]:
    """Copies of the pack, each of which breaks the line in another way."""
    yield from BREAKERS[line.verbs[0]](pack, files, line.demand)


def with_manifest(pack: Pack, files: Files, change: Callable[[dict[str, Any]], object]) -> Pack:
    """The pack with another pack.yaml, read as an upload is."""
    about = yaml.safe_load(files[library.ABOUT])
    change(about)
    text = yaml.safe_dump(about, allow_unicode=True).encode()
    manifest = sections.read_manifest(sections.read_mapping(text, library.ABOUT), library.ABOUT)
    return replace(pack, manifest=manifest)


def with_form(pack: Pack, files: Files, place: str, change: Callable[[dict[str, Any]], object]) -> Pack:
    """The pack with another form, read as an upload is."""
    path = f"forms/{place}.form"
    schema = json.loads(files[path])
    change(schema)
    folder, _, key = place.partition("/")
    return replace(pack, forms={**pack.forms, (folder, key): forms.read(json.dumps(schema).encode(), path)})


def with_process(pack: Pack, process: Process) -> Pack:
    """The pack with another diagram of a process."""
    diagram = copy.copy(pack.diagram)
    diagram.processes = {**pack.diagram.processes, process.id: process}
    return replace(pack, diagram=diagram)


def component(schema: dict[str, Any], key: str) -> dict[str, Any]:
    """A field of a form by its key."""
    waiting = list(schema["components"])
    while waiting:
        one = waiting.pop()
        if key in (one.get("key"), one.get("path")):
            return one
        waiting += one.get("components", [])
    raise AssertionError(key)


def _passed_by(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    """Flows are drawn past the steps, in whichever process they stand."""
    is_step = paths.matching(pack, asked.steps)
    for process in pack.diagram.processes.values():
        scopes = {key: _bypassed(process, scope, is_step) for key, scope in process.scopes.items()}
        if scopes != dict(process.scopes):
            pack = with_process(pack, replace(process, scopes=scopes))
    yield pack


def _bypassed(process: Process, scope: Scope, is_step: Callable[..., bool]) -> Scope:
    new = [
        Flow(f"past_{node.id}_{into.source}_{out.target}", into.source, out.target, None, None)
        for node in scope.nodes.values()
        if is_step(process.id, node)
        for into in scope.arriving[node.id]
        for out in scope.leaving[node.id]
    ]
    return replace(scope, flows=(*scope.flows, *new)) if new else scope


def _rerouted(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    process = pack.process(asked.process)
    is_step = paths.matching(pack, (asked.step,))
    scopes = {
        key: replace(
            scope,
            flows=tuple(
                one
                for one in scope.flows
                if one.source != asked.gateway or not is_step(process.id, scope.nodes[one.target])
            ),
        )
        for key, scope in process.scopes.items()
    }
    yield with_process(pack, replace(process, scopes=scopes))


def _other_step(pack: Pack, asked: Any, **changes: Any) -> Pack:
    process = pack.process(asked.process)
    step = replace(process.steps[asked.step], **changes)
    return with_process(pack, replace(process, steps={**process.steps, asked.step: step}))


def _together(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    attributes = {**pack.step(asked.process, asked.step).attributes, "notSameAs": ""}
    yield _other_step(pack, asked, attributes=attributes)


def _elsewhere(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    yield _other_step(pack, asked, lane="public")


def _optional(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    def optional(schema: dict[str, Any]) -> None:
        component(schema, asked.field)["validate"] = {}
        schema["duban"]["rules"] = []

    def gone(schema: dict[str, Any]) -> None:
        component(schema, asked.field)["key"] = "something_else"
        schema["duban"]["rules"] = []

    def shorter(schema: dict[str, Any]) -> None:
        component(schema, asked.field)["validate"]["minLength"] = asked.length - 1

    def unsigned(schema: dict[str, Any]) -> None:
        del component(schema, asked.field)["properties"]["type"]

    def hidden(schema: dict[str, Any]) -> None:
        component(schema, asked.field)["conditional"] = {"hide": "=true"}

    changes = [optional, gone, hidden, *([shorter] if asked.length else []), *([unsigned] if asked.signature else [])]
    for change in changes:
        yield with_form(pack, files, asked.form, change)


def _taken(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    def without_rules(schema: dict[str, Any]) -> None:
        schema["duban"]["rules"] = []

    yield with_form(pack, files, asked.form, without_rules)


def _shown(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    def widened(schema: dict[str, Any]) -> None:
        component(schema, asked.field)["properties"]["readers"] = f"bureau author {asked.role}"

    yield with_form(pack, files, asked.form, widened)


def _of_pack(*changes: Callable[[dict[str, Any], Any], object]) -> Callable[[Pack, Files, Any], Iterator[Pack]]:
    def breakers(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
        for change in changes:
            yield with_manifest(pack, files, lambda about, change=change: change(about, asked))  # type: ignore[misc]

    return breakers


def _without_readers(about: dict[str, Any], asked: Any) -> None:
    kept = about["papers"][asked.paper]["readers"].split()
    about["papers"][asked.paper]["readers"] = " ".join(one for one in kept if one != asked.readers[-1])


def _with_others(about: dict[str, Any], asked: Any) -> None:
    if asked.never:
        about["papers"][asked.paper]["readers"] += f" {asked.never[0]}"
    else:
        about["papers"].pop(asked.paper)


def _without_words(about: dict[str, Any], asked: Any) -> None:
    about["papers"][asked.paper] |= {"body": ["无"], "fields": {}}


def _answers_nothing(pack: Pack, files: Files, asked: Any) -> Iterator[Pack]:
    """Every rule of the tables of the decision's file is taken out."""
    holds = f'id="{asked.decision}"'.encode()
    path = next(one for one, data in files.items() if one.endswith(".dmn") and holds in data)
    root = decisions_without_rules(files[path])
    model = decisions.read(root)
    diagram = copy.copy(pack.diagram)
    diagram.decisions = {**pack.diagram.decisions, **{one.id: model for one in model.decisions}}
    yield replace(pack, diagram=diagram)


def decisions_without_rules(data: bytes) -> bytes:
    """A DMN file whose tables have no rules left but one that never holds."""
    from lxml import etree  # noqa: PLC0415

    root = etree.fromstring(data)
    for rule in list(root.iter("{*}rule")):
        for entry in rule.iter("{*}inputEntry"):
            for text in entry.iter("{*}text"):
                text.text = '"never"'
    for text in root.iter("{*}inputValues", "{*}outputValues"):
        text.getparent().remove(text)
    return etree.tostring(root)


def _earlier(about: dict[str, Any], asked: Any) -> None:
    about["effective_from"] = date.fromisoformat(str(asked.day)) - timedelta(days=1)


BREAKERS: Mapping[str, Callable[[Pack, Files, Any], Iterator[Pack]]] = {
    "on_every_path": _passed_by,
    "before": _passed_by,
    "routes": _rerouted,
    "apart": _together,
    "done_by": _elsewhere,
    "required_when": _optional,
    "refuses": _taken,
    "field_hidden": _shown,
    "at_least": _of_pack(
        lambda about, asked: about["policies"][asked.policy].update(amount=1),
        lambda about, asked: about["policies"][asked.policy].update(minimum=1),
        lambda about, asked: about["policies"][asked.policy].pop("minimum"),
        lambda about, asked: about["policies"].pop(asked.policy),
    ),
    "hidden": _of_pack(
        lambda about, asked: about["confidential"].pop(asked.fact),
        lambda about, asked: about["confidential"][asked.fact].update({"from": ["public"]}),
        lambda about, asked: about["confidential"][asked.fact].update(when="=false"),
    ),
    "readers": _of_pack(_without_readers, _with_others),
    "prints": _of_pack(_without_words),
    "setting": _of_pack(lambda about, asked: about["settings"].update({asked.name: "warn"})),
    "decides": _answers_nothing,
    "in_force": _of_pack(_earlier),
    "no_act": _of_pack(lambda about, asked: about["acts"][asked.act].pop("when")),
}
"""By verb: the ways in which a line can be broken."""
