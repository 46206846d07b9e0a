"""Compiled expressions and unary tests: what the rest of the house holds in its hands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType

from app.errors import Finding, Invalid, Refusal, words

from . import calls, logic, loops, operators, unary
from .builtins import BUILTINS
from .dispatch import build
from .free import free_names, given_by
from .parser import parse, parse_tests
from .reader import index_of
from .run import Run, Scope, scope_of
from .tree import Node, constants, literals, weight
from .values import PLAIN, WHOLE, Value, from_data, refuse

_PARTS = (calls, logic, loops, operators, unary)  # each registers its builders when it is imported
_SPACED_BUILTINS = index_of(frozenset(name for name in BUILTINS if " " in name))
Functions = Mapping[str, Callable[..., object]]
NOTHING: Mapping[str, Value] = MappingProxyType({})


class _Compiled:
    """A checked text with its closure; frozen, may be shared between threads."""

    def __init__(self, text: str, tree: Node, doubts: tuple[Finding, ...]) -> None:
        found = free_names(tree)
        self.doubts = doubts  # warnings of the compiler: a literal that is no date, and so is null
        self.text = text
        self.names = frozenset(found.reads)
        self.certain = frozenset(found.certain)  # those of `names` that cannot be entries of a filtered list's elements
        self.places = found.places  # where in the text each name and path stands first
        self.paths = frozenset(found.paths)  # what is read of a name: `a.b`
        self.compared = tuple(found.compared)  # constants with which names are compared
        self.gives = given_by(tree)  # what can come out, where that can be told
        self.literals = literals(tree)
        self.constants = constants(tree)  # of a cell that asks for nothing but equality with them
        self.calls = frozenset(found.calls - BUILTINS.keys())
        self._wanted = tuple(found.reads | found.calls)
        self._code = build(tree)
        self._cost = weight(tree)

    def variables(self, context: Mapping[str, object]) -> dict[str, Value]:
        """Return the FEEL values of those names that the text reads; the data itself is left as it is."""
        found = {}
        for name in self._wanted:
            if name in context:
                value = context[name]
                if type(value) is int:
                    found[name] = WHOLE.get(value) or from_data(value)
                else:
                    found[name] = value if type(value) in PLAIN else from_data(value)
        return found

    def evaluate(self, variables: Mapping[str, Value], run: Run) -> Value:
        """Return the value for FEEL values, as a part of a larger evaluation (see `guarded`)."""
        run.burn(self._cost)
        return self._code(scope_of(variables, None, run))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.text!r}>"


class Expression(_Compiled):
    """A FEEL expression. `names`: variables it reads; `calls`: functions it calls that are not built in."""

    def __call__(
        self,
        context: Mapping[str, object],
        *,
        functions: Functions | None = None,
        warnings: list[Finding] | None = None,
    ) -> Value:
        """Return the value for JSON data (or FEEL values). What has no value is null, the reason goes to `warnings`.

        Raises Invalid when the evaluation passes a limit; `functions` may override `now` and `today`.
        """
        try:  # not `guarded`: this is the way that has to be fast
            run = Run() if functions is None and warnings is None else Run.lent(functions, warnings)
            run.fuel -= self._cost  # of one text, so never all there is
            return self._code(scope_of(self.variables(context) if self._wanted else NOTHING, None, run))
        except Exception as fault:
            raise invalid(fault) from fault


class UnaryTests(_Compiled):
    """The tests in one cell of a decision table."""

    def __call__(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        functions: Functions | None = None,
        warnings: list[Finding] | None = None,
    ) -> bool:
        """Tell whether the value meets the tests; raises Invalid as for expressions."""
        try:
            return self.test(from_data(value), self.variables(context), Run.lent(functions, warnings))
        except Exception as fault:
            raise invalid(fault) from fault

    def test(self, value: Value, variables: Mapping[str, Value], run: Run) -> bool:
        """As a call, for FEEL values and as a part of a larger evaluation."""
        return self.holds(tested(value, scope_of(variables, None, run)))

    def holds(self, scope: Scope) -> bool:
        """As `test`, in a scope made by `tested`: tables try many cells with one value."""
        scope.run.burn(self._cost)
        return self._code(scope) is True


def tested(value: Value, scope: Scope) -> Scope:
    """Return the scope in which the value is what cells ask about."""
    return scope_of({"?": value}, scope, scope.run)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn everything that may go wrong in compiling or evaluating into Invalid."""
    try:
        yield
    except Exception as fault:
        raise invalid(fault) from fault


def invalid(fault: Exception) -> Invalid:
    """Return the error in words for whatever was raised inside."""
    if isinstance(fault, Invalid):
        return fault
    if isinstance(fault, Refusal):
        return Invalid(fault.words, clauses=fault.clauses, fields=fault.fields)
    if isinstance(fault, RecursionError):
        return refuse(words("The values or functions are nested too deeply"))
    return refuse(words("The expression cannot be evaluated"), "feel.fault")


def compile(text: str, names: Iterable[str] = ()) -> Expression:  # noqa: A001
    """Return the compiled expression; `names` are the variables and functions whose names hold blanks or signs.

    Raises Invalid with one finding that holds the position (0-based) of the fault.
    """
    return _expression(text, frozenset(names))


def compile_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Return the compiled unary tests of a cell; raises Invalid as `compile`."""
    return _tests(text, frozenset(names))


@lru_cache(maxsize=2048)
def _expression(text: str, names: frozenset[str]) -> Expression:
    with guarded():
        return Expression(text, *parse(text, index_of(names), _SPACED_BUILTINS))


@lru_cache(maxsize=2048)
def _tests(text: str, names: frozenset[str]) -> UnaryTests:
    with guarded():
        return UnaryTests(text, *parse_tests(text, index_of(names), _SPACED_BUILTINS))


def is_expression(text: object) -> bool:
    """Tell whether an attribute of a diagram or form is FEEL: a text that starts with `=`."""
    return isinstance(text, str) and text.lstrip().startswith("=")


def expression_text(text: str) -> str:
    """Return the FEEL text without the `=` in front, if there is one."""
    stripped = text.lstrip()
    return stripped[1:] if stripped.startswith("=") else text
