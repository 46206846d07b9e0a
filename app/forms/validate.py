"""Answers against a form: cleaned, or refused with one finding a fault, each with its field and clause."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.errors import Finding, Invalid, Words, words

from .kinds import Asked, Fault, clean
from .model import Field, Form, Node
from .shown import Functions, View, is_left_out, plain, view

MAX_ROWS = 200
MAX_DEPTH = 12
Choices = Mapping[str, Collection[object]]


def validate(
    form: Form,
    answers: Mapping[str, object],
    facts: Mapping[str, object],
    *,
    functions: Functions,
    choices: Choices = {},  # noqa: B006 - never changed
) -> dict[str, object]:
    """Return the answers as they are kept: trimmed, JSON only, hidden fields absent, a field sent empty as None.

    `choices`: for organisation and person fields the ids that are offered now, for file fields the uploads that are
    known; by the field's key. An organisation or person that nobody offered is refused.
    Raises Invalid: a key that is no field, a hidden field, what a field's own check or a rule of the form refuses.
    """
    if not isinstance(answers, Mapping):
        raise _refused([Finding(words("The answers must be given by field."), rule="form.answers")])
    if _depth(answers) > MAX_DEPTH:
        raise _refused([Finding(words("The answers lie too deep."), rule="form.answers")])
    run = _Run(choices)
    top = view(form, answers, facts, functions)
    cleaned = run.level(form.tree, _Level(answers, top))
    after = view(form, cleaned, facts, functions)
    wrong = {finding.field for finding in run.findings}
    for rule in form.rules:
        if rule.field not in wrong and after.value(rule.when) is True:
            said = words("{said}", said=rule.said)
            run.findings.append(Finding(said, rule="form.rule", field=rule.field or None, clause=rule.clause))
    if run.findings:
        raise _refused(run.findings)
    return cleaned


def _refused(findings: list[Finding]) -> Invalid:
    return Invalid(words("The answers are not complete or not right."), findings)


def _depth(value: object) -> int:
    """Return how deep the JSON lies, without recursion, up to one more than is allowed."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        parts = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [part for each in parts for part in each]
    return depth


@dataclass
class _Level:
    """The answers of one level: the whole form, or one row; `path` leads to it, rows counted from 0 as in JSON."""

    given: Mapping[str, object]
    now: View
    path: tuple[str, ...] = ()
    cleaned: dict[str, object] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


class _Run:
    """One validation: walks the tree beside the answers and gathers the faults."""

    def __init__(self, choices: Choices) -> None:
        self.findings: list[Finding] = []
        self._choices = choices

    def level(self, nodes: tuple[Node, ...], level: _Level) -> dict[str, object]:
        """Return the cleaned answers of one level; what belongs to no field of it is a fault."""
        self._nodes(nodes, level, hidden=False)
        for key in level.given:
            if key not in level.known:
                self._fault(words("The form has no such field."), "form.unknown_field", str(key), level)
        return level.cleaned

    def _nodes(self, nodes: tuple[Node, ...], level: _Level, *, hidden: bool) -> None:
        for node in nodes:
            away = hidden or level.now.hides(node)
            if node.field is None:
                self._nodes(node.children, level, hidden=away)
            elif not node.field.shown:
                level.known.add(node.key)
                self._one(node, node.field, level, hidden=away)

    def _one(self, node: Node, asked: Field, level: _Level, *, hidden: bool) -> None:
        value = level.given.get(node.key)
        left_out = is_left_out(asked.type, value)
        if hidden:
            if not left_out:
                said = words("This field is not asked for here.")
                self._fault(said, "form.hidden_field", node.key, level, asked.clause)
        elif not left_out:
            self._answer(node, asked, value, level)
        elif level.now.value(asked.checks.required) is True:
            self._fault(words("This field is required."), "form.required", node.key, level, asked.clause)
        elif node.key in level.given:
            level.cleaned[node.key] = value if isinstance(value, bool | list) else None

    def _answer(self, node: Node, asked: Field, value: object, level: _Level) -> None:
        try:
            if node.is_list:
                level.cleaned[node.key] = self._rows(node, value, level)
            else:
                level.cleaned[node.key] = clean(Asked(asked, self._offered(asked), level.now), value)
        except Fault as fault:
            self._fault(fault.words, "form.value", node.key, level, asked.clause)

    def _rows(self, node: Node, value: object, level: _Level) -> list[object]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise Fault(words("This must be a list of rows."))
        if len(value) > MAX_ROWS:
            raise Fault(words("At most {count} rows.", count=MAX_ROWS))
        return [
            self.level(
                node.children,
                _Level(row, level.now.of_row(plain(row), at + 1), (*level.path, node.key, str(at))),
            )
            for at, row in enumerate(value)
        ]

    def _offered(self, asked: Field) -> Collection[object] | None:
        if asked.key in self._choices:
            return self._choices[asked.key]
        return [option.value for option in asked.options] if asked.options else None

    def _fault(self, said: Words, rule: str, key: str, level: _Level, clause: str | None = None) -> None:
        """`field` is the key; within rows `element` is the whole path."""
        element = ".".join((*level.path, key)) if level.path else None
        self.findings.append(Finding(said, rule=rule, field=key, element=element, clause=clause))
