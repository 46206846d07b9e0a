"""Boxed expressions: contexts, lists, relations, functions, invocations, conditionals and iterators (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.errors import words
from app.feel import Expression
from app.feel.loops import elements
from app.feel.run import Run
from app.feel.types import Type
from app.feel.values import Function, NoValue, Value

from .items import fitted

Variables = Mapping[str, Value]
CALL_COST = 5


class Boxed(Protocol):
    """Anything that gives a value for variables."""

    def value(self, variables: Variables, run: Run) -> Value:
        """Return the value; raises NoValue when there is none and Invalid when a limit is passed."""


def value_or_null(boxed: Boxed, variables: Variables, run: Run, wanted: Type | None = None) -> Value:
    """Return the value fitted to a type; null with a warning when it does not fit."""
    try:
        return fitted(boxed.value(variables, run), wanted)
    except NoValue as reason:
        run.warn(reason.words)
        return None


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """FEEL text."""

    expression: Expression

    def value(self, variables: Variables, run: Run) -> Value:
        return self.expression.evaluate(variables, run)


@dataclass(frozen=True, slots=True)
class Typed:
    """A boxed expression with a type of its own."""

    inner: Boxed
    type: Type

    def value(self, variables: Variables, run: Run) -> Value:
        return fitted(self.inner.value(variables, run), self.type)


@dataclass(frozen=True, slots=True)
class ContextEntry:
    name: str  # empty: the result
    type: Type | None
    boxed: Boxed


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Entries, each seeing those above; an entry without a name is the result."""

    entries: tuple[ContextEntry, ...]

    def value(self, variables: Variables, run: Run) -> Value:
        inner, made = dict(variables), {}
        for entry in self.entries:
            found = value_or_null(entry.boxed, inner, run, entry.type)
            if not entry.name:
                return found
            inner[entry.name] = made[entry.name] = found
        return made


@dataclass(frozen=True, slots=True)
class BoxedList:
    items: tuple[Boxed, ...]

    def value(self, variables: Variables, run: Run) -> Value:
        run.burn(len(self.items))
        return [value_or_null(item, variables, run) for item in self.items]


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of cells: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]

    def value(self, variables: Variables, run: Run) -> Value:
        return [
            {name: value_or_null(cell, variables, run) for name, cell in zip(self.columns, row, strict=False)}
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Type | None


class BoxedFunction(Function):
    """A function with parameters and a boxed body, and the variables in sight where it stands."""

    def __init__(self, name: str, parameters: Sequence[Parameter], body: Boxed, outside: Variables) -> None:
        self.name = name
        self.parameters = tuple(parameter.name for parameter in parameters)
        self.types = tuple(parameter.type for parameter in parameters)
        self._body = body
        self._outside = outside

    def invoke(self, run: Run, arguments: list[Value]) -> Value:
        """Return the body's value; raises NoValue for a wrong number or type of arguments."""
        run.burn(CALL_COST)
        if len(arguments) != len(self.parameters):
            raise NoValue(words("{name} takes {count} arguments", name=self.name, count=len(self.parameters)))
        values = [fitted(value, wanted) for value, wanted in zip(arguments, self.types, strict=True)]
        inner = {**self._outside, **dict(zip(self.parameters, values, strict=True))}
        return self._body.value(inner, run)


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A boxed function definition, a value."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Boxed

    def value(self, variables: Variables, run: Run) -> Value:
        return BoxedFunction(self.name, self.parameters, self.body, variables)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with bound parameters; those not bound are null."""

    callee: Boxed
    bindings: tuple[tuple[str, Boxed], ...]

    def value(self, variables: Variables, run: Run) -> Value:
        target = self.callee.value(variables, run)
        if not isinstance(target, Function):
            raise NoValue(words("What is invoked is not a function"))
        names = tuple(name for name, _ in self.bindings)
        arguments = [value_or_null(boxed, variables, run) for _, boxed in self.bindings]
        return target.call(run, arguments, names)


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Boxed
    then: Boxed
    otherwise: Boxed

    def value(self, variables: Variables, run: Run) -> Value:
        found = value_or_null(self.condition, variables, run)
        return (self.then if found is True else self.otherwise).value(variables, run)


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    source: Boxed
    match: Boxed

    def value(self, variables: Variables, run: Run) -> Value:
        source, kept = self.source.value(variables, run), []
        for item in [] if source is None else source if isinstance(source, list) else [source]:
            run.burn(1)
            entries = item if isinstance(item, dict) else {}
            found = self.match.value({**variables, "item": item, **entries}, run)
            if isinstance(found, Decimal):
                return self._at(source, found)
            if not isinstance(found, bool):
                raise NoValue(words("A filter gave neither true nor false"))
            if found:
                kept.append(item)
        return kept

    @staticmethod
    def _at(source: Value, position: Decimal) -> Value:
        items = source if isinstance(source, list) else [source]
        index = int(position)
        return items[index - 1 if index > 0 else index] if 1 <= abs(index) <= len(items) else None


@dataclass(frozen=True, slots=True)
class BoxedIterator:
    """`for`, `some` or `every` in a box."""

    form: str
    variable: str
    source: Boxed
    body: Boxed

    def value(self, variables: Variables, run: Run) -> Value:
        found = self._each(variables, run)
        if self.form == "for":
            return list(found)
        results = list(found)
        decisive = self.form == "some"
        if any(result is decisive for result in results):
            return decisive
        return (not decisive) if all(isinstance(result, bool) for result in results) else None

    def _each(self, variables: Variables, run: Run) -> Iterator[Value]:
        partial: list[Value] = []
        for item in elements(run, self.source.value(variables, run)):
            run.burn(1)
            inner = {**variables, "partial": partial, self.variable: item}
            partial.append(value_or_null(self.body, inner, run))
            yield partial[-1]
