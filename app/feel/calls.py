"""Function calls and function literals → closures."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import words

from .builtins import BUILTINS
from .builtins.registry import CHARACTERS_SCANNED, Builtin
from .dispatch import Code, build, builds
from .functions import CALL_COST, Lambda
from .operators import function_named
from .run import CHARACTERS_PER_STEP, Run, Scope
from .tree import Call, FunctionOf, Name, weight
from .values import Function, NoValue, Value, kind


@builds(FunctionOf)
def function_of(node: FunctionOf) -> Code:
    """`function(a) body`."""
    body, cost = build(node.body), CALL_COST + weight(node.body)
    return lambda scope: Lambda(node.parameters, body, scope, cost)


@builds(Call)
def call(node: Call) -> Code:
    """A call; a variable that holds a function goes before the host's functions, these before the built-in ones."""
    arguments = [build(argument) for argument in node.arguments]
    named = node.callee.name if isinstance(node.callee, Name) else None
    callee = build(node.callee)

    def evaluate(scope: Scope) -> Value:
        target = callee(scope) if named is None else _target(scope, named)
        if not isinstance(target, Function):
            text = words("There is no function {name}", name=named or kind(target))
            scope.run.warn(text, node.at)
            return None
        return invoke(scope, target, [argument(scope) for argument in arguments], node)

    if named in BUILTINS and not node.names:
        return _builtin(node, BUILTINS[named], arguments, evaluate)
    return evaluate


def _builtin(node: Call, builtin: Builtin, arguments: list[Code], otherwise: Code) -> Code:
    """A built-in function with positional arguments, unless a variable or the host's function hides it."""
    name = builtin.name
    ways: dict[int, Callable[..., Code]] = {1: _of_one, 2: _of_two}
    way = ways.get(len(arguments), _of_several)(builtin, *arguments)

    def evaluate(scope: Scope) -> Value:
        run = scope.run
        if name in scope.variables or name in run.functions or (scope.outer is not None and scope.outer.holds(name)):
            return otherwise(scope)
        run.fuel -= 1
        try:
            result = way(scope)
            return _paid(run, result) if type(result) in _COPIES else result
        except NoValue as reason:
            run.warn(reason.words, node.at)
        except ArithmeticError:
            run.warn(words("The calculation has no result"), node.at)
        return None

    return evaluate


def _of_one(builtin: Builtin, argument: Code) -> Code:
    """The usual calls, of one and of two arguments: their types alone say which variant it is."""
    bodies = builtin.bodies

    def evaluate(scope: Scope) -> Value:
        given = argument(scope)
        body = bodies.get((type(given),))
        if body is None or (type(given) is str and len(given) >= CHARACTERS_SCANNED):
            return builtin.call(scope.run, [given])
        return body(scope.run, given)

    return evaluate


def _of_two(builtin: Builtin, first: Code, second: Code) -> Code:
    bodies = builtin.bodies

    def evaluate(scope: Scope) -> Value:
        one, other = first(scope), second(scope)
        body = bodies.get((type(one), type(other)))
        if body is None or _is_long(one) or _is_long(other):
            return builtin.call(scope.run, [one, other])
        return body(scope.run, one, other)

    return evaluate


def _is_long(value: Value) -> bool:
    """Whether reading the value costs fuel."""
    return type(value) is str and len(value) >= CHARACTERS_SCANNED


def _of_several(builtin: Builtin, *arguments: Code) -> Code:
    return lambda scope: builtin.call(scope.run, [argument(scope) for argument in arguments])


_COPIES = frozenset((str, list))


def _paid(run: Run, result: Value) -> Value:
    """Pay for a result that may be a new copy, so that no loop can pile them up."""
    if type(result) is str:
        run.burn(len(result) // CHARACTERS_PER_STEP)
    elif type(result) is list:
        run.burn(len(result) // 4)
    return result


def _target(scope: Scope, name: str) -> Value:
    found = scope.find(name)
    return found if isinstance(found, Function) else function_named(scope.run, name)


def invoke(scope: Scope, target: Function, arguments: list[Value], node: Call) -> Value:
    """Return the function's result; what it cannot use becomes null with a warning."""
    run = scope.run
    run.burn(1)
    try:
        return _paid(run, target.call(run, arguments, node.names))
    except NoValue as reason:
        run.warn(reason.words, node.at)
    except ArithmeticError:
        run.warn(words("The calculation has no result"), node.at)
    return None
