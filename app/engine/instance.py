"""A case being run: what may be done to it, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from app.engine import arming, branches, many, record
from app.engine.facts import check_facts, copied_facts
from app.engine.spiff import ROOT, Case, Token, branch_of
from app.engine.turn import Turn
from app.engine.values import Changes, Due, Host, Subscription, Timer, Work
from app.errors import Conflict, NotFound, words

if TYPE_CHECKING:
    from app.engine.diagram import Diagram


class Instance:
    """A running case of a diagram. Between runs it waits; `complete`, `receive` and `amend` take effect in `run`.

    Not to be shared between threads. After a run that raised, the instance is unusable: load the last dump.
    """

    def __init__(self, diagram: Diagram, case: Case) -> None:
        self.diagram = diagram
        self._case = case
        self._spoilt = False

    def run(self, at: datetime, host: Host | None = None) -> Changes:
        """Go on to the next wait; `at` is now, with its offset.

        First what is pending, in the order it came; then every timer due, in due order, each branch to its own next
        wait. Durations armed in a timer's branch count from the timer's due; all else is at `at`.
        Raises StepBudgetExceeded, or Fault naming the element and the cause; refusals of operations come as they are.
        """
        case = self.case
        turn = Turn(case, at, host or Host(), self.diagram.reserved)
        case.turn = turn
        self._spoilt = True
        done = turn.run()
        self._spoilt = False
        case.turn = None
        return done

    @property
    def case(self) -> Case:
        """The tokens, for app.engine alone. Raises Conflict after a failed run: nothing half may be kept."""
        if self._spoilt:
            raise Conflict(words("The case stopped half way and must be loaded again"))
        return self._case

    def work(self) -> list[Work]:
        """The open user tasks, in the order they opened, without those completed and not yet run."""
        done = {id for id, _ in self.case.pending}
        return [record.work_of(token) for token in record.open_work(self.case) if token.id not in done]

    def complete(self, work_id: int, data: Mapping[str, object]) -> None:
        """Complete a user task with facts. Raises NotFound unless it is open, Invalid for what is not JSON."""
        token = next((token for token in record.open_work(self.case) if token.id == work_id), None)
        if token is None or self._is_ending(token):
            raise NotFound(words("This task is not open"))
        self.case.pending.append((work_id, check_facts(data, self.diagram.reserved)))

    def put_to(self, work_id: int, old: str, new: str) -> None:
        """Name another person for an open user task, in its branch: wherever a fact of it names `old`, it names `new`.

        Raises NotFound unless the task is open.
        """
        token = next((token for token in record.open_work(self.case) if token.id == work_id), None)
        if token is None or self._is_ending(token):
            raise NotFound(words("This task is not open"))
        named = token.internal_data.get("persons", ())
        token.internal_data["persons"] = [new if one == old else one for one in named]
        facts = {name: new for name, value in token.data.items() if value == old}
        self.amend(facts, scope=branch_of(token))

    def receive(self, message: str, data: Mapping[str, object], *, key: str | None = None) -> bool:
        """Hand a message to everything that waits for it under this key or under none. False: nothing does."""
        payload = check_facts(data, self.diagram.reserved)
        taken = [
            token
            for token in self._waiting()
            if token.internal_data["message"] == message and token.internal_data["key"] in (None, key)
        ]
        self.case.pending.extend((token.id, dict(payload)) for token in taken)
        return bool(taken)

    def timers(self) -> list[Timer]:
        """The armed timers, the earliest first."""
        armed = arming.armed_timers(self.case)
        return [Timer(token.id, token.task_spec.waits_as, arming.fires(token)) for token in armed]

    def subscriptions(self) -> list[Subscription]:
        """The messages waited for."""
        return [
            Subscription(token.id, token.task_spec.waits_as, token.internal_data["message"], token.internal_data["key"])
            for token in self._waiting()
        ]

    def amend(self, data: Mapping[str, object], *, scope: int | None = None) -> None:
        """Set facts in every live branch; the next run takes every due date and arms every timer again from them.

        With `scope` only in that branch and in what runs inside it (ids as in `dues`, 0 the case's own): there due
        dates are taken again, and the timers that read these facts are armed again; nothing else is touched. A branch
        inside that counted a deadline of its own under the same name keeps it. Raises NotFound where it has ended.

        What holds the item or its number in an activity done for each item of a list stays as it is there.

        A deadline that was computed moves when the fact that stores it (`duban:dueKey`) is amended.
        """
        facts = check_facts(data, self.diagram.reserved)
        if scope is not None:
            self._amend_within(scope, facts)
            return
        for body in self.case.scopes():
            for token in body.branches():
                self._write(token, facts)
        self.case.amended = sorted({*self.case.amended, *facts})

    def _amend_within(self, scope: int, facts: dict[str, object]) -> None:
        case = self.case
        for token in branches.tokens_in(case, scope):
            if token._parent == ROOT and not token.is_standing:
                inner = list(takewhile(lambda one: one != scope, branches.around(case, branch_of(token))))
                own = {name for name in facts for one in inner if branches.keeps(case, one, name)}
                self._write(token, {name: value for name, value in facts.items() if name not in own})
        case.amended_within = sorted({*case.amended_within, *((scope, name) for name in facts)})

    def _write(self, token: Token, facts: Mapping[str, object]) -> None:
        items = many.item_names(token)
        self.case.write(token, {name: value for name, value in facts.items() if name not in items})

    def dues(self) -> list[Due]:
        """The deadlines that run: what is still waited for, one a branch, the earliest first."""
        return branches.dues(self.case)

    def hold(self, scope: int, at: datetime) -> None:
        """Stop the clock of a branch (0: of the whole case): no timer of it fires until `release`.

        What is due already must have been run before. Raises NotFound, or Conflict where it stands still.
        """
        branches.hold(self.case, scope, at)

    def release(self, scope: int, at: datetime) -> datetime:
        """Let the clock of a branch run again; gives the instant since which it stood still. Raises Conflict.

        Periods being waited for go on where they stopped; due dates are moved by who amends the facts.
        """
        return branches.release(self.case, scope, at)

    def held(self) -> dict[int, datetime]:
        """The branches whose clock stands still, and since when."""
        return {scope: datetime.fromisoformat(since) for scope, since in self.case.held.items()}

    def around(self, scope: int) -> list[int]:
        """A branch and those around it, outwards to the case's own (0)."""
        return list(branches.around(self.case, scope))

    def is_over(self) -> bool:
        """Whether an end event of the process was reached and nothing is open."""
        return bool(self.case.completed)

    def facts(self) -> dict[str, object]:
        """The last value written of each variable, over all scopes; a copy."""
        return copied_facts(self.case.facts)

    def _waiting(self) -> list[Token]:
        found = [token for scope in self.case.scopes() for token in scope.tokens() if "message" in token.internal_data]
        return sorted((token for token in found if not self._is_ending(token)), key=lambda token: token.id)

    def _is_ending(self, token: Token) -> bool:
        """Whether something pending will end this token, or what it stands in."""
        ends = {ended for id, _ in self.case.pending for ended in _ended_by(self.case.token(id))}
        around: Token | None = token
        while around is not None:
            if {around.id, around._parent} & ends:
                return True
            around = around.host
        return False


def _ended_by(token: Token | None) -> set[int]:
    """The tokens that end when what is pending at this one is carried out."""
    if token is None:
        return set()
    if token.is_standing:
        return {other.id for other in token.workflow.tokens()} if token.task_spec.node.interrupts else set()
    host = token.parent
    if host is None or host.id == ROOT:
        return {token.id}
    return {host.id} if token.task_spec.node.interrupts else set()
