"""What a decision can answer, read off its tables without any data: the texts of its outputs."""

from __future__ import annotations

from collections.abc import Iterator

from .boxed import Boxed, LiteralExpression, Typed
from .model import Decision, Model
from .table import DecisionTable, Output

Texts = frozenset[str] | None
LISTS = "ROC"


def answers(model: Model, id_or_name: str) -> dict[str, Texts]:
    """Return the texts that a result can be (beside null), None for anything.

    By where they stand in it: `""` the result itself, `.a` the entry `a` of a context, `[]` the elements of a list.
    """
    part = model.find(id_or_name)
    logic = part.logic if isinstance(part, Decision) else None
    return _of(logic.inner if isinstance(logic, Typed) else logic)


def _of(logic: Boxed | None) -> dict[str, Texts]:
    if isinstance(logic, LiteralExpression):
        gives = logic.expression.gives
        return {"": None if gives is None or gives.names else _texts(gives.constants)}
    if not isinstance(logic, DecisionTable) or logic.aggregation:
        return {"": None}
    columns = {output.name: _column(logic, number) for number, output in enumerate(logic.outputs)}
    if len(columns) > 1:
        entries: dict[str, Texts] = {f".{name}": texts for name, texts in columns.items()}
        return {"": None} if logic.policy in LISTS else {"": None, **entries}
    texts = next(iter(columns.values()), None)
    return {"": None, "[]": texts} if logic.policy in LISTS else {"": texts}


def _column(table: DecisionTable, number: int) -> Texts:
    output = table.outputs[number]
    expressions = [rule.results[number] for rule in table.rules]
    found: frozenset[str] = frozenset(one for one in _declared(output) if isinstance(one, str))
    for expression in (*expressions, *((output.default,) if output.default else ())):
        gives = expression.gives
        texts = None if gives is None or gives.names else _texts(gives.constants)
        if texts is None:
            return None
        found |= texts
    return found


def _declared(output: Output) -> Iterator[object]:
    yield from (output.allowed.constants or ()) if output.allowed else ()


def _texts(constants: frozenset[object]) -> Texts:
    if any(not isinstance(value, str | None) for value in constants):
        return None
    return frozenset(value for value in constants if isinstance(value, str))
