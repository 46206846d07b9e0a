"""A file of decisions as people read it: tables with their columns and all their rows, formulas as written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.deployment.outline import Element, local, parse

UNIQUE = "UNIQUE"


@dataclass(frozen=True)
class Column:
    """An input with its expression, or an output with its name; `allowed` are the values that it may have."""

    label: str
    text: str
    type: str
    allowed: str = ""


@dataclass(frozen=True)
class Rule:
    """One row."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Decision:
    """A decision: a table, or (`formula`) one expression. `needs` are the names of what it reads."""

    id: str
    name: str
    description: str
    needs: tuple[str, ...]
    hit_policy: str = ""
    aggregation: str = ""
    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()
    rules: tuple[Rule, ...] = ()
    formula: str = ""


def decisions_of(data: bytes, path: str) -> list[Decision]:
    """Every decision of a DMN file, in its order. Raises Invalid for a file that cannot be read."""
    root = parse(data, path)
    names = {one.get("id"): one.get("name", "") for one in root}
    return [_decision(one, names) for one in root if local(one) == "decision"]


def _decision(element: Element, names: dict[str, str]) -> Decision:
    needs = tuple(names.get(one.get("href", "").lstrip("#"), "") for one in element.iter() if local(one) in REQUIRED)
    plain = {
        "id": element.get("id", ""),
        "name": element.get("name", ""),
        "description": _text(element, "description"),
        "needs": tuple(filter(None, needs)),
    }
    table = next(_children(element, "decisionTable"), None)
    if table is None:
        return Decision(**plain, formula=_text(next(_children(element, "literalExpression"), None), "text"))
    outputs = tuple(_output(one, element) for one in _children(table, "output"))
    return Decision(
        **plain,
        hit_policy=table.get("hitPolicy", UNIQUE),
        aggregation=table.get("aggregation", ""),
        inputs=tuple(_input(one) for one in _children(table, "input")),
        outputs=outputs,
        rules=tuple(_rule(one) for one in _children(table, "rule")),
    )


REQUIRED = frozenset({"requiredDecision", "requiredInput"})


def _input(element: Element) -> Column:
    asked = next(_children(element, "inputExpression"), None)
    text = _text(asked, "text")
    kind = asked.get("typeRef", "") if asked is not None else ""
    return Column(
        element.get("label") or text, text, kind, _text(next(_children(element, "inputValues"), None), "text")
    )


def _output(element: Element, decision: Element) -> Column:
    name = element.get("name") or ""
    label = element.get("label") or name or decision.get("name", "")
    allowed = _text(next(_children(element, "outputValues"), None), "text")
    return Column(label, name, element.get("typeRef", ""), allowed)


def _rule(element: Element) -> Rule:
    return Rule(
        id=element.get("id", ""),
        inputs=tuple(_text(one, "text") for one in _children(element, "inputEntry")),
        outputs=tuple(_text(one, "text") for one in _children(element, "outputEntry")),
        note=_text(element, "description") or _text(next(_children(element, "annotationEntry"), None), "text"),
    )


def _children(element: Element | None, name: str) -> Iterator[Element]:
    return (one for one in (element if element is not None else ()) if local(one) == name)


def _text(element: Element | None, name: str) -> str:
    found = next(_children(element, name), None)
    return (found.text or "").strip() if found is not None else ""
