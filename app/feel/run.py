"""One evaluation: its fuel, its warnings, what the host lent it, and the variables in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.errors import Finding, Words, words

from .types import Type
from .values import MAX_STRING, Value, refuse

FUEL = 500_000  # steps of one evaluation, nested loops and functions included: about a second
CHARACTERS_PER_STEP = 20


class Run:
    """What all scopes of one evaluation share."""

    __slots__ = ("fuel", "functions", "types", "warnings")

    def __init__(
        self, functions: Mapping[str, Callable[..., object]] | None = None, warnings: list[Finding] | None = None
    ) -> None:
        self.fuel = FUEL
        self.functions = functions or {}
        self.types: Mapping[str, Type] = {}  # types that a decision model defines
        self.warnings = warnings

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

    def __init__(self, variables: Mapping[str, Value], outer: Scope | None, run: Run) -> None:
        self.variables = variables
        self.outer = outer
        self.run = run

    def inner(self, variables: Mapping[str, Value]) -> Scope:
        """Return a scope in which `variables` hide those of the same name outside."""
        return Scope(variables, self, self.run)

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
