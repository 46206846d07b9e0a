"""An instance as compact JSON and back: tokens only, over the diagram's shared specs, versioned.

Row of a token: id, element, state, parent (0: the scope), what it waits with, the variables that differ from the
case's facts, the facts it does not know, the marks of its variables. The last two name a fact by its place in `f`.
A row of an armed boundary event ends early: its variables are its host's. So does that of an event sub-process that
stands by: its variables are its scope's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from SpiffWorkflow.util.task import TaskState

from app.engine.instance import Instance
from app.engine.spiff import ROOT, Body, Case, Token
from app.errors import Finding, Invalid, words

if TYPE_CHECKING:
    from app.engine.diagram import Diagram

VERSION = 1

# From a version to the next, in order: pure functions of the decoded state. Each keeps a golden example in the tests.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def dump(instance: Instance) -> bytes:
    """The state of an instance between runs."""
    case = instance.case
    places = {name: place for place, name in enumerate(case.facts)}
    scopes = [
        [scope.parent_task_id or ROOT, scope.spec.name, [_row(token, case.facts, places) for token in scope.tokens()]]
        for scope in case.scopes()
    ]
    kept: dict[str, Any] = {
        "v": VERSION,
        "p": case.spec.name,
        "n": [case.ids, case.clock, case.sequence],
        "f": case.facts,
        "s": scopes[::-1],
    }
    more: tuple[tuple[str, Any], ...] = (
        ("x", case.pending),
        ("w", list(case.written)),
        ("a", case.amended),
        ("b", case.amended_within),
        ("d", case.dues),
        ("h", list(case.held.items())),
        ("o", case.completed),
    )
    kept |= {key: value for key, value in more if value}
    return orjson.dumps(kept)


def load(state: bytes, diagram: Diagram) -> Instance:
    """An instance that goes on exactly as the dumped one would.

    Raises Invalid for what is no state, a version not known, or elements this diagram does not have as they were.
    """
    kept = _upgraded(_decoded(state))
    try:
        return Instance(diagram, _case(kept, diagram))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(words("The state of the case is damaged: {cause}", cause=repr(error)[:200])) from error


def _row(token: Token, facts: Mapping[str, object], places: Mapping[str, int]) -> list[Any]:
    row = [token.id, token.task_spec.name, token._state, token._parent, token.internal_data]
    if token._parent != ROOT or token.is_standing:
        return row
    # Everything in the order of the facts, so that equal states have equal bytes.
    data, marks = token.data, token.marks
    differs = {name: data[name] for name, value in facts.items() if name in data and data[name] != value}
    unknown = [place for name, place in places.items() if name not in data]
    row += [differs, unknown, [[place, marks[name]] for name, place in places.items() if name in marks]]
    while len(row) > 4 and not row[-1]:
        row.pop()
    return row


def _decoded(state: bytes) -> dict[str, Any]:
    try:
        kept = orjson.loads(state)
    except orjson.JSONDecodeError as error:
        raise Invalid(words("This is no state of a case")) from error
    if not isinstance(kept, dict) or not isinstance(kept.get("v"), int):
        raise Invalid(words("This is no state of a case"))
    return kept


def _upgraded(kept: dict[str, Any]) -> dict[str, Any]:
    while kept["v"] in UPGRADES:
        kept = UPGRADES[kept["v"]](kept)
    if kept["v"] != VERSION:
        raise Invalid(words("The state of the case has version {version}, which is not known", version=kept["v"]))
    return kept


def _case(kept: dict[str, Any], diagram: Diagram) -> Case:
    _refuse_unknown(kept, diagram)
    case = diagram.case(kept["p"])
    case.ids, case.clock, case.sequence = kept["n"]
    case.facts = kept["f"]
    case.written = {name: case.facts[name] for name in kept.get("w", ())}
    case.pending = [(id, data) for id, data in kept.get("x", ())]
    case.amended = kept.get("a", [])
    case.amended_within = [(scope, name) for scope, name in kept.get("b", ())]
    case.dues = kept.get("d", {})
    case.held = dict(kept.get("h", ()))
    case.completed = bool(kept.get("o"))
    for host_id, key, rows in kept["s"]:
        scope: Any = case
        if host_id != ROOT:
            host = case.token(host_id)
            if host is None or host.task_spec.body != key:
                raise ValueError(f"the inside of {host_id} has no outside")
            scope = case.subprocesses[host_id] = Body(case.subprocess_specs[key], host)
        for row in rows:
            _restore(scope, row, case.facts)
    return case


def _restore(scope: Any, row: list[Any], facts: Mapping[str, object]) -> None:
    id, name, state, parent, *rest = row
    token = Token(scope, scope.spec.task_specs[name], scope.tasks[parent], state, id)
    token.internal_data = rest[0] if rest else {}
    if parent == ROOT and not token.is_standing:
        missing: tuple[Any, ...] = ({}, [], [])
        differs, unknown, marks = (*rest[1:], *missing[len(rest[1:]) :])
        names, absent = list(facts), set(unknown)
        token.data = {name: facts[name] for place, name in enumerate(names) if place not in absent} | differs
        token.marks = {names[place]: mark for place, mark in marks}


def _refuse_unknown(kept: dict[str, Any], diagram: Diagram) -> None:
    findings = []
    for _, key, rows in kept["s"]:
        spec = diagram.spec(key)
        for row in rows:
            element = spec.task_specs.get(row[1]) if spec is not None else None
            if element is None or row[2] not in _states(element):
                text = words("The case stands at {element}, which this diagram does not have", element=row[1])
                findings.append(Finding(text, "state.element", element=row[1]))
    if diagram.spec(kept["p"]) is None:
        text = words("The case runs {process}, which is not here", process=kept["p"])
        findings.append(Finding(text, "state.process"))
    if findings:
        raise Invalid(words("The case does not fit this diagram"), findings)


def _states(element: Any) -> tuple[int, ...]:
    """The states in which a token may rest at an element: what a person does, what runs inside, what is awaited."""
    if element.manual:
        return (TaskState.READY,)
    if hasattr(element, "body"):
        return (TaskState.STARTED, TaskState.WAITING) if element.standing else (TaskState.STARTED,)
    if getattr(getattr(element, "node", None), "kind", "") == "startEvent":
        return (TaskState.FUTURE,)
    return (TaskState.WAITING,)
