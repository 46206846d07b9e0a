"""One evaluation: its fuel, its warnings, what the host lent it, and the variables in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Self

from app.errors import Finding, Words, words

from .types import Type
from .values import MAX_STRING, Value, refuse

FUEL = 500_000  # steps of one evaluation, nested loops and functions included: about a second
CHARACTERS_PER_STEP = 20


class Run:
    """What all scopes of one evaluation share. Most runs change nothing but the fuel, so the rest is the class's."""

    fuel = FUEL
    functions: Mapping[str, Callable[..., object]] = MappingProxyType({})
    types: Mapping[str, Type] = MappingProxyType({})  # types that a decision model defines
    warnings: list[Finding] | None = None

    @classmethod
    def lent(cls, functions: Mapping[str, Callable[..., object]] | None, warnings: list[Finding] | None) -> Self:
        """Return a run with the host's functions and a list for warnings."""
        run = cls()
        if functions:
            run.functions = functions
        run.warnings = warnings
        return run

    def burn(self, steps: int) -> None:
        """Spend fuel; raises Invalid when none is left."""
        self.fuel -= steps
        if self.fuel < 0:
            raise refuse(words("The expression takes too many steps"))

    def keep(self, text: str) -> str:
        """Pay for a new string and return it; raises Invalid when it is too long."""
        if len(text) > MAX_STRING:
            raise refuse(words("A text grew longer than {limit} characters", limit=MAX_STRING))
        self.burn(len(text) // CHARACTERS_PER_STEP)
        return text

    def warn(self, text: Words, position: int | None = None) -> None:
        """Note why something became null."""
        if self.warnings is not None and len(self.warnings) < 100:
            self.warnings.append(Finding(text, rule="feel.null", severity="warning", position=position))


class Scope:
    """Variables in sight: those of this place, then those of the places around it."""

    __slots__ = ("outer", "run", "variables")

    variables: Mapping[str, Value]
    outer: Scope | None
    run: Run

    def inner(self, variables: Mapping[str, Value]) -> Scope:
        """Return a scope in which `variables` hide those of the same name outside."""
        return scope_of(variables, self, self.run)

    def holds(self, name: str) -> bool:
        """Tell whether the name is a variable here (its value may be null)."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return True
            scope = scope.outer
        return False

    def find(self, name: str) -> Value:
        """Return the variable's value, or null."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.outer
        return None


def scope_of(variables: Mapping[str, Value], outer: Scope | None, run: Run) -> Scope:
    """Return a new scope; a function, since a constructor would cost a third of a short evaluation."""
    scope = Scope()
    scope.variables = variables
    scope.outer = outer
    scope.run = run
    return scope
