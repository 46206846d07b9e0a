"""A decision model: decisions, input data, knowledge models and services, and how a decision is made (DMN 1.5, 6.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.errors import Finding, NotFound, words
from app.feel.expression import guarded
from app.feel.run import Run
from app.feel.types import Type
from app.feel.values import Function, NoValue, Value, from_data

from .boxed import Boxed, BoxedFunction, FunctionDefinition, Typed, value_or_null
from .deciding import Deciding
from .items import fitted, from_input
from .table import DecisionTable
from .tried import Tried

Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Info:
    """A decision as the studio lists it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided; `rules`: the ids of the rules that matched, over all tables on the way, in order."""

    value: Value
    rules: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class Decision:
    """`needs`: ids of decisions and input data; `knows`: ids of knowledge models and services."""

    id: str
    name: str
    type: Type | None
    logic: Boxed | None
    needs: tuple[str, ...]
    knows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model."""

    id: str
    name: str
    type: Type | None
    function: FunctionDefinition | None
    knows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: `inputs` are the ids of its parameters in order (input data, then decisions)."""

    id: str
    name: str
    type: Type | None
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A part of another model; expressions here call it `alias.name`, without alias by its bare name."""

    id: str
    name: str
    alias: str
    model: Model
    part: InputData | Decision | Knowledge | Service
    type: None = None

    def reads(self) -> frozenset[str]:
        """Return the names of the input data that it needs."""
        return frozenset((self.name,)) if isinstance(self.part, InputData) else self.model.reads(self.part.id)


Part = InputData | Decision | Knowledge | Service | Imported


@dataclass(frozen=True)
class Model:
    """A checked model; frozen, may be shared between threads."""

    name: str
    parts: Mapping[str, Part]
    types: Mapping[str, Type]
    decisions: tuple[Info, ...]
    doubts: tuple[Finding, ...] = ()  # warnings of the reader
    unknown: Callable[[Iterable[str]], list[Finding]] = lambda functions: []
    """The errors of names that nothing gives, for the functions that the host lends; see `scope`."""

    def find(self, id_or_name: str) -> Decision | Service:
        """Return the decision or service of this id, else of this name; raises NotFound."""
        part = self.parts.get(id_or_name)
        named = (one for one in self.parts.values() if one.name == id_or_name and isinstance(one, Decision | Service))
        found = part if isinstance(part, Decision | Service) else next(named, None)
        if found is None:
            raise NotFound(words("There is no decision {name}", name=id_or_name))
        return found

    def reads(self, id_or_name: str) -> frozenset[str]:
        """Return the names of the input data that a decision needs, over all decisions on the way."""
        found = self.find(id_or_name)
        if isinstance(found, Service):
            return frozenset(self.parts[needed].name for needed in found.inputs)
        names: set[str] = set()
        for part in self._below(found, set()):
            names |= (
                part.reads() if isinstance(part, Imported) else {part.name} if isinstance(part, InputData) else set()
            )
        return frozenset(names)

    def _below(self, decision: Decision, seen: set[str]) -> Iterator[Part]:
        for needed in decision.needs:
            if needed not in seen:
                seen.add(needed)
                part = self.parts[needed]
                yield part
                if isinstance(part, Decision):
                    yield from self._below(part, seen)

    def tables(self) -> Iterator[tuple[str, DecisionTable]]:
        """Give every table that is a decision's own logic, with that decision's id."""
        for part in self.parts.values():
            logic = part.logic if isinstance(part, Decision) else None
            table = logic.inner if isinstance(logic, Typed) else logic
            if isinstance(table, DecisionTable):
                yield part.id, table

    def decide(
        self,
        id_or_name: str,
        context: Mapping[str, object],
        *,
        functions: Functions | None = None,
        tried: list[Tried] | None = None,
    ) -> Outcome:
        """Return what is decided for JSON data (or FEEL values) by the names of the input data.

        Texts are read as dates, times and durations where the input's type says so. Raises NotFound for an unknown
        decision, Invalid when a table contradicts itself (two rules of UNIQUE) or a limit is passed.
        What each table tried goes to `tried`, if that is given (see `explain`).
        """
        found = self.find(id_or_name)
        warnings: list[Finding] = []
        with guarded():
            run = Deciding(functions, warnings, self.types)
            run.tried = tried
            making = _Making(self, context, run)
            value = making.of_decision(found) if isinstance(found, Decision) else making.of_service_in_context(found)
            return Outcome(value, tuple(run.rules), tuple(warnings))


