"""Timers and messages that are waited for: armed with an instant or a key, fired once, armed again by an amendment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine import branches, doing, record
from app.engine.spiff import ROOT, Token
from app.engine.timing import after, cycle, instant
from app.feel import to_fact

if TYPE_CHECKING:
    from app.engine.spiff import Case
    from app.engine.turn import Turn


def arm_boundary(turn: Turn, host: Token) -> None:
    """Arm the boundary events of an activity that was entered."""
    for spec in host.task_spec.boundary:
        token = host._add_child(spec, TaskState.WAITING)
        turn.at_element(token, arm, turn, token, host)


def begin_scope(turn: Turn, first: Token) -> None:
    """A scope begins: its event sub-processes wait from now on, then its first token sets out."""
    scope = first.workflow
    for spec in scope.spec.standing:
        token = Token(scope, spec, scope.tasks[ROOT], TaskState.WAITING)
        turn.at_element(token, arm, turn, token, first)
    first._ready()


def source_of(token: Token) -> Token:
    """Over whose variables the expressions of a waiting token are evaluated."""
    if token._parent != ROOT:
        host: Token = token.parent
        return host
    return doing.gathered_in(token.workflow) if token.is_standing else token


def arm(turn: Turn, token: Token, source: Token) -> None:
    """Let a token wait for its timer or message, evaluated over the variables of `source`."""
    event = token.task_spec.node.event
    if event.kind == "timer":
        token.internal_data["armed"] = turn.base.isoformat()
        _set_due(turn, token, source)
    elif event.kind == "message":
        token.internal_data["message"] = event.name
        token.internal_data["key"] = key_text(turn.json(token, "key", source))


def key_text(value: object) -> str | None:
    """A correlation key as text: 1 and "1" are the same key."""
    return value if value is None or isinstance(value, str) else str(value)


def fires(token: Token) -> datetime:
    """The instant an armed timer fires."""
    return datetime.fromisoformat(token.internal_data["fires"])


def armed_timers(case: Case) -> list[Token]:
    """Every timer that will fire, the earliest first; of the same instant the one armed first."""
    armed = [token for scope in case.scopes() for token in scope.tokens() if "fires" in token.internal_data]
    found = [token for token in armed if not branches.stands_still(case, token)]
    return sorted(found, key=lambda token: (fires(token), token.id))


def next_due(case: Case, at: datetime) -> Token | None:
    """The timer to fire next, if its instant has come."""
    timers = armed_timers(case)
    return timers[0] if timers and fires(timers[0]) <= at else None


def fire(turn: Turn, token: Token, payload: dict[str, object]) -> None:
    """What was waited for has come: a catch event goes on, a boundary event sets its branch out."""
    due = fires(token) if "fires" in token.internal_data else None
    if token.is_standing:
        _begin_standing(turn, token, payload, due)
        return
    if token.task_spec.node.kind == "boundaryEvent":
        token = _set_out(turn, token)
        turn.entered(token)
    elif token._parent != ROOT:
        _choose(turn, token)
    _disarm(token)
    record.visit(turn, token, "fired", due=due)
    receive(turn, token, payload)
    token._ready()


def begin_with(turn: Turn, token: Token, payload: dict[str, object]) -> None:
    """A message starts the case."""
    token.internal_data.clear()
    receive(turn, token, payload)
    begin_scope(turn, token)


def receive(turn: Turn, token: Token, payload: dict[str, object]) -> None:
    """Write a message's payload: what `duban:out` names, or all of it."""
    node = token.task_spec.node
    if not node.outputs:
        turn.case.write(token, payload)
        return
    read = {pair.name: token.task_spec.formulas[f"out.{pair.name}"] for pair in node.outputs}
    context = {**token.data, **payload}
    turn.write(token, {name: to_fact(formula.value(context, turn.functions)) for name, formula in read.items()})


def again(turn: Turn, amended: list[str]) -> None:
    """After an amendment: move every open due date, then compute every armed timer again, from when it was armed."""
    for scope in turn.case.scopes():
        for token in scope.tokens():
            if "at" in token.internal_data:
                doing.move_due(turn, token, amended)
    for token in armed_timers(turn.case):
        turn.base = datetime.fromisoformat(token.internal_data["armed"])
        turn.at_element(token, _set_due, turn, token, source_of(token))
    turn.base = turn.at
    for scope in turn.case.scopes():
        for token in scope.tokens():
            _arm_fired(turn, token, set(amended))


