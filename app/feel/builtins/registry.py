"""How built-in functions are declared and how their arguments are fitted (DMN 1.5, 10.3.2.9.4 and 10.3.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.errors import words

from ..run import Run
from ..values import KINDS, Function, NoValue, Value, kind

Body = Callable[..., Value]
Declared = TypeVar("Declared", bound=Body)
BUILTINS: dict[str, Builtin] = {}
_ABSENT = object()
CHARACTERS_SCANNED = 200  # a step


def builtin(name: str, signature: str = "") -> Callable[[Declared], Declared]:
    """Declare a built-in function; declared twice, it has two variants.

    `signature`: "string: string, length?: number" — `?` may be left out, `*` stands for any number, `|` joins types;
    `any` takes null too, every other type gives null for null.
    """

    def register(body: Declared) -> Declared:
        BUILTINS.setdefault(name, Builtin(name)).add(Variant(signature, body))
        return body

    return register


class Variant:
    """One signature of a built-in function with its body."""

    def __init__(self, signature: str, body: Body) -> None:
        parts = [part.strip().partition(":") for part in signature.split(",") if part.strip()]
        self.body = body
        self.names = tuple(name.strip("?* ") for name, _, _ in parts)
        self.kinds = tuple(frozenset(kinds.strip().split("|")) for _, _, kinds in parts)
        self.needed = sum("?" not in name and "*" not in name for name, _, _ in parts)
        self.variadic = bool(parts) and parts[-1][0].startswith("*")

    def takes(self, count: int) -> bool:
        """Tell whether so many positional arguments are possible."""
        return self.needed <= count and (self.variadic or count <= len(self.names))

    def takes_types(self, types: tuple[type, ...]) -> bool:
        """Tell whether positional arguments of these Python types suit as they are."""
        wanted = (self.kinds[min(index, len(self.kinds) - 1)] for index in range(len(types)))
        return all(
            "any" in kinds or KINDS.get(one, "function") in kinds for kinds, one in zip(wanted, types, strict=True)
        )

    def bind(self, arguments: list[Value], *, convert: bool) -> list[Value] | None:
        """Return the arguments as the body takes them, or None when their types differ."""
        bound = []
        for index, value in enumerate(arguments):
            fitted = _fitted(value, self.kinds[min(index, len(self.kinds) - 1)], convert=convert)
            if fitted is _ABSENT:
                return None
            bound.append(fitted)
        return bound

    def arrange(self, arguments: list[Value], names: tuple[str, ...]) -> list[Value] | None:
        """Return named arguments by position, or None when the names are not those of this variant."""
        given = dict(zip(names, arguments, strict=True))
        if len(given) != len(names) or not set(given) <= set(self.names):
            return None
        if not set(self.names[: self.needed]) <= set(given):
            return None
        arranged = [given.get(name, _ABSENT) for name in self.names]
        while arranged and arranged[-1] is _ABSENT:
            arranged.pop()
        if self.variadic and arranged and isinstance(arranged[-1], list):
            arranged[-1:] = arranged[-1]
        return arranged


def _fitted(value: Value, kinds: frozenset[str], *, convert: bool) -> Any:
    if value is _ABSENT or "any" in kinds:
        return None if value is _ABSENT else value
    found = kind(value)
    if found in kinds:
        return value
    if not convert or value is None:
        return _ABSENT
    if "list" in kinds:
        return [value]
    if found == "list" and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return _ABSENT


class Builtin(Function):
    """A built-in function with all its variants."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.variants: list[Variant] = []
        self.bodies: dict[tuple[type, ...], Body | None] = {}  # by the types of positional arguments, as met

    def add(self, variant: Variant) -> None:
        """Add a variant; earlier ones are tried first."""
        self.variants.append(variant)
        self.parameters = self.variants[0].names

    def invoke(self, run: Run, arguments: list[Value]) -> Value:
        """Return the result of the first variant that takes these arguments; raises NoValue when none does."""
        return self.call(run, arguments)

    def call(self, run: Run, arguments: list[Value], names: tuple[str, ...] = ()) -> Value:
        """As `invoke`, with named arguments too."""
        for argument in arguments:
            if type(argument) is str and len(argument) >= CHARACTERS_SCANNED:
                run.burn(len(argument) // CHARACTERS_SCANNED)
        if not names:
            body = self.body_for(tuple(map(type, arguments)))
            if body is not None:
                return body(run, *arguments)
        return self._fit(run, arguments, names)

    def body_for(self, types: tuple[type, ...]) -> Body | None:
        """Return the body of the first variant that takes arguments of these types as they are: the fast way."""
        if types not in self.bodies:
            fitting = (one for one in self.variants if one.takes(len(types)) and one.takes_types(types))
            first = next(fitting, None)
            self.bodies[types] = None if first is None else first.body
        return self.bodies[types]

    def _fit(self, run: Run, arguments: list[Value], names: tuple[str, ...]) -> Value:
        candidates = self._candidates(arguments, names)
        for convert in (False, True):
            for variant, given in candidates:
                bound = variant.bind(given, convert=convert)
                if bound is not None:
                    return variant.body(run, *bound)
        kinds = ", ".join(kind(argument) for argument in arguments)
        raise NoValue(words("{name} does not take ({kinds})", name=self.name, kinds=kinds))

    def _candidates(self, arguments: list[Value], names: tuple[str, ...]) -> list[tuple[Variant, list[Value]]]:
        if not names:
            return [(variant, arguments) for variant in self.variants if variant.takes(len(arguments))]
        arranged = ((variant, variant.arrange(arguments, names)) for variant in self.variants)
        found = [(variant, given) for variant, given in arranged if given is not None]
        return sorted(found, key=lambda one: one[0].names[: len(names)] != names)  # before(range, point): as written
