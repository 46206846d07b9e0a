"""Proofs on diagrams: steps that no way may leave out, their order, who does them, and who must not do two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app import feel
from app.definitions.functions import FUNCTIONS
from app.definitions.law.rules import Apart, Before, DoneBy, Line, OnEveryPath, Routes
from app.definitions.law.ways import Goal, Must, Place, Ways
from app.definitions.pack import Pack
from app.engine import Node, Step
from app.errors import Finding, words

MOST_NAMED = 12
"""Steps of a way that a finding names."""


def on_every_path(pack: Pack, line: Line) -> Iterator[Finding]:
    """No way from the start to an end leaves all of the steps out."""
    asked: OnEveryPath = line.demand
    spared = asked.unless or ()

    def is_end(place: Place, node: Node) -> bool:
        ends = node.kind == "endEvent" or node.standing
        return place.done and ends and not place.around and node.id not in spared and (
            not place.beside or node.is_event("terminate")
        )  # fmt: skip

    yield from _unpassed(pack, asked.process, asked.steps)
    inside = next((one for one in _nodes(pack, asked.process) if one.id == asked.inside), None)
    if asked.inside is not None and (inside is None or inside.body is None):
        yield _gone(pack, asked.process, (asked.inside,))
        return
    yield from _bypassed(pack, asked.process, asked.steps, is_end, inside.body if inside else None)


def before(pack: Pack, line: Line) -> Iterator[Finding]:
    """No way leads to the later steps without the earlier one."""
    asked: Before = line.demand
    is_later = matching(pack, asked.later)
    if not any(is_later(step.process, node) for step, node in _all(pack)):
        yield _gone(pack, asked.process, asked.later)
        return
    yield from _unpassed(pack, asked.process, asked.steps)
    yield from _bypassed(
        pack, asked.process, asked.steps, lambda place, node: not place.done and is_later(place.process, node)
    )


def routes(pack: Pack, line: Line) -> Iterator[Finding]:
    """A gateway lets a case on to a step where the facts stand as the clause says."""
    asked: Routes = line.demand
    process = pack.process(asked.process)
    scope = next((one for one in process.scopes.values() if asked.gateway in one.nodes), None)
    if scope is None:
        yield _gone(pack, asked.process, (asked.gateway,))
        return
    node = scope.nodes[asked.gateway]
    taken = [
        flow.target
        for flow in scope.leaving[asked.gateway]
        if flow.condition and _holds(flow.condition, asked.facts)
    ]  # fmt: skip
    if not taken:
        default = next((flow.target for flow in scope.leaving[asked.gateway] if flow.id == node.default), None)
        taken = [default] if default else []
    if node.kind == "exclusiveGateway":
        taken = taken[:1]
    if not any(matching(pack, (asked.step,))(process.id, scope.nodes[one]) for one in taken if one in scope.nodes):
        text = words("“{gateway}” does not lead to “{step}”.", gateway=_named(pack, asked.process, asked.gateway),
                     step=_named(pack, asked.process, asked.step))  # fmt: skip
        yield Finding(text, file=process.file, element=asked.gateway, line=node.line)


def apart(pack: Pack, line: Line) -> Iterator[Finding]:
    """Whoever did one of the others may not do the step: `notSameAs` says so."""
    asked: Apart = line.demand
    step = pack.process(asked.process).steps.get(asked.step)
    if step is None:
        yield _gone(pack, asked.process, (asked.step,))
        return
    kept = step.attributes.get("notSameAs", "").split()
    for other in asked.others:
        if other not in kept:
            text = words(
                "The same person may do “{step}” and “{other}”.",
                step=step.name,
                other=_named(pack, asked.process, other),
            )  # noqa: E501
            yield Finding(text, file=pack.process(asked.process).file, element=asked.step)


def done_by(pack: Pack, line: Line) -> Iterator[Finding]:
    """A step stands in the lane whose people the clause names."""
    asked: DoneBy = line.demand
    process = pack.process(asked.process)
    step = process.steps.get(asked.step)
    if step is None:
        yield _gone(pack, asked.process, (asked.step,))
    elif step.lane not in asked.lanes:
        lane = pack.lanes.get(step.lane or "")
        text = words("“{step}” is done by {lane}.", step=step.name, lane=lane.name if lane else str(step.lane))
        yield Finding(text, file=process.file, element=asked.step)


def matching(pack: Pack, steps: Iterable[str]) -> Must:
    """Whether a node is one of the steps: by its id, the paper that it issues, what it calls or decides."""
    wanted = frozenset(steps)

    def matches(process: str, node: Node) -> bool:
        step = pack.diagram.processes[process].steps[node.id]
        return not wanted.isdisjoint({node.id, *_descriptions(step)})

    return matches


def _descriptions(step: Step) -> Iterator[str]:
    code = step.parameters.get("code", "").removeprefix("=").strip().strip('"')
    if code and (step.called or step.attributes.get("operation") == "issue_paper"):
        yield f"paper:{code}"
    if step.called:
        yield f"call:{step.called}"
    if decision := step.attributes.get("decision"):
        yield f"decision:{decision}"
    if operation := step.attributes.get("operation"):
        yield f"operation:{operation}"


def _nodes(pack: Pack, process: str) -> Iterator[Node]:
    for scope in pack.process(process).scopes.values():
        yield from scope.nodes.values()


def _all(pack: Pack) -> Iterator[tuple[Step, Node]]:
    for process in pack.diagram.processes.values():
        yield from ((process.steps[node.id], node) for node in _nodes(pack, process.id))


def _unpassed(pack: Pack, process: str, steps: Iterable[str]) -> Iterator[Finding]:
    """A step that is in no diagram at all is said so, before ways are looked for."""
    is_step = matching(pack, steps)
    pack.process(process)
    if not any(is_step(step.process, node) for step, node in _all(pack)):
        yield _gone(pack, process, steps)


def _bypassed(
    pack: Pack, process: str, steps: Iterable[str], is_goal: Goal, inside: str | None = None
) -> Iterator[Finding]:
    is_step = matching(pack, steps)
    if not any(is_step(step.process, node) for step, node in _all(pack)):
        return
    way = Ways(pack.diagram.processes, is_step).to(process, is_goal, inside)
    if way is not None:
        names = [name for one in way if (name := _named(pack, process, one))]
        shown = names if len(names) <= MOST_NAMED else [*names[: MOST_NAMED // 2], "…", *names[-MOST_NAMED // 2 :]]
        text = words(
            "A case can leave out {steps} this way: {way}.",
            steps="、".join(_named(pack, process, one) for one in steps),
            way=" → ".join(shown),
        )
        yield Finding(text, file=pack.process(process).file, element=next(iter(steps)))


def _gone(pack: Pack, process: str, steps: Iterable[str]) -> Finding:
    text = words("The step {steps} is not there.", steps="、".join(f"“{one}”" for one in steps))
    return Finding(text, file=pack.process(process).file, element=next(iter(steps)))


def _named(pack: Pack, process: str, step: str) -> str:
    """A step as people know it; its id where the diagram says nothing."""
    kind, sign, key = step.partition(":")
    if sign and kind == "paper":
        return f"“{pack.papers[key].name}”" if key in pack.papers else key
    if sign and kind == "call":
        return f"“{pack.diagram.processes[key].name}”" if key in pack.diagram.processes else key
    known = [pack.process(process), *pack.diagram.processes.values()]
    return next((one.steps[step].name for one in known if step in one.steps and one.steps[step].name), step)


def _holds(condition: str, facts: dict[str, object]) -> bool:
    compiled = feel.compile(feel.expression_text(condition), [*facts, *FUNCTIONS])
    return compiled(facts) is True
