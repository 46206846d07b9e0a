"""List functions (DMN 1.5, 10.3.4.4); none changes the list it is given."""

from __future__ import annotations

from decimal import Decimal

from app.errors import words

from ..compare import same
from ..run import Run
from ..values import Function, NoValue, Value
from .registry import builtin


def place(items: list[Value], position: Decimal) -> int:
    """Return the Python index of a FEEL position (from 1, or negative from the end); raises NoValue outside."""
    number = int(position)
    if number == 0 or abs(number) > len(items):
        raise NoValue(words("The list has no position {position}", position=str(position)))
    return number - 1 if number > 0 else len(items) + number


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    """Whether an element is equal; null may be one."""
    run.burn(len(items))
    return any(same(run, item, element) for item in items)


@builtin("count", "list: list")
def count(run: Run, items: list[Value]) -> Decimal:
    """How many elements."""
    return Decimal(len(items))


@builtin("sublist", "list: list, start position: number, length?: number|null")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    """From a position, so many elements or all that follow."""
    first = place(items, start)
    if length is None:
        return items[first:]
    if int(length) < 1 or first + int(length) > len(items):
        raise NoValue(words("The list has no such part"))
    return items[first : first + int(length)]


@builtin("append", "list: list, *item: any")
def append(run: Run, items: list[Value], *more: Value) -> list[Value]:
    """The elements and then the further ones."""
    run.burn(len(items))
    return [*items, *more]


@builtin("concatenate", "*list: list")
def concatenate(run: Run, *lists: list[Value]) -> list[Value]:
    """The elements of all lists."""
    run.burn(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """With a further element before a position."""
    run.burn(len(items))
    index = place(items, position)
    return [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: list[Value], position: Decimal) -> list[Value]:
    """Without the element at a position."""
    run.burn(len(items))
    index = place(items, position)
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """With another element at a position."""
    run.burn(len(items))
    index = place(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, items: list[Value], match: Function, new: Value) -> list[Value]:
    """With another element wherever `match(item, newItem)` is true."""
    if len(match.parameters) != 2:
        raise NoValue(words("The function takes {count} arguments", count=2))
    replaced = []
    for item in items:
        found = match.call(run, [item, new])
        if not isinstance(found, bool):
            raise NoValue(words("The function gave neither true nor false"))
        replaced.append(new if found else item)
    return replaced


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Value]) -> list[Value]:
    """The last first."""
    run.burn(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    """The positions of all elements that are equal."""
    run.burn(len(items))
    return [Decimal(index) for index, item in enumerate(items, 1) if same(run, item, match)]


@builtin("union", "*list: list")
def union(run: Run, *lists: list[Value]) -> list[Value]:
    """The elements of all lists, each once."""
    return distinct_values(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """Each element once, in the order of first sight."""
    kept: list[Value] = []
    for item in items:
        run.burn(1 + len(kept) // 4)
        if not any(same(run, item, other) for other in kept):
            kept.append(item)
    return kept


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    """All elements of nested lists in one list."""
    flat: list[Value] = []
    run.burn(len(items) + 1)
    for item in items:
        flat += flatten(run, item) if isinstance(item, list) else [item]
    return flat
