"""A case being run: what may be done to it, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from app.engine import arming, many, record
from app.engine.facts import check_facts, copied_facts
from app.engine.spiff import ROOT, Case, Token
from app.engine.turn import Turn
from app.engine.values import Changes, Host, Subscription, Timer, Work
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

    def amend(self, data: Mapping[str, object]) -> None:
        """Set facts in every live branch; the next run takes every due date and arms every timer again from them.

        What holds the item or its number in an activity done for each item of a list stays as it is there.

        A deadline that was computed moves when the fact that stores it (`duban:dueKey`) is amended.
        """
        facts = check_facts(data, self.diagram.reserved)
        for scope in self.case.scopes():
            for token in scope.tokens():
                if token._parent == ROOT and not token.is_standing:
                    items = many.item_names(token)
                    self.case.write(token, {name: value for name, value in facts.items() if name not in items})
        self.case.amended = sorted({*self.case.amended, *facts})

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
