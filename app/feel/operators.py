"""Literals, names, arithmetic and comparison → closures."""

from __future__ import annotations

import operator
from decimal import Decimal

from app.errors import words

from .access import step
from .arithmetic import ON_NUMBERS, POWER_COST, calculate, negative
from .builtins import BUILTINS
from .compare import compare, equal
from .dispatch import Code, build, builds
from .functions import HostFunction
from .run import Run, Scope, scope_of
from .tree import (
    Binary,
    ContextOf,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
)
from .values import Function, NoValue, Range, Value

_COMPARE_NUMBERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@builds(Literal)
def literal(node: Literal) -> Code:
    """A constant."""
    value = node.value
    return lambda scope: value


@builds(Name)
def name(node: Name) -> Code:
    """A variable; a function's name gives the function."""
    wanted, at = node.name, node.at
    dotted = _dotted(node) if "." in wanted else None

    def evaluate(scope: Scope) -> Value:
        try:
            return scope.variables[wanted]
        except KeyError:
            pass
        if scope.outer is not None and scope.outer.holds(wanted):
            return scope.outer.find(wanted)
        found = function_named(scope.run, wanted)
        if found is None and dotted is not None:
            return dotted(scope)
        if found is None:
            scope.run.warn(words("There is no variable {name}", name=wanted), at)
        return found

    return evaluate


def _dotted(node: Name) -> Code:
    """A known name with a dot that is no variable here is read as a path."""
    first, *steps = node.name.split(".")
    tree: Node = Name(node.at, first.strip())
    for following in steps:
        tree = Path(node.at, tree, following.strip())
    return build(tree)


def function_named(run: Run, wanted: str) -> Function | None:
    """Return the host's function of this name, or else the built-in one."""
    lent = run.functions.get(wanted)
    return BUILTINS.get(wanted) if lent is None else HostFunction(wanted, lent)


@builds(ListOf)
def list_of(node: ListOf) -> Code:
    """A list; each element costs a step."""
    items = [build(item) for item in node.items]
    if all(isinstance(item, Literal) for item in node.items):
        return _constants([item.value for item in node.items if isinstance(item, Literal)])

    def evaluate(scope: Scope) -> Value:
        scope.run.burn(len(items))
        return [item(scope) for item in items]

    return evaluate


def _constants(values: list[Value]) -> Code:
    def evaluate(scope: Scope) -> Value:
        scope.run.burn(len(values))
        return values.copy()

    return evaluate


@builds(ContextOf)
def context_of(node: ContextOf) -> Code:
    """A context; later entries see earlier ones; a key twice gives null."""
    entries = [(entry.key, build(entry.value)) for entry in node.entries]
    twice = len({key for key, _ in entries}) != len(entries)

    def evaluate(scope: Scope) -> Value:
        if twice:
            scope.run.warn(words("The context has a key twice"), node.at)
            return None
        scope.run.burn(len(entries))
        made: dict[str, Value] = {}
        inner = scope.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return evaluate


@builds(RangeOf)
def range_of(node: RangeOf) -> Code:
    """An interval."""
    low = build(node.low) if node.low else None
    high = build(node.high) if node.high else None
    if isinstance(node.low, Literal | None) and isinstance(node.high, Literal | None):
        ends = (node.low and node.low.value, node.high and node.high.value)
        always = Range(*ends, node.low_closed, node.high_closed, node.operator)
        return lambda scope: always

    def evaluate(scope: Scope) -> Value:
        return Range(
            low(scope) if low else None,
            high(scope) if high else None,
            node.low_closed,
            node.high_closed,
            node.operator,
        )

    return evaluate


@builds(Path)
def path(node: Path) -> Code:
    """`source.name`."""
    source, wanted, at = build(node.source), node.name, node.at

    def evaluate(scope: Scope) -> Value:
        value = source(scope)
        if type(value) is dict and wanted in value:
            return value[wanted]
        try:
            return step(scope.run, value, wanted)
        except NoValue as reason:
            scope.run.warn(reason.words, at)
            return None

    return evaluate


@builds(Negate)
def negate(node: Negate) -> Code:
    """`-operand`."""
    operand = build(node.operand)

    def evaluate(scope: Scope) -> Value:
        try:
            return negative(operand(scope))
        except NoValue as reason:
            scope.run.warn(reason.words, node.at)
            return None

    return evaluate


@builds(Binary)
def binary(node: Binary) -> Code:
    """Arithmetic and comparison."""
    left, right = build(node.left), build(node.right)
    if node.operator in ("=", "!="):
        return _equality(node, left, right)
    if node.operator not in ON_NUMBERS:
        return _comparison(node, left, right)
    worked_out = _arithmetic(node, left, right)
    return _once(worked_out) if _is_constant(node) else worked_out


def _is_constant(node: Node) -> bool:
    return isinstance(node, Literal) or (
        isinstance(node, Binary)
        and node.operator in ON_NUMBERS
        and _is_constant(node.left)
        and _is_constant(node.right)
    )


def _once(code: Code) -> Code:
    """A sum of constants, worked out when it is compiled; one without a result stays, since it has to warn."""
    value = code(scope_of({}, None, Run()))
    return code if value is None else lambda scope: value


def _equality(node: Binary, left: Code, right: Code) -> Code:
    wanted = node.operator == "="

    def evaluate(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if type(one) is str and type(other) is str:
            return (one == other) is wanted
        found = equal(scope.run, one, other)
        if found is None:
            scope.run.warn(words("Two different kinds of value are compared"), node.at)
            return None
        return found is wanted

    return evaluate


def _comparison(node: Binary, left: Code, right: Code) -> Code:
    sign, on_numbers = node.operator, _COMPARE_NUMBERS[node.operator]

    def evaluate(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if type(one) is Decimal and type(other) is Decimal:
            return on_numbers(one, other)
        found = compare(sign, one, other)
        if found is None:
            scope.run.warn(words("Two values cannot be put in order"), node.at)
        return found

    return evaluate


def _arithmetic(node: Binary, left: Code, right: Code) -> Code:
    sign, on_numbers, at = node.operator, ON_NUMBERS[node.operator], node.at
    costly = sign == "**"

    def evaluate(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        try:
            if type(one) is Decimal and type(other) is Decimal:
                if costly:
                    scope.run.burn(POWER_COST)
                return on_numbers(one, other)
            return calculate(scope.run, sign, one, other)
        except NoValue as reason:
            scope.run.warn(reason.words, at)
        except (ArithmeticError, ValueError):
            scope.run.warn(words("The calculation has no result"), at)
        return None

    return evaluate
