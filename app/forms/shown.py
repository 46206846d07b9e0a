"""Which fields are on the screen: conditions read the answers as they stand, trimmed, and the case's facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.feel import Expression

from .model import Form, Known, Node
from .texts import trim

Functions = Mapping[str, Callable[..., object]]
Answers = Mapping[str, object]


def is_empty(value: object) -> bool:
    """Return whether the value is no answer: null, not ticked, nothing chosen, or text that prints nothing."""
    if isinstance(value, str):
        return not trim(value)
    if isinstance(value, dict):
        return set(value) <= {"name", "password"} and is_empty(value.get("name"))
    return value is None or value is False or value == []


def is_left_out(kind: str, value: object) -> bool:
    """Return whether a field of that kind is not answered: false is a choice where it is one of several."""
    return is_empty(value) and not (value is False and kind in ("radio", "select"))


def plain(value: object) -> object:
    """Return the answer as FEEL sees it: texts trimmed, blank ones null, in rows too."""
    if isinstance(value, str):
        return trim(value) or None
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class View:
    """What FEEL reads at one place of the form: everything, and in a list the row, what is round it, and its number."""

    everything: Answers
    row: object
    parent: object
    numbers: tuple[int, ...]
    functions: Functions

    def of_row(self, row: object, number: int) -> View:
        """Return the view from within a row; rows count from 1."""
        return replace(self, row=row, parent=self.row, numbers=(*self.numbers, number))

    def value(self, known: Known) -> object:
        """Return a constant as it is, FEEL evaluated."""
        if not isinstance(known, Expression):
            return known
        special = {"this": self.row, "parent": self.parent, "i": list(self.numbers)}
        return known({**special, **self.everything}, functions=self.functions)

    def hides(self, node: Node) -> bool:
        """Return whether the node's condition hides it; a condition without a value hides nothing."""
        return node.hide is not None and self.value(node.hide) is True


def view(form: Form, answers: Answers, facts: Answers, functions: Functions) -> View:
    """Return the view from the top; a fact with the name of one of the form's fields is that field's business."""
    own = form.own
    given = {key: plain(value) for key, value in answers.items()}
    everything = {**{key: value for key, value in facts.items() if key not in own}, **given}
    return View(everything, everything, None, (), functions)
