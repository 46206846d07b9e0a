"""Decision tables with every hit policy (DMN 1.5, chapter 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from app.errors import Finding, Invalid, Words, words
from app.feel import Expression, UnaryTests
from app.feel.compare import order, same
from app.feel.expression import tested
from app.feel.run import Run, scope_of
from app.feel.types import Type
from app.feel.unary import meets
from app.feel.values import NUMBERS, NoValue, Value

from .boxed import Boxed, Variables, value_or_null
from .deciding import Deciding
from .index import Index
from .items import from_input
from .tried import Tried

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}


@dataclass(frozen=True, slots=True)
class Input:
    """An input column."""

    label: str
    boxed: Boxed
    type: Type | None
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column; `ordered` lists its values from the most to the least important."""

    name: str
    type: Type | None
    allowed: UnaryTests | None
    ordered: Expression | None
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row; `text` and `note`: what its author says of it, in the description and in the annotations."""

    id: str
    tests: tuple[UnaryTests, ...]
    results: tuple[Expression, ...]
    text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """`policy` is one letter (U A P F R O C), `aggregation` one of SUM MIN MAX COUNT or empty."""

    id: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    index: Index | None = None

    def value(self, variables: Variables, run: Run) -> Value:
        """Return the result of the rules that match; raises Invalid when the table contradicts itself."""
        inputs = [self._input(column, variables, run) for column in self.inputs]
        if isinstance(run, Deciding) and run.tried is not None:
            run.tried.append(self._tried(inputs, variables, run))
        hits = self._hits(inputs, variables, run)
        if not hits:
            return self._default(variables, run)
        chosen, result = _SELECT[self.policy](self, [_Hit(rule, self._row(rule, variables, run)) for rule in hits], run)
        if isinstance(run, Deciding):
            run.rules.extend(hit.rule.id for hit in chosen)
        return result

    def compared(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """The texts that the cells of each column name, with what the column asks."""
        for number, column in enumerate(self.inputs):
            asked = getattr(getattr(column.boxed, "expression", None), "text", "")
            for rule in self.rules:
                yield asked, rule.tests[number].literals or ()

    def refuse(self, text: Words) -> Invalid:
        """Return the error of a table that gives no answer."""
        return Invalid(text, [Finding(text, rule="dmn.table", element=self.id)])

    def _input(self, column: Input, variables: Variables, run: Run) -> Value:
        found = value_or_null(_Read(column), variables, run, column.type)
        if column.allowed and found is not None and not column.allowed.test(found, variables, run):
            raise self.refuse(words("The input {input} has a value that is not allowed", input=column.label))
        return found

    def _hits(self, inputs: list[Value], variables: Variables, run: Run) -> list[Rule]:
        hits = []
        rules = self.rules if self.index is None else [self.rules[n] for n in self.index.candidates(inputs)]
        scope = scope_of(variables, None, run)
        scopes = [tested(value, scope) for value in inputs]
        for rule in rules:
            run.burn(1)
            for tests, inner in zip(rule.tests, scopes, strict=True):
                if not tests.holds(inner):
                    break
            else:
                hits.append(rule)
                if self.policy == "F":
                    break
        return hits

    def _tried(self, inputs: list[Value], variables: Variables, run: Run) -> Tried:
        scope = scope_of(variables, None, run)
        scopes = [tested(value, scope) for value in inputs]
        failing = tuple(
            tuple(n for n, (cell, inner) in enumerate(zip(rule.tests, scopes, strict=True)) if not cell.holds(inner))
            for rule in self.rules
        )
        return Tried(self, tuple(inputs), failing)

    def _row(self, rule: Rule, variables: Variables, run: Run) -> tuple[Value, ...]:
        return tuple(
            self._output(column, expression, variables, run)
            for column, expression in zip(self.outputs, rule.results, strict=True)
        )

    def _output(self, column: Output, expression: Expression, variables: Variables, run: Run) -> Value:
        found = value_or_null(_Cell(expression), variables, run, column.type)
        if column.allowed and found is not None and not column.allowed.test(found, variables, run):
            raise self.refuse(words("The output {output} has a value that is not allowed", output=column.name))
        return found

    def _default(self, variables: Variables, run: Run) -> Value:
        if any(column.default for column in self.outputs):
            row = tuple(
                self._output(column, column.default, variables, run) if column.default else None
                for column in self.outputs
            )
            return self.shown(row)
        if self.aggregation == "COUNT":
            return NUMBERS.create_decimal(0)
        return [] if self.policy in "ROC" and not self.aggregation else None

    def shown(self, row: tuple[Value, ...]) -> Value:
        """Return one row's outputs: the value of a single output, else a context by name."""
        if len(self.outputs) == 1:
            return row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def importance(self, hits: list[_Hit], run: Run) -> list[_Hit]:
        """Return the hits by the order of the output values, the first column first."""
        orders = [column.ordered.evaluate({}, run) if column.ordered else [] for column in self.outputs]

        def rank(hit: _Hit) -> tuple[int, ...]:
            return tuple(_place(run, value, values) for value, values in zip(hit.row, orders, strict=True))

        return sorted(hits, key=rank)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a column asks; a text is read as the date, time or duration that the column's own type says."""

    column: Input

    def value(self, variables: Variables, run: Run) -> Value:
        return from_input(self.column.boxed.value(variables, run), self.column.type)


