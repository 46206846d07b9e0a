"""Filters, `for`, `some` and `every` → closures; every round costs fuel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from app.errors import words

from .compare import order
from .dispatch import Code, build, builds
from .free import free_names
from .run import Run, Scope, scope_of
from .tree import Binding, Filter, For, Literal, Negate, Quantified, weight
from .values import NUMBERS, NoValue, Range, Value, kind


@builds(Filter)
def filter_(node: Filter) -> Code:
    """`list[condition]`, or `list[position]` counted from 1, or from the end when negative (10.3.2.5)."""
    source, condition = build(node.source), build(node.condition)
    constant, cost = _constant(node.condition), weight(node.condition)

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if constant is not None:
            return _at(items, constant)
        scope.run.burn(len(items) * cost)
        kept: list[Value] = []
        for count, item in enumerate(items):
            found = condition(item_scope(scope, item))
            if count == 0 and type(found) is Decimal:
                return _at(items, condition(scope))
            if found is True:
                kept.append(item)
        return None if not items and type(condition(scope)) is Decimal else kept

    return evaluate


def item_scope(scope: Scope, item: Value) -> Scope:
    """Return the scope of one element: `item`, hidden by the element's own entries when it is a context."""
    inner = scope.inner({"item": item})
    return inner.inner(item) if isinstance(item, dict) else inner


def _constant(node: object) -> Decimal | None:
    if isinstance(node, Negate) and isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        return -node.operand.value
    return node.value if isinstance(node, Literal) and type(node.value) is Decimal else None


def _at(items: list[Value], position: Value) -> Value:
    if type(position) is not Decimal or abs(position) > len(items) or abs(position) < 1:
        return None
    index = int(position)
    return items[index - 1] if index > 0 else items[index]


@builds(For)
def for_form(node: For) -> Code:
    """`for`: the list of results; `partial` is that list so far."""
    rounds, body = _Rounds(node.iterators, weight(node.body)), build(node.body)
    looks_back = "partial" in free_names(node.body).reads

    def evaluate(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inner in rounds.of(scope):
                results.append(body(_with_partial(inner, results) if looks_back else inner))
        except NoValue as reason:
            scope.run.warn(reason.words, node.at)
            return None
        return results

    return evaluate


def _with_partial(scope: Scope, results: list[Value]) -> Scope:
    """Return the scope with `partial`, a list of its own: the body may keep it."""
    scope.run.burn(len(results) // 4)
    return scope_of({**scope.variables, "partial": list(results)}, scope.outer, scope.run)


@builds(Quantified)
def quantified(node: Quantified) -> Code:
    """`some`, `every`: true or false as soon as it is certain, null when it is not."""
    rounds, body = _Rounds(node.iterators, weight(node.body)), build(node.body)
    decisive = node.quantifier == "some"

    def evaluate(scope: Scope) -> Value:
        result: bool | None = not decisive
        try:
            for inner in rounds.of(scope):
                found = body(inner)
                if found is decisive:
                    return decisive
                if found is not (not decisive):
                    result = None
        except NoValue as reason:
            scope.run.warn(reason.words, node.at)
            return None
        return result

    return evaluate


class _Rounds:
    """The scopes through which nested iterators go, the last one fastest."""

    def __init__(self, bindings: tuple[Binding, ...], cost: int) -> None:
        self._cost = cost
        self._levels = [
            (binding.name, build(binding.source), build(binding.end) if binding.end else None) for binding in bindings
        ]

    def of(self, scope: Scope, level: int = 0) -> Iterator[Scope]:
        """Give one scope a round; raises NoValue when a source cannot be walked through."""
        name, source, end = self._levels[level]
        low = source(scope)
        values = steps(scope.run, low, end(scope)) if end else elements(scope.run, low)
        for value in values:
            scope.run.burn(self._cost)
            inner = scope.inner({name: value})
            if level + 1 == len(self._levels):
                yield inner
            else:
                yield from self.of(inner, level + 1)


def elements(run: Run, source: Value) -> Iterator[Value]:
    """Give the elements of a list or of a closed interval; a single value is a list of one."""
    if isinstance(source, Range):
        return _of_range(run, source)
    if source is None:
        raise NoValue(words("Null cannot be walked through"))
    return iter(source if isinstance(source, list) else [source])


def _of_range(run: Run, source: Range) -> Iterator[Value]:
    low, high = source.low, source.high
    if order(low, high) not in (-1, 0):
        raise NoValue(words("The interval cannot be walked through"))
    values = steps(run, low, high)
    return (value for value in values if (source.low_closed or value != low) and (source.high_closed or value != high))


def steps(run: Run, start: Value, end: Value) -> Iterator[Value]:
    """Give the whole numbers, or the days, from start to end, upwards or downwards."""
    if type(start) is Decimal and type(end) is Decimal:
        return _count(start, end)
    if type(start) is date and type(end) is date:
        return _days(start, end)
    raise NoValue(words("Steps from {start} to {end} are not possible", start=kind(start), end=kind(end)))


def _count(start: Decimal, end: Decimal) -> Iterator[Decimal]:
    towards = 1 if start <= end else -1
    while start <= end if towards > 0 else start >= end:
        yield start
        start = NUMBERS.add(start, Decimal(towards))


def _days(start: date, end: date) -> Iterator[date]:
    towards = 1 if start <= end else -1
    for count in range(abs((end - start).days) + 1):
        yield start + timedelta(count * towards)
