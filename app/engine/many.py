"""An activity done once for each item of a list: the whole, its instances in a scope of their own, their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.joins import EndJoin
from app.engine.specs import Activity
from app.engine.spiff import INSTANCE, ROOT, Body, Token
from app.feel import to_fact

if TYPE_CHECKING:
    from app.engine.turn import Turn

MOST = 500
# What the whole keeps while it runs: the items not yet begun, the outputs in item order, how many are done.
KEPT = ("items", "got", "done")


class Many(Activity):
    """The whole: its deadline, its boundary events, its result. It goes on when its instances are done."""

    body: str
    entry: str
    many = True

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.STARTED)
        my_task.turn.open(my_task)
        begin(my_task.turn, my_task)
        return False

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)


class ManyEnd(EndJoin):
    """Where instances end, one after the other. They are never merged: only their outputs count."""

    def arrived(self, token: Token) -> None:
        token.internal_data[INSTANCE] = token.parent.internal_data[INSTANCE]

    def may_fire(self, scope: Any) -> bool:
        """An instance that is done is collected as soon as nothing else moves."""
        return True

    def fire(self, tokens: list[Token]) -> None:
        turn, whole = tokens[0].turn, tokens[0].host
        assert whole is not None  # noqa: S101  instances stand inside their whole
        turn.at_element(whole, collect, turn, whole, tokens[0])


def begin(turn: Turn, whole: Token) -> None:
    """Begin all instances, or (sequential) the first; without any item the whole is done."""
    items = to_fact(turn.value(whole, "many.collection"))
    if not isinstance(items, list):
        raise ValueError(f"the collection is no list but {items!r:.80}")
    if len(items) > MOST:
        raise ValueError(f"the collection has {len(items)} items, more than {MOST}")
    whole.internal_data |= {"items": list(items), "got": [None] * len(items), "done": 0}
    turn.case.subprocesses[whole.id] = Body(turn.case.subprocess_specs[whole.task_spec.body], whole)
    if not items:
        finish(turn, whole)
    for _ in items[:1] if whole.task_spec.node.many.sequential else items:
        _begin_next(turn, whole)


def collect(turn: Turn, whole: Token, last: Token) -> None:
    """An instance is done: keep its output; begin the next, or end the whole when none is left or enough are done."""
    kept = whole.internal_data
    kept["got"][last.internal_data[INSTANCE] - 1] = turn.json(whole, "many.output", last)
    kept["done"] += 1
    last.forget()
    if kept["done"] == len(kept["got"]) or _is_enough(turn, whole, last):
        finish(turn, whole)
    elif kept["items"]:
        _begin_next(turn, whole)


def finish(turn: Turn, whole: Token) -> None:
    """Cancel the instances that still run, write the result and go on."""
    for token in turn.case.subprocesses[whole.id].tokens():
        if token.is_alive:
            token.cancel()
    turn.case.subprocesses.pop(whole.id)
    got = whole.internal_data["got"]
    for name in KEPT:
        whole.internal_data.pop(name)
    turn.write(whole, {name: got for name in whole.task_spec.node.many.names("result")})
    whole._ready()


def item_names(token: Token) -> set[str]:
    """The variables that hold the item and its number in a token's branch."""
    names: set[str] = set()
    inside: Token | None = token
    while inside is not None:
        if INSTANCE in inside.internal_data:
            names |= set(inside.task_spec.node.many.names("item", "index"))
        host = inside.host
        inside = host if host is not None and (host.task_spec.shares or host.task_spec.many) else None
    return names


def _begin_next(turn: Turn, whole: Token) -> None:
    kept, node = whole.internal_data, whole.task_spec.node
    number = len(kept["got"]) - len(kept["items"]) + 1
    body = turn.case.subprocesses[whole.id]
    spec = body.spec.task_specs[whole.task_spec.entry]
    token = Token(body, spec, body.tasks[ROOT], TaskState.FUTURE)
    token.take(whole)
    token.internal_data[INSTANCE] = number
    turn.write(token, {name: kept["items"][0] for name in node.many.names("item")})
    turn.write(token, {name: number for name in node.many.names("index")})
    del kept["items"][0]
    spec._update(token)


def _is_enough(turn: Turn, whole: Token, last: Token) -> bool:
    """Whether the completion condition holds: over the variables of the instance just done, the result, the counts."""
    formula, kept = whole.task_spec.formulas.get("many.until"), whole.internal_data
    if formula is None:
        return False
    running = len(kept["got"]) - kept["done"] - len(kept["items"])
    counts = {
        "numberOfInstances": len(kept["got"]),
        "numberOfCompletedInstances": kept["done"],
        "numberOfActiveInstances": running,
    }
    result = {name: kept["got"] for name in whole.task_spec.node.many.names("result")}
    value = formula.value({**last.data, **result, **counts}, turn.functions, turn.warnings)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"the completion condition gave {value!r}, neither true nor false")
    return value is True
