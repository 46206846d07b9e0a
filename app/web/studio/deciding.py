"""A decision on example data as its owner tries it: what is asked, what comes out, and cell by cell why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app import decisions
from app.decisions import Model, TriedTable
from app.definitions import rows
from app.errors import Invalid, NotFound, Words, words
from app.feel import json_text, to_json
from app.web.frame import Bureau

LONGEST = 20_000
ASKED = "row"
WRONG = object()


@dataclass(frozen=True)
class DecisionInput:
    """A name that the decision reads, with how it is entered; `suggested`: the texts that the table's cells name."""

    name: str
    kind: str
    text: str
    suggested: tuple[str, ...] = ()
    fault: Words | None = None


@dataclass(frozen=True)
class RuleCell:
    """A cell with whether it holds."""

    text: str
    holds: bool


@dataclass(frozen=True)
class TriedRule:
    """A rule: its cells, its outputs, and in words why it does not match."""

    number: int
    id: str
    text: str
    cells: tuple[RuleCell, ...]
    outputs: tuple[str, ...]
    state: str
    why: tuple[Words, ...]


@dataclass(frozen=True)
class TriedTableRows:
    """A table that was tried: labels, values, rules."""

    policy: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    outputs: tuple[str, ...]
    lines: tuple[TriedRule, ...]


@dataclass(frozen=True)
class TestRowExample:
    """A test row that can be filled in with a click."""

    number: int
    given: str
    wanted: str
    found: str
    holds: bool
    fault: Words | None


@dataclass(frozen=True)
class DecisionTrial:
    """Everything that the page shows."""

    id: str
    name: str
    asked: tuple[DecisionInput, ...]
    has_data: bool
    result: str = ""
    fault: Words | None = None
    warnings: tuple[Words, ...] = ()
    sheets: tuple[TriedTableRows, ...] = ()
    examples: tuple[TestRowExample, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


def decision_trial(bureau: Bureau, decision: str, given: Mapping[str, str]) -> DecisionTrial:
    """The page of a decision of the current release. Raises NotFound."""
    model = bureau.pack.diagram.decisions.get(decision)
    if model is None:
        raise NotFound(words("There is no decision {name}", name=decision))
    examples = tuple(_examples(bureau, decision))
    texts = _texts(bureau, decision, given)
    asked = tuple(_inputs(model, decision, texts))
    plain = {
        "id": decision,
        "name": next(info.name for info in model.decisions if info.id == decision),
        "asked": asked,
        "examples": examples,
        "others": tuple((info.id, info.name) for info in model.decisions if info.id != decision),
    }
    if not given or any(one.fault for one in asked):
        return DecisionTrial(**plain, has_data=False)
    context = {one.name: _value(one.text, one.kind) for one in asked if one.text.strip()}
    found = decisions.explain(model, decision, context, functions=bureau.rules.functions())
    sheets = tuple(_sheet(one) for one in found.tables)
    if found.outcome is None:
        fault = found.fault and next((one.words for one in found.fault.findings), found.fault.words)
        return DecisionTrial(**plain, has_data=True, fault=fault, sheets=sheets)
    warnings = tuple(one.words for one in found.outcome.warnings)
    return DecisionTrial(**plain, has_data=True, result=_shown(found.outcome.value), warnings=warnings, sheets=sheets)


def _texts(bureau: Bureau, decision: str, given: Mapping[str, str]) -> dict[str, str]:
    """Returns what was entered, or the data of the test row that was asked for."""
    book = bureau.pack.rows.get(decision)
    number = given.get(ASKED, "")
    row = next((one for one in book.rows if str(one.number) == number), None) if book else None
    if row is not None:
        given_there = {name: value for name, value in row.given.items() if value is not None}
        return {name: value if isinstance(value, str) else _written(value) for name, value in given_there.items()}
    return {name: text[:LONGEST] for name, text in given.items() if name != ASKED}


def _inputs(model: Model, decision: str, texts: Mapping[str, str]) -> Iterator[DecisionInput]:
    types = {part.name: getattr(part, "type", None) for part in model.parts.values()}
    for name in sorted(model.reads(decision)):
        kind, text = _kind(types.get(name)), texts.get(name, "")
        fault = words("“{name}” is not written as a {kind}.", name=name, kind=kind) if _is_wrong(text, kind) else None
        yield DecisionInput(name, kind, text, tuple(_suggested(model, name)), fault)


def _kind(type_: Any) -> str:
    name = str(getattr(type_, "name", "") or "any")
    return name if name in ("string", "number", "boolean", "date") else "any"


def _is_wrong(text: str, kind: str) -> bool:
    return bool(text.strip()) and _value(text, kind) is WRONG


def _value(text: str, kind: str) -> Any:
    """Reads what the owner entered as JSON data; never compiled. Text that is no JSON is a text, where that may be."""
    if kind in ("string", "date"):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text if kind == "any" and text.lstrip()[:1] not in "[{" else WRONG
    is_boolean = isinstance(value, bool)
    fits = {"number": isinstance(value, int | float) and not is_boolean, "boolean": is_boolean}
    return value if fits.get(kind, True) else WRONG


def _suggested(model: Model, name: str) -> Iterator[str]:
    seen: set[str] = set()
    for _, table in model.tables():
        for number, column in enumerate(table.inputs):
            asked = getattr(getattr(column.boxed, "expression", None), "text", "")
            constants = [rule.tests[number].constants or () for rule in table.rules] if asked == name else []
            for value in (value for cell in constants for value in cell if isinstance(value, str)):
                if value not in seen:
                    seen.add(value)
                    yield value


def _sheet(tried_: TriedTable) -> TriedTableRows:
    table = tried_.table
    labels = tuple(column.label for column in table.inputs)
    values = tuple(_written(value) for value in tried_.inputs)
    return TriedTableRows(
        policy=table.policy,
        labels=labels,
        values=values,
        outputs=tuple(column.name for column in table.outputs),
        lines=tuple(
            TriedRule(
                number=one.number,
                id=one.id,
                text=one.text,
                cells=tuple(RuleCell(cell.text, n not in one.failing) for n, cell in enumerate(rule.tests)),
                outputs=tuple(result.text for result in rule.results),
                state="chosen" if one.chosen else "matched" if one.matched else "failed",
                why=tuple(_why(labels[n], values[n], rule.tests[n].text) for n in one.failing),
            )
            for one, rule in zip(tried_.rules, table.rules, strict=True)
        ),
    )


def _why(label: str, value: str, wanted: str) -> Words:
    return words("{label} is {value}, and the rule wants {wanted}", label=label, value=value, wanted=wanted)


def _examples(bureau: Bureau, decision: str) -> Iterator[TestRowExample]:
    book = bureau.pack.rows.get(decision)
    for one in rows.answered(book, bureau.pack.diagram.decisions, bureau.rules.functions()) if book else ():
        yield TestRowExample(
            one.row.number, _written(one.row.given), _written(one.row.value), _written(one.value), one.holds, one.fault
        )


def _shown(value: Any) -> str:
    try:
        return _written(to_json(value))
    except Invalid:
        return str(value)


def _written(value: Any) -> str:
    return json_text(value)
