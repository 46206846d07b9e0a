"""What activities do: deadlines and holders on entry, operations, decisions, messages, scopes inside scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine import branches, record
from app.engine.facts import copied_facts
from app.engine.spiff import INSTANCE, ROOT, Body, Token, branch_of
from app.engine.timing import due_date, is_late
from app.engine.values import OperationCall
from app.feel import to_fact

if TYPE_CHECKING:
    from app.engine.spiff import _Tokens
    from app.engine.turn import Turn


def open_activity(turn: Turn, token: Token) -> None:
    """Enter an activity: its due date, for a user task its holders, and the visit with the case's status."""
    token.internal_data["at"] = turn.at.isoformat()
    set_due(turn, token)
    if token.task_spec.manual:
        org, persons = _text(turn.json(token, "org")), _texts(turn.json(token, "person"))
        token.internal_data |= {key: value for key, value in (("org", org), ("persons", persons)) if value}
    due = None if branches.stands_still(turn.case, token) else token.internal_data.get("due")
    late = is_late(due, turn.at) and "lateStatus" in token.task_spec.formulas
    record.visit(turn, token, "entered", status=status_of(turn, token, "lateStatus" if late else "status"))


def status_of(turn: Turn, token: Token, key: str = "status") -> str | None:
    """The case's visible status that an element sets, None where it sets none."""
    return _text(turn.json(token, key))


def set_due(turn: Turn, token: Token) -> None:
    """Take or compute the due date of an activity that is entered, and store it under `duban:dueKey`.

    A deadline is of an activity as a whole: each item of many has it. A date that is taken may be the item's own.
    """
    whole = token.host if INSTANCE in token.internal_data else None
    if whole is not None and "due" not in token.task_spec.formulas:
        token.internal_data |= {key: value for key, value in whole.internal_data.items() if key == "due"}
        return
    if "due" in token.task_spec.formulas and token.task_spec.many:
        return
    due, policy, start = _taken(turn, token) if "due" in token.task_spec.formulas else _computed(turn, token)
    if due is not None:
        token.internal_data["due"] = due
    key = token.task_spec.step.attributes.get("dueKey")
    if key:
        turn.write(token, {key: due})
        if due is not None:
            branches.keep_due(turn.case, token, key, policy, start)


Counted = tuple[str | None, str | None, str | None]
"""A due date, the policy that it was counted by, the day that it was counted from."""


def _taken(turn: Turn, token: Token) -> Counted:
    return due_date(turn.value(token, "due")), None, None


def _computed(turn: Turn, token: Token) -> Counted:
    policy, start = _text(turn.json(token, "deadline")), turn.json(token, "from")
    if policy is None or turn.host.deadline is None:
        return None, None, None
    due = due_date(turn.host.deadline(policy, start, turn.at, copied_facts(token.data)))
    return due, policy, due_date(start) if isinstance(start, str) else turn.at.date().isoformat()


def move_due(turn: Turn, token: Token, amended: list[str]) -> None:
    """After an amendment: a due date that was taken is taken again, a computed one follows the fact that stores it."""
    key = token.task_spec.step.attributes.get("dueKey")
    if key in amended:
        due = due_date(token.data[key])
    elif "due" in token.task_spec.formulas and not token.task_spec.many:
        due = due_date(turn.value(token, "due"))
    else:
        return
    token.internal_data["due"] = due
    if key and key not in amended:
        turn.write(token, {key: due})


def operate(turn: Turn, token: Token) -> None:
    """Call the operation and write what it returns."""
    name = token.task_spec.step.attributes["operation"]
    operation = turn.host.operations.get(name)
    if operation is None:
        raise LookupError(f"the operation {name} is not known here")
    parameters = {pair.name: turn.json(token, f"parameter.{pair.name}") for pair in token.task_spec.node.parameters}
    inside = branch_of(token)
    call = OperationCall(name, parameters, copied_facts(token.data), token.task_spec.name, turn.at, inside)
    turn.write(token, operation(call) or {})


def decide(turn: Turn, token: Token) -> None:
    """Ask the decision and write its result."""
    spec = token.task_spec
    name = spec.step.attributes["decision"]
    outcome = spec.decision.decide(name, copied_facts(token.data), functions=turn.functions)
    turn.write(token, {spec.step.attributes.get("result", name): to_fact(outcome.value)})
    token.internal_data["rules"] = tuple(outcome.rules)


def start_body(turn: Turn, token: Token) -> None:
    """Begin the inside of a sub-process with the branch's variables, of a called process with those mapped in."""
    case, spec = turn.case, token.task_spec
    body = Body(case.subprocess_specs[spec.body], token)
    case.subprocesses[token.id] = body
    set_down(body, spec.entry)
    first = body.tokens()[0]
    if spec.shares:
        first.take(token)
    else:
        turn.write(first, {pair.name: turn.json(token, f"in.{pair.name}") for pair in spec.node.inputs})
    turn.begin_scope(first)


def set_down(scope: object, entry: str) -> Token:
    """Set a token down at a start event."""
    spec = scope.spec.task_specs[entry]  # type: ignore[attr-defined]
    return Token(scope, spec, scope.tasks[ROOT], TaskState.FUTURE)  # type: ignore[attr-defined]


def end_scope(turn: Turn, last: Token) -> None:
    """A scope is done: the case is over, or the activity around goes on with what the scope gives it."""
    scope = last.workflow
    if scope is turn.case:
        scope.completed = True
        return
    host = last.host
    assert host is not None  # noqa: S101  a scope inside another has its activity
    turn.case.subprocesses.pop(host.id)
    spec = host.task_spec
    if spec.shares:
        host.data, host.marks = last.data, last.marks
        if spec.standing:
            spread(host, host.workflow)
    else:
        turn.write(host, {pair.name: turn.json(host, f"out.{pair.name}", last) for pair in spec.node.outputs})
    host._ready()


def gathered(token: Token) -> Token:
    """The token, or for a running embedded sub-process a stand-in that has the variables written inside it so far."""
    body = token.workflow.top_workflow.subprocesses.get(token.id)
    if body is None or not token.task_spec.shares:
        return token
    return gathered_in(body)


def gathered_in(scope: _Tokens) -> Token:
    """A stand-in that has the variables of all branches of a scope, of each the value written last."""
    found = Token.__new__(Token)
    found.data, found.marks = {}, {}
    for inner in scope.branches():
        found.take(gathered(inner))
    return found


def spread(source: Token, scope: _Tokens) -> None:
    """What an event sub-process wrote is known, once it ends, in every branch of its scope."""
    for token in scope.branches():
        body = token.workflow.top_workflow.subprocesses.get(token.id)
        if token is not source:
            token.take(source)
        if token is not source and body is not None and token.task_spec.shares:
            spread(source, body)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one is not None]
