"""Function calls and function literals → closures."""

from __future__ import annotations

from app.errors import words

from .dispatch import Code, build, builds
from .functions import Lambda
from .operators import function_named
from .run import Scope
from .tree import Call, FunctionOf, Name
from .values import Function, NoValue, Value, kind


@builds(FunctionOf)
def function_of(node: FunctionOf) -> Code:
    """`function(a) body`."""
    body = build(node.body)
    return lambda scope: Lambda(node.parameters, body, scope)


@builds(Call)
def call(node: Call) -> Code:
    """A call; a variable that holds a function goes before the host's functions, these before the built-in ones."""
    arguments = [build(argument) for argument in node.arguments]
    named = node.callee.name if isinstance(node.callee, Name) else None
    callee = build(node.callee)

    def evaluate(scope: Scope) -> Value:
        target = _target(scope, named) if named is not None else callee(scope)
        if not isinstance(target, Function):
            text = words("There is no function {name}", name=named or kind(target))
            scope.run.warn(text, node.at)
            return None
        return invoke(scope, target, [argument(scope) for argument in arguments], node)

    return evaluate


def _target(scope: Scope, name: str) -> Value:
    found = scope.find(name)
    return found if isinstance(found, Function) else function_named(scope.run, name)


def invoke(scope: Scope, target: Function, arguments: list[Value], node: Call) -> Value:
    """Return the function's result; what it cannot use becomes null with a warning."""
    run = scope.run
    run.burn(1)
    try:
        return target.call(run, arguments, node.names)
    except NoValue as reason:
        run.warn(reason.words, node.at)
    except ArithmeticError:
        run.warn(words("The calculation has no result"), node.at)
    return None
