"""What a diagram is given, name by name: by forms, operations, messages, decisions, and at its beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app import feel
from app.errors import Invalid
from app.feel.free import Given

Values = frozenset[str] | None
"""The texts that a name can hold beside null; None: anything."""
Names = dict[str, Values]
"""Names with what they can hold. `a.b`: an entry of the context `a`; `a[]`: the elements of the list `a`."""
ANYTHING: Values = None


@dataclass(frozen=True)
class Supply:
    """What stands around the diagrams of a pack, by their own names.

    `begins`: with what a case of a process can begin. `form`: what a user task's answers give, by process, element and
    form key. `operation`: what an operation gives, by its name and parameters as written; `=a` where it gives on its
    parameter `a`. `payloads`: messages that come from outside the diagrams. `decision`: what the result of a decision
    can be, `""` being the result itself, `.a` an entry of it, `[]` its elements. `reads`: the names that it reads.
    """

    begins: Mapping[str, Names] = field(default_factory=dict)
    form: Callable[[str, str, str], Names] = lambda process, element, key: {}
    operation: Callable[[str, Mapping[str, str]], Names] = lambda name, parameters: {}
    payloads: Mapping[str, Names] = field(default_factory=dict)
    decision: Callable[[str], Names] = lambda name: {"": None}
    reads: Callable[[str], Iterable[str]] = lambda name: ()
    functions: tuple[str, ...] = ()


def joined(*many: Names) -> Names:
    """What one or another gives."""
    found: Names = {}
    for names in many:
        for name, values in names.items():
            known = found.get(name, frozenset())
            found[name] = None if known is None or values is None else known | values
    return found


def renamed(names: Names, old: str, new: str) -> Names:
    """What a value of one name gives under another, with its entries."""
    found = {new + name[len(old) :]: values for name, values in names.items() if is_of(name, old)}
    return found or {new: ANYTHING}


def is_of(name: str, root: str) -> bool:
    """Whether a name is this one, an entry of it or its elements."""
    return name == root or name.startswith((f"{root}.", f"{root}["))


def result(text: str, names: Names, known: Iterable[str], called: str) -> Names:
    """What an expression or a literal text gives, under a name."""
    if not feel.is_expression(text):
        return {called: frozenset((text,))}
    try:
        gives = feel.compile(feel.expression_text(text), tuple(known)).gives
    except Invalid:
        return {called: ANYTHING}
    return {called: ANYTHING} if gives is None else _given(gives, names, called)


def _given(gives: Given, names: Names, called: str) -> Names:
    if len(gives.names) == 1 and gives.constants <= {None}:
        return renamed(names, next(iter(gives.names)), called)
    texts = frozenset(value for value in gives.constants if isinstance(value, str))
    if any(not isinstance(value, str | None) for value in gives.constants):
        return {called: ANYTHING}
    return joined({called: texts}, *({called: names.get(name, ANYTHING)} for name in gives.names))