def again_within(turn: Turn, scope: int, amended: list[str]) -> None:
    """After an amendment of one branch: its due dates, and the timers that read what was amended."""
    tokens = branches.tokens_in(turn.case, scope)
    known = set(turn.case.written)
    for token in tokens:
        if "at" in token.internal_data:
            doing.move_due(turn, token, amended)
    moved = {*amended, *(turn.case.written.keys() - known)}
    for token in tokens:
        if "fires" in token.internal_data and moved & token.task_spec.formulas["timer"].names:
            turn.base = datetime.fromisoformat(token.internal_data["armed"])
            turn.at_element(token, _set_due, turn, token, source_of(token))
    turn.base = turn.at
    for token in tokens:
        _arm_fired(turn, token, moved)


def _arm_fired(turn: Turn, host: Token, amended: set[str]) -> None:
    """A date that moved on is waited for anew: boundary timers that fired for the old one, if the new is ahead."""
    armed = {token.task_spec for token in host.children}
    for spec in host.task_spec.boundary if "at" in host.internal_data else ():
        event = spec.node.event
        dated = event.kind == "timer" and event.timer == "timeDate" and not spec.node.interrupts
        if dated and spec not in armed and amended & spec.formulas["timer"].names:
            token = host._add_child(spec, TaskState.WAITING)
            turn.at_element(token, arm, turn, token, host)
            if fires(token) <= turn.at:
                token.forget()


def _set_due(turn: Turn, token: Token, source: Token) -> None:
    value, kind, kept = turn.value(token, "timer", source), token.task_spec.node.event.timer, token.internal_data
    if kind == "timeCycle":
        kept["of"], kept["every"] = cycle(value)
        kept["round"] = kept.get("round", 1)
        _set_fires(token)
    else:
        kept["fires"] = (after(value, turn.base) if kind == "timeDuration" else instant(value)).isoformat()


def _set_fires(token: Token) -> None:
    """The instant of a cycle's next firing: so many periods after it was armed, so that months do not drift."""
    kept = token.internal_data
    armed = datetime.fromisoformat(kept["armed"])
    kept["fires"] = after(kept["every"], armed, times=kept["round"]).isoformat()


def _disarm(token: Token) -> None:
    for name in ("fires", "armed", "round", "of", "every", "message", "key"):
        token.internal_data.pop(name, None)


def _begin_standing(turn: Turn, armed: Token, payload: dict[str, object], due: datetime | None) -> None:
    """An event sub-process begins with the variables of its scope; if it interrupts, all else in the scope ends."""
    scope, spec = armed.workflow, armed.task_spec
    token = Token(scope, spec, scope.tasks[ROOT], TaskState.STARTED)
    token.take(doing.gathered_in(scope))
    if spec.node.interrupts:
        for other in scope.tokens():
            if other is not token and other.is_alive:
                other.cancel()
    elif spec.node.is_event("timer"):
        _arm_next(turn, armed)
    turn.open(token)
    record.visit_at(turn, turn.case.subprocess_specs[spec.body].task_specs[spec.waits_as].step, "fired", due=due)
    receive(turn, token, payload)
    turn.start_body(token)


def _set_out(turn: Turn, armed: Token) -> Token:
    """A token for the boundary event's branch, in the host's scope; the host ends if the event interrupts."""
    host, spec, scope = armed.parent, armed.task_spec, armed.workflow
    branch = Token(scope, spec, scope.tasks[ROOT], TaskState.WAITING)
    branch.take(doing.gathered(host))
    if spec.node.interrupts:
        host.cancel()
    elif spec.node.is_event("timer"):
        _arm_next(turn, armed)
    return branch


def _choose(turn: Turn, token: Token) -> None:
    """Of what an event-based gateway offered this came first: it goes on with the gateway's variables."""
    gateway = token.parent
    token.data, token.marks = gateway.data, gateway.marks
    turn.left(gateway)
    for other in gateway.children:
        if other is not token:
            other.forget()
    gateway.forget()
    if token.task_spec.node.kind == "receiveTask":
        turn.open(token)
    else:
        turn.entered(token)


def _arm_next(turn: Turn, armed: Token) -> None:
    """A timer fired and does not interrupt: a cycle is armed for its next instant, anything else is done."""
    kept = armed.internal_data
    if "round" not in kept or (kept["of"] is not None and kept["round"] >= kept["of"]):
        armed.forget()
        return
    kept["round"] += 1
    turn.repeats += 1
    _set_fires(armed)
