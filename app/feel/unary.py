"""`in` and the unary tests of decision tables → closures (DMN 1.5, 7.3.3 and 10.3.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.errors import words

from .compare import compare, equal, within
from .dispatch import Code, build, builds
from .run import Run, Scope
from .tree import Compare, In, Name, Node, Tests, children
from .values import Range, Value

Test = Callable[[Scope, Value], bool | None]


@builds(In)
def in_form(node: In) -> Code:
    """`value in test` and `value in (test, test)`."""
    value, tests = build(node.value), [build_test(test) for test in node.tests]

    def evaluate(scope: Scope) -> Value:
        tested = value(scope)
        found = tests[0](scope, tested) if len(tests) == 1 else _any(test(scope, tested) for test in tests)
        if found is None:
            scope.run.warn(words("Two values cannot be compared"), node.at)
        return found

    return evaluate


@builds(Tests)
def tests(node: Tests) -> Code:
    """The tests of a cell, on the variable `?`."""
    built = [build_test(test) for test in node.tests]
    negated = node.negated
    if not built:
        return lambda scope: True
    if len(built) == 1 and not negated:
        only = built[0]
        return lambda scope: only(scope, scope.find("?"))

    def evaluate(scope: Scope) -> Value:
        tested = scope.find("?")
        found = _any(test(scope, tested) for test in built)
        return (found is False) if negated else (found is True)

    return evaluate


def build_test(node: Node) -> Test:
    """Return the closure for one positive unary test."""
    if isinstance(node, Compare):
        return _compare_test(node)
    code = build(node)
    asks = _uses_input(node)

    def evaluate(scope: Scope, tested: Value) -> bool | None:
        found = code(scope)
        if asks:
            return found is True
        return meets(scope.run, tested, found)

    return evaluate


def _compare_test(node: Compare) -> Test:
    operand, operator = build(node.operand), node.operator

    def evaluate(scope: Scope, tested: Value) -> bool | None:
        limit = operand(scope)
        if operator in ("=", "!="):
            found = equal(scope.run, tested, limit)
            return None if found is None else found is (operator == "=")
        return compare(operator, tested, limit)

    return evaluate


def meets(run: Run, tested: Value, wanted: Value) -> bool | None:
    """Tell whether a value meets what a cell says: it lies in the interval, is in the list, or is equal."""
    if isinstance(wanted, Range):
        return within(run, tested, wanted)
    if isinstance(wanted, list):
        run.burn(len(wanted))
        return any(_is_member(run, tested, item) for item in wanted) or equal(run, tested, wanted) is True
    return equal(run, tested, wanted)


def _is_member(run: Run, tested: Value, item: Value) -> bool:
    if isinstance(item, Range) and not isinstance(tested, Range):
        return within(run, tested, item) is True
    return equal(run, tested, item) is True


def _any(found: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for one in found:
        if one is True:
            return True
        if one is None:
            result = None
    return result


def _uses_input(node: Node) -> bool:
    return (isinstance(node, Name) and node.name == "?") or any(_uses_input(child) for child in children(node))
