"""SpiffWorkflow's task specs of what waits for a message, a timer or something thrown, as Duban runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.engine.formulas import Formula
from app.engine.model import Node
from app.engine.specs import Activity, Element, SubProcess
from app.engine.spiff import Token
from app.engine.values import Step


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
        if not is_offered(my_task):
            my_task.turn.cancelled(my_task)


class ReceiveTask(Activity):
    """Waits for a message, with boundary events and a deadline."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.WAITING)
        my_task.turn.open(my_task)
        my_task.turn.arm(my_task, my_task)
        return False

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        if not is_offered(my_task):
            super()._on_cancel(my_task)


class Choice(Element):
    """An event-based gateway: all that follows is armed, what comes first goes on and the others are forgotten."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        my_task._set_state(TaskState.WAITING)
        my_task.turn.entered(my_task)
        for spec in self.outputs:
            token = my_task._add_child(spec, TaskState.WAITING)
            my_task.turn.at_element(token, my_task.turn.arm, token, my_task)
        return False

    def _on_cancel(self, my_task: Token) -> None:
        my_task.turn.cancelled(my_task)


def is_offered(token: Token) -> bool:
    """Whether a token is one of those that an event-based gateway has armed, and none has come yet."""
    parent = token.parent
    return parent is not None and isinstance(parent.task_spec, Choice)


class Boundary(Element):
    """Armed as a child of its host; when it fires a token of its own sets out."""

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.turn.queue(my_task)


class Standing(SubProcess):
    """An event sub-process: a token of its scope stands by for its event; each time it comes, another runs inside."""

    standing = True

    def __init__(self, wf_spec: Any, node: Node, step: Step, formulas: Mapping[str, Formula], begins: str) -> None:
        super().__init__(wf_spec, node, step, formulas)
        self.begins = self.waits_as = begins

    def _on_cancel(self, my_task: Token) -> None:
        if "at" in my_task.internal_data:
            super()._on_cancel(my_task)
