"""SpiffWorkflow's task specs as Duban runs them: what each kind of element does when a token reaches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.exclusive_gateway import ExclusiveGateway
from SpiffWorkflow.specs import MultiChoice, WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from app.engine.formulas import Formula
from app.engine.model import Node
from app.engine.spiff import Token
from app.engine.values import Step


class Element(BpmnTaskSpec):  # type: ignore[misc]
    """A node of the diagram. Once frozen it never changes: every case of the diagram shares it, in every thread."""

    node: Node
    step: Step
    formulas: Mapping[str, Formula]
    boundary: tuple[Element, ...] = ()
    frozen = False

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node.id, lane=node.lane)
        self.bpmn_id, self.bpmn_name = node.id, node.name
        self.node, self.step, self.formulas = node, step, formulas

    def __setattr__(self, name: str, value: object) -> None:
        if self.frozen:
            raise AttributeError(f"{self.name} is shared by every case: {name} cannot be set")
        super().__setattr__(name, value)

    def test(self) -> None:
        # Lint and build checked it once; stock does at every step.
        return None

    def _predict(self, my_task: Token, seen: object = None, looked_ahead: int = 0, mask: int = 0) -> None:
        # Stock grows the tree ahead of the tokens; here children come when their parent completes.
        return None

    def _update(self, my_task: Token) -> None:
        # What fails on the way in is this element's fault, not that of the one before, whose completion led here.
        my_task.turn.at_element(my_task, super()._update, my_task)

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.entered(my_task)
        my_task.turn.queue(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        self.perform(my_task)
        if my_task.is_alive:
            my_task._sync_children(self.outputs, TaskState.FUTURE)
        return True

    def perform(self, token: Token) -> None:
        """What the element itself does, before the token goes on."""

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.turn.left(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing to say: the token was on its way through."""


class Activity(Element):
    """What can be open for a while, has a deadline and carries boundary events."""

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.open(my_task)
        my_task.turn.queue(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        for armed in my_task.children:
            armed.forget()
        return super()._run_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.turn.cancelled(my_task)


class UserTask(Activity):
    """Waits for a person; what they answered is pending until the run."""

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node, step, formulas)
        self.manual = True


class ServiceTask(Activity):
    """Calls an operation of the host."""

    def perform(self, token: Token) -> None:
        token.turn.operate(token)


class BusinessRuleTask(Activity):
    """Asks a decision table."""

    def perform(self, token: Token) -> None:
        token.turn.decide(token)


class SubProcess(Activity):
    """Runs a scope of its own: an embedded sub-process with the branch's variables, or (called) only those mapped."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.STARTED)
        my_task.turn.open(my_task)
        my_task.turn.start_body(my_task)
        return False

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)


class Catch(Element):
    """Waits for a message or a timer."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.WAITING)
        my_task.turn.entered(my_task)
        my_task.turn.arm(my_task, my_task)
        return False

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.turn.cancelled(my_task)


class Boundary(Element):
    """Armed as a child of its host; when it fires a token of its own sets out."""

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)


class StartEvent(Element):
    """Where a scope begins."""


class Throw(Element):
    """Throws a message or an escalation and goes on; an end event ends there."""

    def perform(self, token: Token) -> None:
        token.turn.throw(token)


class Terminate(Element):
    """Ends its scope, and only that: everything else in it is cancelled."""

    def perform(self, token: Token) -> None:
        for other in token.workflow.tokens():
            if other is not token and other.is_alive:
                token.take(token.turn.gathered(other))
                other.cancel()


class Exclusive(Element, ExclusiveGateway):  # type: ignore[misc]
    """One way on: the first condition that is true, in the order of the file, else the default flow."""

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node, step, formulas)
        self.cond_task_specs: list[tuple[object, str]] = []
        self.choice = self.default_task_spec = None

    def _run_hook(self, my_task: Token) -> bool:
        return bool(ExclusiveGateway._run_hook(self, my_task))


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
        first.internal_data.clear()
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

    def __init__(self, key: str) -> None:
        WorkflowSpec.__init__(self, name=key)
        self.svg = self.io_specification = None
        self.description = key
        self.data_objects: dict[str, object] = {}
        self.data_stores: dict[str, object] = {}
        self.correlation_keys: dict[str, object] = {}
        self.bpmn_start_events: list[object] = []
        self.start = ScopeStart(self, "(start)")
        self.end = EndJoin(self, "(end)")

    def _add_notify(self, task_spec: Any) -> None:
        WorkflowSpec._add_notify(self, task_spec)
