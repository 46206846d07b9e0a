"""Why a decision came out as it did: each table on the way, each rule tried, and the cells that stood in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Invalid
from app.feel import to_json

from .model import Functions, Model, Outcome
from .table import DecisionTable
from .tried import Tried


@dataclass(frozen=True, slots=True)
class TriedRule:
    """A rule with what spoke against it; `number` counts from 1, `failing` names columns from 0."""

    number: int
    id: str
    text: str
    note: str
    failing: tuple[int, ...]
    chosen: bool

    @property
    def matched(self) -> bool:
        """Whether every cell holds."""
        return not self.failing


@dataclass(frozen=True, slots=True)
class TriedTable:
    """A table with the values that its columns asked for, as JSON data, and all its rules."""

    table: DecisionTable
    inputs: tuple[object, ...]
    rules: tuple[TriedRule, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was decided, or why it could not be, with the tables on the way in the order of their making."""

    outcome: Outcome | None
    fault: Invalid | None
    tables: tuple[TriedTable, ...]


def explain(
    model: Model, id_or_name: str, context: Mapping[str, object], *, functions: Functions | None = None
) -> Explanation:
    """Decide as `Model.decide`, and keep what was tried; a table that contradicts itself is explained, too.

    Raises NotFound for an unknown decision. Costs more than deciding, since every cell of every rule is tried.
    """
    tried: list[Tried] = []
    outcome, fault = None, None
    try:
        outcome = model.decide(id_or_name, context, functions=functions, tried=tried)
    except Invalid as found:
        fault = found
    chosen = frozenset(outcome.rules) if outcome else frozenset()
    return Explanation(outcome, fault, tuple(_table(one, chosen) for one in tried))


def _table(tried: Tried, chosen: frozenset[str]) -> TriedTable:
    rules = tuple(
        TriedRule(number, rule.id, rule.text, rule.note, failing, rule.id in chosen and not failing)
        for number, (rule, failing) in enumerate(zip(tried.table.rules, tried.failing, strict=True), 1)
    )
    return TriedTable(tried.table, tuple(_shown(value) for value in tried.inputs), rules)


def _shown(value: object) -> object:
    """The value as data; what is no data, such as a function, by its kind."""
    try:
        return to_json(value)
    except Invalid:
        return str(type(value).__name__).lower()
