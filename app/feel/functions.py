"""Functions that are not built in: those written in an expression and those the host lends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.errors import Refusal, words

from .run import Run, Scope, scope_of
from .tree import Parameter
from .types import fit
from .values import Function, NoValue, Value, from_data

CALL_COST = 5


class Lambda(Function):
    """`function(a, b) body`, with the variables in sight where it was written."""

    def __init__(
        self, parameters: Sequence[Parameter], body: Callable[[Scope], Value], scope: Scope, cost: int
    ) -> None:
        self.parameters = tuple(parameter.name for parameter in parameters)
        self.types = tuple(parameter.type for parameter in parameters)
        self._body = body
        self._scope = scope
        self._cost = cost

    def invoke(self, run: Run, arguments: list[Value]) -> Value:
        """Return the value of the body; raises NoValue for a wrong number or type of arguments."""
        run.burn(self._cost)
        if len(arguments) != len(self.parameters):
            raise NoValue(words("The function takes {count} arguments", count=len(self.parameters)))
        wanted_types = (wanted and run.types.get(wanted.name, wanted) for wanted in self.types)
        fitted = (fit(value, wanted) for value, wanted in zip(arguments, wanted_types, strict=True))
        return self._body(scope_of(dict(zip(self.parameters, fitted, strict=True)), self._scope, run))


class HostFunction(Function):
    """A function of the host, bound for one evaluation; it gets and gives FEEL values."""

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        self.name = name
        self._function = function

    def invoke(self, run: Run, arguments: list[Value]) -> Value:
        """Return what the host answers; raises NoValue when it cannot use the arguments."""
        return self._ask(run, arguments, {})

    def call(self, run: Run, arguments: list[Value], names: tuple[str, ...] = ()) -> Value:
        """As `invoke`; named arguments go by their name, with `_` for blanks."""
        if not names:
            return self._ask(run, arguments, {})
        keywords = (name.replace(" ", "_") for name in names)
        return self._ask(run, [], dict(zip(keywords, arguments, strict=True)))

    def _ask(self, run: Run, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        run.burn(CALL_COST)
        try:
            return from_data(self._function(*arguments, **keywords))
        except Refusal:
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as fault:
            raise NoValue(words("{name} cannot use these values: {fault}", name=self.name, fault=str(fault))) from fault