class _Making:
    """Decisions in the making: each part is decided once; `known` may hold parts decided beforehand."""

    def __init__(
        self, model: Model, context: Mapping[str, object], run: Deciding, known: Mapping[str, Value] | None = None
    ) -> None:
        self.model = model
        self.context = context
        self.run = run
        self.known = dict(known or {})
        self._beyond: dict[tuple[str, int], _Making] = {}

    def of(self, id_: str) -> Value:
        """Return the value of a decision or of input data."""
        if id_ not in self.known:
            part = self.model.parts[id_]
            if isinstance(part, Imported):
                self.known[id_] = self.beyond(part).of(part.part.id)
            else:
                self.known[id_] = self.of_input(part) if isinstance(part, InputData) else self.of_decision(part)
        return self.known[id_]

    def beyond(self, part: Imported) -> _Making:
        """Return the decisions of an imported model, made from the data given under its alias or beside it."""
        key = (part.alias, id(part.model))
        if key not in self._beyond:
            own = self.context.get(part.alias)
            context = {**self.context, **own} if isinstance(own, Mapping) else self.context
            self._beyond[key] = _Making(part.model, context, self.run)
        return self._beyond[key]

    def of_input(self, part: InputData | Part) -> Value:
        """Return the data given under the part's name, fitted to its type; null with a warning if it does not fit."""
        try:
            return fitted(from_input(from_data(self.context.get(part.name)), part.type), part.type)
        except NoValue as reason:
            self.run.warn(words("{name}: {reason}", name=part.name, reason=str(reason.words)))
            return None

    def of_decision(self, decision: Part) -> Value:
        """Return the value of a decision, with all that it requires."""
        if not isinstance(decision, Decision) or decision.logic is None:
            return None
        variables: dict[str, Value] = {}
        for needed in decision.needs:
            _put(variables, self.model.parts[needed], self.of(needed))
        _merge(variables, self.functions(decision.knows))
        return value_or_null(decision.logic, variables, self.run, decision.type)

    def functions(self, ids: tuple[str, ...]) -> dict[str, Value]:
        """Return the functions of knowledge models and services by name, with those that they know themselves."""
        found: dict[str, Value] = {}
        for id_ in ids:
            part = self.model.parts[id_]
            if isinstance(part, Service):
                found[part.name] = _ServiceFunction(self, part)
            elif isinstance(part, Imported):
                _put(found, part, self.beyond(part).functions((part.part.id,)).get(part.name))
            elif isinstance(part, Knowledge) and part.function is not None:
                outside = self.functions(part.knows)
                _merge(found, outside)
                found[part.name] = BoxedFunction(
                    part.name, part.function.parameters, _Fitted(part.function.body, part.type), outside
                )
        return found

    def of_service_in_context(self, service: Service) -> Value:
        """Return the service's value for the data given by name."""
        return self.of_service(service, {id_: self.of_input(self.model.parts[id_]) for id_ in service.inputs})

    def of_service(self, service: Service, known: Mapping[str, Value]) -> Value:
        """Return the value of the one output decision, or of all by name."""
        inner = _Making(self.model, {}, self.run, known)
        values = {self.model.parts[id_].name: inner.of(id_) for id_ in service.outputs}
        found = next(iter(values.values())) if len(values) == 1 else values
        try:
            return fitted(found, service.type)
        except NoValue as reason:
            self.run.warn(reason.words)
            return None


def _put(variables: dict[str, Value], part: Part, value: Value) -> None:
    if isinstance(part, Imported) and part.alias:
        _merge(variables, {part.alias: {part.name: value}})
    else:
        variables[part.name] = value


def _merge(variables: dict[str, Value], more: Mapping[str, Value]) -> None:
    """Add variables; the parts of one imported model come together under its alias."""
    for name, value in more.items():
        both = isinstance(value, dict) and isinstance(variables.get(name), dict)
        variables[name] = {**variables[name], **value} if both else value


@dataclass(frozen=True, slots=True)
class _Fitted:
    body: Boxed
    type: Type | None

    def value(self, variables: Mapping[str, Value], run: Run) -> Value:
        return fitted(self.body.value(variables, run), self.type)


class _ServiceFunction(Function):
    """A decision service as a function of its inputs."""

    def __init__(self, making: _Making, service: Service) -> None:
        self.name = service.name
        self.parameters = tuple(making.model.parts[id_].name for id_ in service.inputs)
        self._making = making
        self._service = service

    def invoke(self, run: Deciding, arguments: list[Value]) -> Value:
        """Return the service's value; raises NoValue for a wrong number or type of arguments."""
        if len(arguments) != len(self.parameters):
            raise NoValue(words("{name} takes {count} arguments", name=self.name, count=len(self.parameters)))
        run.burn(5)
        parts = self._making.model.parts
        known = {
            id_: fitted(value, parts[id_].type) for id_, value in zip(self._service.inputs, arguments, strict=True)
        }
        return self._making.of_service(self._service, known)
