"""Function calls and function literals → closures."""

from __future__ import annotations

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
    name, bodies = builtin.name, builtin.bodies

    def evaluate(scope: Scope) -> Value:
        run = scope.run
        if name in scope.variables or name in run.functions or (scope.outer is not None and scope.outer.holds(name)):
            return otherwise(scope)
        given = [argument(scope) for argument in arguments]
        body = bodies.get(tuple(map(type, given)))
        for value in given:
            if type(value) is str and len(value) >= CHARACTERS_SCANNED:
                body = None  # reading it costs fuel
        if body is None:
            return invoke(scope, builtin, given, node)
        run.burn(1)
        try:
            result = body(run, *given)
            return _paid(run, result) if type(result) in _COPIES else result
        except NoValue as reason:
            run.warn(reason.words, node.at)
        except ArithmeticError:
            run.warn(words("The calculation has no result"), node.at)
        return None

    return evaluate


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
