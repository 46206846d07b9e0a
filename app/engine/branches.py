"""The branches of a case that have variables of their own, the deadlines they keep, and clocks that stand still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.spiff import ROOT, Token, branch_of
from app.engine.values import Due
from app.errors import Conflict, NotFound, words

if TYPE_CHECKING:
    from app.engine.spiff import Case


def is_within(token: Token, scope: int) -> bool:
    """Whether a token stands in that branch or in one that runs inside it."""
    return any(branch_of(around) == scope for around in _outwards(token))


def tokens_in(case: Case, scope: int) -> list[Token]:
    """The tokens of a branch and of all that runs inside it, the innermost first. Raises NotFound."""
    refuse_unknown(case, scope)
    return [token for body in case.scopes() for token in body.tokens() if is_within(token, scope)]


def around(case: Case, scope: int) -> Iterator[int]:
    """A branch and those around it, outwards to the case's own."""
    token = case.token(scope)
    while token is not None and scope != ROOT:
        yield scope
        scope = _outside(token)
        token = case.token(scope)
    yield ROOT


def refuse_unknown(case: Case, scope: int) -> None:
    """Raise NotFound unless that branch runs."""
    token = case.token(scope)
    runs = token is not None and (
        branch_of(token) == scope or not (_has_no_body(case, token) or token.task_spec.shares)
    )
    if scope != ROOT and not runs:
        raise NotFound(words("This part of the case no longer runs."))


# Deadlines.


def keep_due(case: Case, token: Token, key: str, policy: str | None, start: str | None) -> None:
    """Note in a token's branch that it keeps a deadline under a fact: element, process, policy, day counted from."""
    step = token.task_spec.step
    _kept_in(case, branch_of(token))[key] = [step.element, step.process, policy, start]


def keeps(case: Case, scope: int, key: str) -> bool:
    """Whether a branch counted a deadline of its own under that fact."""
    return key in _kept_in(case, scope, make=False)


def dues(case: Case) -> list[Due]:
    """Every deadline that something still waits for, a branch each, in the order in which they began."""
    found = [due for scope in _scopes_with_dues(case) for due in _dues_of(case, scope)]
    return sorted(found, key=lambda due: (due.due, due.scope))


def _dues_of(case: Case, scope: int) -> Iterator[Due]:
    tokens = tokens_in(case, scope)
    for key, (element, process, policy, start) in _kept_in(case, scope).items():
        place = element, process
        readers = [token for token in tokens if _waits_for(token, key, place) and _is_nearest(case, token, scope, key)]
        due = _value(case, tokens, scope, key)
        if readers and due is not None:
            own = next((token for token in readers if _is_work(token)), None)
            work_id = own.id if own is not None else None
            yield Due(key, due, scope, element, process, policy, start, _org(readers, tokens), work_id)


def _waits_for(token: Token, key: str, place: tuple[str, str]) -> bool:
    """Whether a token keeps a deadline running: its activity, a task that takes its date, a timer armed from it."""
    names = getattr(token.task_spec, "formulas", {})  # the end of a scope is no element
    if "at" in token.internal_data and not token.is_standing:
        step = token.task_spec.step
        return (step.element, step.process) == place or ("due" in names and key in names["due"].names)
    return "fires" in token.internal_data and key in names["timer"].names


def _is_nearest(case: Case, token: Token, scope: int, key: str) -> bool:
    """Whether it is this branch's deadline that a token reads, and not one that a branch inside counted itself."""
    inner = next(found for found in around(case, branch_of(token)) if found == scope or keeps(case, found, key))
    return inner == scope


def _value(case: Case, tokens: list[Token], scope: int, key: str) -> str | None:
    """The date that a branch knows under a fact, the one written last; what a call was given is not its inside's."""
    holders = [
        token
        for token in tokens
        if branch_of(token) == scope and case.has_facts(token) and (token.id != scope or _has_no_body(case, token))
    ]
    known = [token for token in holders if isinstance(token.data.get(key), str)]
    last = max(known, key=lambda token: token.marks.get(key, 0), default=None)
    return str(last.data[key]) if last is not None else None


def _org(readers: list[Token], tokens: list[Token]) -> str | None:
    """Whose deadline it is: the organisation of an open task that has the date, else of any in the branch."""
    placed = [token.internal_data["org"] for token in (*readers, *tokens) if "org" in token.internal_data]
    return str(placed[0]) if placed else None


def _has_no_body(case: Case, token: Token) -> bool:
    return token.id not in case.subprocesses


def _is_work(token: Token) -> bool:
    return bool(token.task_spec.manual and token._state == TaskState.READY)


# Clocks that stand still.


def hold(case: Case, scope: int, at: datetime) -> None:
    """Let no timer of a branch fire from now on. Raises NotFound, or Conflict where it stands still already."""
    refuse_unknown(case, scope)
    within = any(scope in around(case, held) for held in case.held)
    if within or any(found in case.held for found in around(case, scope)):
        raise Conflict(words("The clock of this part of the case stands still already."))
    case.held[scope] = at.isoformat()


def release(case: Case, scope: int, at: datetime) -> datetime:
    """Let the timers of a branch run on, and give since when they stood still; waiting periods go on where they were.

    Instants that are dates of facts stay; who moves the facts (`Instance.amend`) moves those. Raises Conflict.
    """
    if scope not in case.held:
        raise Conflict(words("The clock of this part of the case is running."))
    since = datetime.fromisoformat(case.held.pop(scope))
    for token in tokens_in(case, scope):
        if "fires" in token.internal_data and token.task_spec.node.event.timer != "timeDate":
            for name in ("armed", "fires"):
                moved = datetime.fromisoformat(token.internal_data[name]) + (at - since)
                token.internal_data[name] = moved.isoformat()
    return since


def forget_ended(case: Case) -> None:
    """A branch that has ended stands still no longer."""
    case.held = {scope: since for scope, since in case.held.items() if scope == ROOT or case.token(scope)}


def stands_still(case: Case, token: Token) -> bool:
    """Whether a token's timer is held."""
    return bool(case.held) and any(branch_of(around) in case.held for around in _outwards(token))


def _outwards(token: Token) -> Iterator[Token]:
    """A token and the activities around it; the last stands in the case's own scope."""
    inside: Token | None = token
    while inside is not None:
        yield inside
        inside = inside.host


def _outside(token: Token) -> int:
    """The branch around the one that a token is the id of."""
    own = branch_of(token)
    if own != token.id:
        return own
    host = token.host
    return ROOT if host is None else branch_of(host)


def _scopes_with_dues(case: Case) -> list[int]:
    inside = {branch_of(token) for body in case.scopes() for token in body.tokens()}
    return [scope for scope in sorted({ROOT, *inside}) if _kept_in(case, scope, make=False)]


def _kept_in(case: Case, scope: int, *, make: bool = True) -> dict[str, list[Any]]:
    token = case.token(scope) if scope != ROOT else None
    if token is None:
        return case.dues
    kept: dict[str, list[Any]] = token.internal_data.get("dues", {})
    if make and not kept:
        kept = token.internal_data["dues"] = {}
    return kept
