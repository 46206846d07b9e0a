"""`and`, `or`, `between`, `instance of` and `if` → closures."""

from __future__ import annotations

from decimal import Decimal

from app.errors import words

from .compare import compare
from .dispatch import Code, build, builds
from .run import Scope
from .tree import Between, If, InstanceOf, Logic
from .types import instance_of
from .values import Value


@builds(Logic)
def logic(node: Logic) -> Code:
    """`and`, `or` with three values: what is neither true nor false counts as null (table 48)."""
    operands = [build(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def evaluate(scope: Scope) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return evaluate


@builds(Between)
def between(node: Between) -> Code:
    """`value between low and high`, both ends included."""
    value, low, high = build(node.value), build(node.low), build(node.high)

    def evaluate(scope: Scope) -> Value:
        tested, least, most = value(scope), low(scope), high(scope)
        if type(tested) is type(least) is type(most) is Decimal:
            return least <= tested <= most
        above, below = compare(">=", tested, least), compare("<=", tested, most)
        if above is None or below is None:
            scope.run.warn(words("Two values cannot be put in order"), node.at)
            return None
        return above and below

    return evaluate


@builds(InstanceOf)
def instance(node: InstanceOf) -> Code:
    """`value instance of type`."""
    value = build(node.value)
    wanted = node.type
    return lambda scope: instance_of(value(scope), scope.run.types.get(wanted.name, wanted))


@builds(If)
def if_form(node: If) -> Code:
    """`if`: anything but true takes the else branch."""
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)
