"""Functions that make one value of a list: min, max, sum, mean, all, any and their kin (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

from app.errors import words

from ..compare import order
from ..run import Run
from ..values import NUMBERS, NoValue, Value
from .registry import Body, builtin

_NUMBERS = {Decimal}


def numbers(run: Run, items: list[Value]) -> list[Decimal]:
    """Return the list when it holds numbers only; raises NoValue otherwise and when it is empty."""
    run.burn(len(items))
    if set(map(type, items)) != _NUMBERS:
        raise NoValue(words("A list of numbers is needed"))
    return items


def _extreme(run: Run, items: list[Value], wanted: int) -> Value:
    run.burn(len(items))
    if not items:
        raise NoValue(words("The list is empty"))
    if set(map(type, items)) == _NUMBERS:
        return max(items) if wanted > 0 else min(items)
    best = items[0]
    for item in items:
        placed = order(item, best)
        if placed is None:
            raise NoValue(words("Two values cannot be put in order"))
        best = item if placed == wanted else best
    return best


@builtin("min", "list: list")
def least(run: Run, items: list[Value]) -> Value:
    """The least element."""
    return _extreme(run, items, -1)


@builtin("max", "list: list")
def greatest(run: Run, items: list[Value]) -> Value:
    """The greatest element."""
    return _extreme(run, items, 1)


@builtin("sum", "list: list")
def total(run: Run, items: list[Value]) -> Decimal:
    """The sum of numbers; null for an empty list."""
    return reduce(NUMBERS.add, numbers(run, items))


@builtin("product", "list: list")
def product(run: Run, items: list[Value]) -> Decimal:
    """The product of numbers."""
    return reduce(NUMBERS.multiply, numbers(run, items))


@builtin("mean", "list: list")
def mean(run: Run, items: list[Value]) -> Decimal:
    """The arithmetic mean."""
    return NUMBERS.divide(total(run, items), Decimal(len(items)))


@builtin("median", "list: list")
def median(run: Run, items: list[Value]) -> Decimal:
    """The element in the middle, or the mean of the two in the middle."""
    ordered = sorted(numbers(run, items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", "list: list")
def stddev(run: Run, items: list[Value]) -> Decimal:
    """The standard deviation of a sample; null for fewer than two numbers."""
    if len(items) < 2:
        raise NoValue(words("The deviation needs two numbers"))
    middle = mean(run, items)
    squares = (NUMBERS.power(NUMBERS.subtract(item, middle), Decimal(2)) for item in items)
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(items) - 1)))


@builtin("mode", "list: list")
def mode(run: Run, items: list[Value]) -> list[Value]:
    """The most frequent numbers, ascending."""
    if not items:
        return []
    seen: dict[Decimal, int] = {}
    for item in numbers(run, items):
        seen[item] = seen.get(item, 0) + 1
    most = max(seen.values())
    return sorted(item for item, times in seen.items() if times == most)


def _decide(run: Run, items: list[Value], decisive: bool) -> bool | None:
    run.burn(len(items))
    if any(item is decisive for item in items):
        return decisive
    return None if any(not isinstance(item, bool) for item in items) else not decisive


@builtin("all", "list: list")
def all_true(run: Run, items: list[Value]) -> bool | None:
    """False when one element is false, null when one is neither, else true."""
    return _decide(run, items, False)


@builtin("any", "list: list")
def any_true(run: Run, items: list[Value]) -> bool | None:
    """True when one element is true, null when one is neither, else false."""
    return _decide(run, items, True)


@builtin("min", "*values: any")
def least_of(run: Run, *values: Value) -> Value:
    """The least argument."""
    return _extreme(run, list(values), -1)


@builtin("max", "*values: any")
def greatest_of(run: Run, *values: Value) -> Value:
    """The greatest argument."""
    return _extreme(run, list(values), 1)


_WHOLE_LISTS: tuple[tuple[str, Body], ...] = (
    ("sum", total),
    ("product", product),
    ("mean", mean),
    ("median", median),
    ("stddev", stddev),
    ("mode", mode),
    ("all", all_true),
    ("any", any_true),
)


def _spread(body: Body) -> Body:
    """Return the body for elements given one by one: `sum(1, 2)`."""
    return lambda run, *values: body(run, list(values))


for _name, _body in _WHOLE_LISTS:
    builtin(_name, "first: any, *values: any")(_spread(_body))
