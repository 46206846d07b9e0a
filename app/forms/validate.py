"""Answers against a form: cleaned, or refused with one finding a fault, each with its field and clause."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.errors import Finding, Invalid, Words, words

from .kinds import Asked, Fault, clean
from .model import Field, Form, Node
from .shown import Functions, View, is_empty, view

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
    cleaned = run.level(form.tree, answers, top, ())
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


class _Run:
    """One validation: walks the tree beside the answers and gathers the faults."""

    def __init__(self, choices: Choices) -> None:
        self.findings: list[Finding] = []
        self._choices = choices

    def level(self, nodes: tuple[Node, ...], given: Mapping[str, object], now: View, path: tuple) -> dict[str, object]:
        """Return the cleaned answers of one level; what belongs to no field of it is a fault."""
        cleaned: dict[str, object] = {}
        known: set[str] = set()
        self._nodes(nodes, given, (now, path, cleaned, known), hidden=False)
        for key in given:
            if key not in known:
                self._fault(words("The form has no such field."), "form.unknown_field", str(key), path)
        return cleaned

    def _nodes(self, nodes: tuple[Node, ...], given: Mapping[str, object], place: tuple, *, hidden: bool) -> None:
        now, path, cleaned, known = place
        for node in nodes:
            away = hidden or now.hides(node)
            if not node.key:
                self._nodes(node.children, given, place, hidden=away)
            elif node.field is not None and not node.field.shown:
                known.add(node.key)
                self._one(node, given, (now, (*path, node.key), cleaned), hidden=away)

    def _one(self, node: Node, given: Mapping[str, object], place: tuple, *, hidden: bool) -> None:
        now, path, cleaned = place
        value = given.get(node.key)
        if hidden:
            if not is_empty(value):
                clause = node.field.clause if node.field else None
                self._fault(words("This field is not asked for here."), "form.hidden_field", node.key, path, clause)
        elif node.field is not None and (node.key in given or self._is_required(node.field, now)):
            self._answer(node, value, now, (path, cleaned))

    def _answer(self, node: Node, value: object, now: View, place: tuple) -> None:
        path, cleaned = place
        field = node.field
        assert field is not None
        if is_empty(value):
            if self._is_required(field, now):
                self._fault(words("This field is required."), "form.required", node.key, path, field.clause)
            cleaned[node.key] = value if isinstance(value, bool | list) else None
            return
        if node.is_list:
            cleaned[node.key] = self._rows(node, value, now, path)
            return
        try:
            cleaned[node.key] = clean(Asked(field, self._offered(field), now), value)
        except Fault as fault:
            self._fault(fault.words, "form.value", node.key, path, field.clause)

    def _rows(self, node: Node, value: object, now: View, path: tuple) -> list[object]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._fault(words("This must be a list of rows."), "form.type", node.key, path)
            return []
        if len(value) > MAX_ROWS:
            self._fault(words("At most {count} rows.", count=MAX_ROWS), "form.rows", node.key, path)
            return []
        plain = now.row.get(node.key) if isinstance(now.row, Mapping) else None
        rows = plain if isinstance(plain, list) and len(plain) == len(value) else value
        return [
            self.level(node.children, row, now.of_row(rows[at], at + 1), (*path, str(at)))
            for at, row in enumerate(value)
        ]

    def _offered(self, field: Field) -> Collection[object] | None:
        if field.key in self._choices:
            return self._choices[field.key]
        return [option.value for option in field.options] if field.options else None

    def _is_required(self, field: Field, now: View) -> bool:
        return now.value(field.checks.required) is True

    def _fault(self, said: Words, rule: str, key: str, path: tuple, clause: str | None = None) -> None:
        """`field` is the key; within rows `element` is the whole path, rows counted from 0 as in JSON."""
        place = path if path and path[-1] == key else (*path, key)
        element = ".".join(map(str, place)) if len(place) > 1 else None
        self.findings.append(Finding(said, rule=rule, field=key, element=element, clause=clause))
