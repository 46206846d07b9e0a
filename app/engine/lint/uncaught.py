"""An error that an end event throws is caught somewhere around it, whichever process calls this one."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.lint.report import Report
from app.engine.model import Node, ProcessModel, Scope
from app.errors import words


def check_uncaught(models: Mapping[str, ProcessModel], reports: Mapping[str, Report]) -> None:
    """Name every error end event from which a way leads out of a case, past everything that could catch it."""
    for model in models.values():
        for node in model.nodes():
            event = node.event
            if node.kind != "endEvent" or event is None or event.kind != "error" or event.code is None:
                continue
            if _escapes(node, model, event.code, models):
                text = words("Nothing around catches the error {code}", code=event.code)
                reports[model.file].at("error.uncaught", text, node)


def _escapes(node: Node, model: ProcessModel, code: str, models: Mapping[str, ProcessModel]) -> bool:
    """Whether some chain of calls lets the error out; each process is looked at once a call that leads to it."""
    ways, seen = [(node, model)], {node.id}
    while ways:
        inside, at = ways.pop()
        if _is_caught(inside, at, code):
            continue
        calls = [(call, caller) for caller in models.values() for call in caller.nodes() if call.called == at.id]
        if not calls:
            return True
        ways += [(call, caller) for call, caller in calls if f"{caller.id}/{call.id}" not in seen]
        seen |= {f"{caller.id}/{call.id}" for call, caller in calls}
    return False


def _is_caught(node: Node, model: ProcessModel, code: str) -> bool:
    """Whether something in the process catches what a node throws, or (a call) lets out."""
    nodes = {found.id: found for found in model.nodes()}
    inside: Node | None = node
    while inside is not None:
        scope = model.scopes[inside.scope]
        if any(_catches(event, code) for event in _around(inside, scope, model)):
            return True
        inside = nodes.get(scope.owner or "")
    return False


def _around(node: Node, scope: Scope, model: ProcessModel) -> list[Node]:
    """The boundary events of a node, and what begins the event sub-processes beside it."""
    standing = [model.scopes[beside.body].begins for beside in scope.standing if beside.body and beside is not node]
    return scope.boundary.get(node.id, []) + [event for event in standing if event is not None]


def _catches(node: Node, code: str) -> bool:
    event = node.event
    return event is not None and event.kind == "error" and event.code in (None, code)
