"""SpiffWorkflow's task specs as Duban runs them: what each kind of element does when a token reaches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.exclusive_gateway import ExclusiveGateway
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
    shares = False
    """Whether what runs inside works on the branch's own variables."""
    standing = False
    """Whether it stands for an event sub-process, which waits as long as its scope runs."""
    waits_as: str
    """The element whose timer or message a token here waits for."""
    many = False
    """Whether it stands for all the instances of an activity that is done for each item of a list."""

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node.id, lane=node.lane)
        self.bpmn_id, self.bpmn_name = node.id, node.name
        self.node, self.step, self.formulas = node, step, formulas
        self.waits_as = node.id

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


class SendTask(Activity):
    """Throws a message and goes on."""

    def perform(self, token: Token) -> None:
        token.turn.throw(token)


class BusinessRuleTask(Activity):
    """Asks a decision table."""

    def perform(self, token: Token) -> None:
        token.turn.decide(token)


class SubProcess(Activity):
    """Runs a scope of its own: an embedded sub-process with the branch's variables, or (called) only those mapped."""

    body: str
    entry: str
    begins: str | None = None
    """The start event with a definition, where the sub-process has one."""

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula]) -> None:
        super().__init__(wf_spec, node, step, formulas)
        self.shares = node.kind == "subProcess"

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.STARTED)
        my_task.turn.open(my_task)
        my_task.turn.start_body(my_task)
        return False

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
