"""What stops a run: each names element and cause; the instance is unusable then, so that nothing half is kept."""

from __future__ import annotations

from app.errors import Refusal, Words, words


class Fault(Refusal):
    """The case could not go on at `element`; `cause` says why, in words."""

    def __init__(self, element: str, process: str, cause: object) -> None:
        self.element, self.process, self.cause = element, process, cause
        text = words("The case cannot go on at {element}: {cause}", element=element, process=process, cause=str(cause))
        super().__init__(text)


class StepBudgetExceeded(Refusal):
    """One run took more steps or time than a run may: an automatic loop. `element` is where it was stopped."""

    def __init__(self, element: str, process: str, text: Words) -> None:
        self.element, self.process = element, process
        super().__init__(text)


def said(error: BaseException) -> str:
    """The cause of a foreign error in plain words: its kind and text, never an empty one."""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
