"""Every expression compiles and calls only what is there; every name a diagram writes can be the name of a fact."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime

from app import feel
from app.engine.facts import NAME
from app.engine.formulas import Place, model_places
from app.engine.lint.report import Report
from app.engine.model import Node, ProcessModel
from app.engine.timing import after, cycle, instant, is_negative
from app.errors import Finding, Invalid, words

LITERAL = (
    "form",
    "operation",
    "decision",
    "result",
    "dueKey",
    "nameEn",
    "notSameAs",
    "actions",
)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def check_texts(model: ProcessModel, names: Collection[str], functions: Collection[str], report: Report) -> None:
    """Every expression and name of a process. `names`: what FEEL texts may use; `functions`: what the host binds."""
    for place in model_places(model):
        if place.is_expression:
            _check_expression(place, tuple(names), functions, report)
        elif place.key == "timer" and place.text:
            _check_literal_timer(place, report)
    for node in model.nodes():
        _check_names(node, functions, report)


def _check_expression(place: Place, names: tuple[str, ...], functions: Collection[str], report: Report) -> None:
    try:
        expression = feel.compile(place.source, names)
    except Invalid as error:
        for fault in error.findings or (Finding(error.words),):
            text = words("{field}: {cause}", field=place.field, cause=str(fault.words))
            report.add("feel.syntax", text, place.element, place.line, field=place.field, position=fault.position)
        return
    for name in sorted(expression.calls - set(functions)):
        text = words("{field}: there is no function {name}", field=place.field, name=name)
        report.add("feel.function", text, place.element, place.line, field=place.field)
    if place.key == "timer" and not expression.names and not expression.calls:
        with suppress(Invalid):
            _goes_back(place, feel.to_json(expression({})), report)


def _check_literal_timer(place: Place, report: Report) -> None:
    if _goes_back(place, place.text, report):
        return
    try:
        if place.field == "timeDuration":
            after(place.text, EPOCH)
        elif place.field == "timeCycle":
            cycle(place.text)
        else:
            instant(place.text)
    except (ValueError, OverflowError):
        text = words("{text} is neither FEEL nor an ISO value for {field}", text=place.text[:80], field=place.field)
        report.add("timer.value", text, place.element, place.line, field=place.field)


def _goes_back(place: Place, value: object, report: Report) -> bool:
    """Whether a timer's duration is negative, which is a fault."""
    if place.field == "timeDate" or not isinstance(value, str) or not is_negative(value):
        return False
    text = words("A timer counts forward: {text} is negative", text=place.text[:80])
    report.add("timer.negative", text, place.element, place.line, field=place.field)
    return True


def _check_names(node: Node, functions: Collection[str], report: Report) -> None:
    written = [node.attributes[key] for key in ("dueKey", "result") if key in node.attributes]
    written += node.many.names("item", "index", "result") if node.many else []
    for name in (*written, *(pair.name for pair in (*node.inputs, *node.outputs, *node.parameters))):
        if not NAME.fullmatch(name) or name in functions:
            report.at("fact.name", words("{name} cannot be the name of a fact", name=repr(name)), node)
    for pairs in (node.inputs, node.outputs, node.parameters):
        named = [pair.name for pair in pairs]
        for name in sorted({name for name in named if named.count(name) > 1}):
            report.at("fact.twice", words("{name} is given twice", name=name), node)
    for key in LITERAL:
        if feel.is_expression(node.attributes.get(key, "")):
            report.at("feel.place", words("duban:{name} takes no expression", name=key), node)
