"""Where tokens meet: parallel and inclusive gateways, the end of a scope, and the spec of a whole scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs import MultiChoice, WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from app.engine.formulas import Formula
from app.engine.model import Node
from app.engine.specs import Element
from app.engine.spiff import Token
from app.engine.values import Step


class Join(Element):
    """Holds the tokens that arrive until they may go on as one."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task.internal_data["from"] = my_task.parent.task_spec.name
        my_task._set_state(TaskState.WAITING)
        self.arrived(my_task)
        return False

    def arrived(self, token: Token) -> None:
        """A token came; whether others are awaited is decided here or, for what needs the whole scope, by `settle`."""

    def waiting(self, scope: Any) -> list[Token]:
        """The tokens that wait here, in the order they came."""
        return [token for token in scope.tokens() if token.task_spec is self and token._state == TaskState.WAITING]

    def fire(self, tokens: list[Token]) -> None:
        """Let these go on as one: the later writes win, variable by variable."""
        first, *others = tokens
        for other in others:
            first.take(other)
            other.forget()
        first._ready()


class Parallel(Join):
    """Takes one token of each incoming flow; more of the same flow wait for the next round."""

    def arrived(self, token: Token) -> None:
        needed: Counter[str] = Counter(self._inputs)
        taken = []
        for waiting in self.waiting(token.workflow):
            source = waiting.internal_data["from"]
            if needed[source] > 0:
                needed[source] -= 1
                taken.append(waiting)
        if not +needed:
            self.fire(taken)


class Inclusive(Join, MultiChoice):  # type: ignore[misc]
    """Block-structured: the split starts every branch whose condition is true, the join waits for those that run.

    `region`: the elements between split and join, empty for a split.
    """

    region: frozenset[str] = frozenset()

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node, step, formulas)
        self.cond_task_specs: list[tuple[object, str]] = []
        self.choice = None

    def arrived(self, token: Token) -> None:
        if not self.region:
            self.fire([token])

    def may_fire(self, scope: Any) -> bool:
        """Whether no token is left between the split and this join."""
        return not any(token.task_spec.name in self.region for token in scope.tokens())

    def _run_hook(self, my_task: Token) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise ValueError("no condition is true and there is no default flow")
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        return True


class EndJoin(Join):
    """Where the tokens of a scope end; the last one ends the scope."""

    def __init__(self, wf_spec: Any, name: str) -> None:
        # Brackets keep these names apart from any element's id.
        BpmnTaskSpec.__init__(self, wf_spec, name)

    def arrived(self, token: Token) -> None:
        first, *others = self.waiting(token.workflow)
        for other in others:
            first.take(other)
            other.forget()

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        my_task.turn.end_scope(my_task)
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        return None


class ScopeStart(EndJoin):
    """The root of a scope's tree: already done, it holds the tokens."""


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The elements of one scope. Not BpmnProcessSpec.__init__: it builds stock start and end tasks."""

    def __init__(self, key: str, end: type[EndJoin] = EndJoin) -> None:
        WorkflowSpec.__init__(self, name=key)
        self.svg = self.io_specification = None
        self.description = key
        self.data_objects: dict[str, object] = {}
        self.data_stores: dict[str, object] = {}
        self.correlation_keys: dict[str, object] = {}
        self.bpmn_start_events: list[object] = []
        self.standing: tuple[Element, ...] = ()
        self.start = ScopeStart(self, "(start)")
        self.end = end(self, "(end)")

    def _add_notify(self, task_spec: Any) -> None:
        WorkflowSpec._add_notify(self, task_spec)