@dataclass(frozen=True, slots=True)
class _Cell:
    expression: Expression

    def value(self, variables: Variables, run: Run) -> Value:
        return self.expression.evaluate(variables, run)


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: Rule
    row: tuple[Value, ...]


def _place(run: Run, value: Value, values: list[Value]) -> int:
    return next((index for index, one in enumerate(values) if meets(run, value, one) is True), len(values))


def _names(hits: list[_Hit]) -> str:
    return ", ".join(hit.rule.id for hit in hits)


def _unique(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    if len(hits) > 1:
        raise table.refuse(words("Only one rule may match, but these do: {rules}", rules=_names(hits)))
    return hits, table.shown(hits[0].row)


def _any(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    if not all(same(run, list(hit.row), list(hits[0].row)) for hit in hits):
        raise table.refuse(words("Rules that match together differ in their outputs: {rules}", rules=_names(hits)))
    return hits, table.shown(hits[0].row)


def _priority(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    best = table.importance(hits, run)[:1]
    return best, table.shown(best[0].row)


def _first(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    return hits, table.shown(hits[0].row)


def _rule_order(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    return hits, [table.shown(hit.row) for hit in hits]


def _output_order(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    ordered = table.importance(hits, run)
    return ordered, [table.shown(hit.row) for hit in ordered]


def _collect(table: DecisionTable, hits: list[_Hit], run: Run) -> tuple[list[_Hit], Value]:
    values = [table.shown(hit.row) for hit in hits]
    if not table.aggregation:
        return hits, values
    if table.aggregation == "COUNT":
        return hits, NUMBERS.create_decimal(len(values))
    return hits, reduce(_AGGREGATE[table.aggregation], values)


def _sum(one: Value, other: Value) -> Value:
    if not (type(one) is type(other) is type(NUMBERS.create_decimal(0))):
        raise NoValue(words("Only numbers can be added up"))
    return NUMBERS.add(one, other)


def _least(one: Value, other: Value) -> Value:
    return one if _placed(one, other) <= 0 else other


def _greatest(one: Value, other: Value) -> Value:
    return one if _placed(one, other) >= 0 else other


def _placed(one: Value, other: Value) -> int:
    found = order(one, other)
    if found is None:
        raise NoValue(words("Two values cannot be put in order"))
    return found


_AGGREGATE: dict[str, Callable[[Value, Value], Value]] = {"SUM": _sum, "MIN": _least, "MAX": _greatest}
_SELECT: dict[str, Callable[[DecisionTable, list[_Hit], Run], tuple[list[_Hit], Value]]] = {
    "U": _unique,
    "A": _any,
    "P": _priority,
    "F": _first,
    "R": _rule_order,
    "O": _output_order,
    "C": _collect,
}
