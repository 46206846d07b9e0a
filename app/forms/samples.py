"""Neutral samples for what a rehearsal leaves out: undertakings are true, dates are today, nothing is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.feel import compile, expression_text, is_expression, to_json

from .components import NEVER_GUESSED
from .feel import HOST_FUNCTIONS
from .model import Field, Form, Node
from .shown import Functions, View, is_left_out, view

_WORD = "样"
ROUNDS = 8  # a sample may bring a further required field onto the screen


def samples(
    form: Form,
    facts: Mapping[str, object],
    functions: Functions,
    given: Mapping[str, object] = {},  # noqa: B006 - never changed
) -> dict[str, object]:
    """Return answers for the required fields on the screen that `given` leaves out.

    A choice, an organisation, a person, an identity number only where the form names a `sample`; never an outcome,
    a decision or an adoption. A field that `given` holds empty stays empty.
    """
    found: dict[str, object] = {}
    for _ in range(ROUNDS):
        now = view(form, {**found, **given}, facts, functions)
        new = {key: value for key, value in _missing(form.tree, now, {**found, **given}) if value is not None}
        if not new:
            break
        found |= new
    return found


def _missing(nodes: tuple[Node, ...], now: View, answers: Mapping[str, object]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for node in nodes:
        if now.hides(node):
            continue
        if not node.key:
            found += _missing(node.children, now, answers)
        elif _is_wanted(node, now) and node.key not in answers:
            found.append((node.key, _sample(node.field, now)))  # type: ignore[arg-type]
    return found


def _is_wanted(node: Node, now: View) -> bool:
    field = node.field
    if field is None or field.shown or field.key in NEVER_GUESSED:
        return False
    return now.value(field.checks.required) is True


def _sample(field: Field, now: View) -> object:
    if field.sample:
        return _named(field, now)
    if field.type in ("text", "textarea") and field.checks.pattern is None and not field.checks.like:
        least = now.value(field.checks.min_length)
        return _WORD * max(1, int(least) if least is not None else 1)  # type: ignore[call-overload]
    if field.type == "number":
        return to_json(now.value(field.checks.min)) or 0
    if field.type == "date":
        return _today(now)
    return {"checkbox": True, "signature": True, "file": ["样本.pdf"]}.get(field.type)


def _named(field: Field, now: View) -> object:
    text = str(field.sample)
    if is_expression(text):
        expression = compile(expression_text(text), HOST_FUNCTIONS)
        value = to_json(now.value(expression))
        return None if is_left_out(field.type, value) else value
    for option in field.options:
        if str(option.value) == text:
            return [option.value] if field.type == "checklist" else option.value
    if field.type == "number":
        return float(text) if "." in text else int(text)
    if field.type in ("checklist", "organisations", "persons"):
        return text.split()
    return text == "true" if field.type in ("checkbox", "signature") else text


def _today(now: View) -> str:
    value = now.value(compile("today()"))
    return value.isoformat() if isinstance(value, date) else str(to_json(value))
