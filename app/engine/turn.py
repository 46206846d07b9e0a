"""One run: the loop from what is pending to the next wait, its budgets, and the record of what happened."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.engine import arming, branches, doing, record, throwing
from app.engine.errors import Fault, StepBudgetExceeded, said
from app.engine.facts import check_facts
from app.engine.spiff import Case, Token
from app.engine.timing import CHINA
from app.engine.values import Changes, Host, Message, Visit
from app.errors import Finding, Invalid, Refusal, words
from app.feel import to_fact

STEPS = 2_000
SECONDS = 5.0
REPEATS = 100


class Turn:
    """A run of a case at an instant. `base` is what durations count from: the due of a timer while its branch runs.

    A run repeats timers at most `REPEATS` times: after a long time out of service the rest is due in the next run.
    """

    def __init__(self, case: Case, at: datetime, host: Host, reserved: frozenset[str]) -> None:
        if at.tzinfo is None:
            raise Invalid(words("The instant of a run needs an offset"))
        self.case = case
        self.at = at.astimezone(CHINA)
        self.base = self.at
        self.host = host
        self.reserved = reserved
        self.functions: dict[str, Callable[..., object]] = {
            "now": lambda: self.at,
            "today": self.at.date,
            **host.functions,
        }
        self.visits: list[Visit] = []
        self.messages: list[Message] = []
        self.warnings: list[Finding] = []
        self.ended: dict[int, record.WorkEnd] = {}
        self.ready: deque[Token] = deque()
        self.steps = 0
        self.repeats = 0
        self.started = time.monotonic()

    def run(self) -> Changes:
        """Do what is pending, then what time has brought, each to its end before the next begins."""
        before = {token.id for token in record.open_work(self.case)}
        self.at_element(self.case.task_tree, self.prepare)
        self.drive()
        pending, self.case.pending = self.case.pending, []
        for id, data in pending:
            self.take_pending(id, data)
            self.drive()
        while self.repeats < REPEATS and (timer := arming.next_due(self.case, self.at)) is not None:
            self.base = arming.fires(timer)
            self.at_element(timer, arming.fire, self, timer, {})
            self.drive()
        self.base = self.at
        self.refuse_stuck()
        branches.forget_ended(self.case)
        self.case.settle_marks()
        return record.changes(self, before)

    def prepare(self) -> None:
        """Queue the token of a fresh case; compute again what an amendment may have moved."""
        for scope in self.case.scopes():
            for token in scope.tokens():
                if token._state == TaskState.FUTURE and "payload" not in token.internal_data:
                    arming.begin_scope(self, token)
        if self.case.amended:
            amended, self.case.amended = self.case.amended, []
            arming.again(self, amended)
        within, self.case.amended_within = self.case.amended_within, []
        for scope in dict.fromkeys(scope for scope, _ in within):
            arming.again_within(self, scope, [name for found, name in within if found == scope])

    def take_pending(self, id: int, data: dict[str, object]) -> None:
        """Carry out a completion or a reception."""
        token = self.case.token(id)
        if token is None:
            return
        if token.task_spec.manual:
            self.ended[id] = "completed"
            self.case.write(token, data)
            self.step(token)
        else:
            act = arming.begin_with if token.task_spec.node.kind == "startEvent" else arming.fire
            self.at_element(token, act, self, token, data)

    def drive(self) -> None:
        """Move every token as far as it goes by itself."""
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token.is_alive and token._state == TaskState.READY:
                    self.step(token)
            if not self.settle():
                return

    def step(self, token: Token) -> None:
        """Execute one element, within the budgets."""
        self.steps += 1
        if self.steps > STEPS or time.monotonic() - self.started > SECONDS:
            step = record.step_of(token)
            text = words(
                "The case was stopped at {element}: one run may take {steps} steps and {seconds} seconds",
                element=step.element,
                steps=STEPS,
                seconds=int(SECONDS),
            )
            raise StepBudgetExceeded(step.element, step.process, text)
        self.at_element(token, token.run)

    def at_element(self, token: Token, act: Callable[..., None], *arguments: Any) -> None:
        """Do something for a token; whatever foreign error comes out names the element."""
        try:
            act(*arguments)
        except Invalid as error:
            step = record.step_of(token)
            raise Fault(step.element, step.process, error) from error
        except Refusal:
            raise
        except Exception as error:
            step = record.step_of(token)
            why = f" ({self.warnings[0].words})" if self.warnings else ""
            raise Fault(step.element, step.process, said(error) + why) from error

    def settle(self) -> bool:
        """Let the joins go that waited for the rest of their scope, the innermost first. False: nothing moves."""
        for scope in self.case.scopes():
            tokens = scope.tokens()
            for token in tokens:
                join = token.task_spec
                if token._state == TaskState.WAITING and hasattr(join, "may_fire") and join.may_fire(scope):
                    join.fire(join.waiting(scope))
                    return True
            ended = [token for token in tokens if not token.is_standing]
            if len(ended) == 1 and ended[0].task_spec is scope.spec.end and ended[0]._state == TaskState.WAITING:
                for token in tokens:
                    if token is not ended[0]:
                        token.forget()
                scope.spec.end.fire(ended)
                return True
        return False

    def refuse_stuck(self) -> None:
        """A case that is not over and waits for nothing would stand still for ever, unseen: a fault instead."""
        if self.case.completed:
            return
        waiting = [token for scope in self.case.scopes() for token in scope.tokens()]
        if not any(token.task_spec.manual or token.internal_data.keys() & {"fires", "message"} for token in waiting):
            step = record.step_of(waiting[0] if waiting else self.case.task_tree)
            raise Fault(step.element, step.process, words("nothing can move the case on from here"))

    # What the specs call.

    def queue(self, token: Token) -> None:
        """A token became ready; those that wait for people are not ours to execute."""
        if token._state == TaskState.READY and not token.task_spec.manual:
            self.ready.append(token)

    def entered(self, token: Token) -> None:
        """A token reached an element."""
        record.visit(self, token, "entered", status=doing.status_of(self, token))

    def left(self, token: Token, rules: tuple[str, ...] = ()) -> None:
        """A token went on; a decision's matched rules were noted when it was made."""
        record.visit(self, token, "left", rules=tuple(token.internal_data.get("rules", rules)))

    def cancelled(self, token: Token) -> None:
        """An element that was open is open no more."""
        if token.task_spec.manual:
            self.ended.setdefault(token.id, "cancelled")
        record.visit(self, token, "cancelled")

    def open(self, token: Token) -> None:
        """An activity begins: its deadline first, then its boundary events."""
        doing.open_activity(self, token)
        arming.arm_boundary(self, token)

    def arm(self, token: Token, source: Token) -> None:
        """A catch event begins to wait."""
        arming.arm(self, token, source)

    def begin_scope(self, first: Token) -> None:
        """A scope begins with its first token; its event sub-processes stand by."""
        arming.begin_scope(self, first)

    def start_body(self, token: Token) -> None:
        """A sub-process or called process begins."""
        doing.start_body(self, token)

    def end_scope(self, token: Token) -> None:
        """The last token of a scope has ended."""
        doing.end_scope(self, token)

    def operate(self, token: Token) -> None:
        """A service task."""
        doing.operate(self, token)

    def decide(self, token: Token) -> None:
        """A business rule task."""
        doing.decide(self, token)

    def throw(self, token: Token) -> None:
        """A throw or end event."""
        throwing.throw(self, token)

    def gathered(self, token: Token) -> Token:
        """A token with the variables written inside it so far."""
        return doing.gathered(token)

    def value(self, token: Token, key: str, source: Token | None = None) -> object:
        """The FEEL value of one of an element's expressions over the variables of its branch; None without one."""
        formula = token.task_spec.formulas.get(key)
        if formula is None:
            return None
        self.warnings.clear()
        return formula.value((source or token).data, self.functions, self.warnings)

    def json(self, token: Token, key: str, source: Token | None = None) -> object:
        """The same as a JSON value."""
        return to_fact(self.value(token, key, source))

    def write(self, token: Token, facts: Any) -> None:
        """Write facts in a token's branch, checked and copied."""
        self.case.write(token, check_facts(facts, self.reserved))
