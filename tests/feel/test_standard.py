"""The built-in functions against the text of the standard (DMN 1.5, 10.3.4): its examples, and its definitions.

Where the standard defines a function by a formula (tables 78 to 88), the formula stands here once more, over Python's
own values, and both are asked about every combination of some arguments.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.feel import compile

EXAMPLES = Path(__file__).with_name("standard.txt")
"""Lines `expression = expected`, under headings that name the section."""


def _cases() -> list[Any]:
    section, found = "", []
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("10.3"):
            section = line.split()[0]
            continue
        left, _, right = line.rpartition(" = ")
        found.append(pytest.param(left, right, id=f"{section} {left[:70]}"))
    return found


@pytest.mark.parametrize(("expression", "expected"), _cases())
def test_an_example_of_the_standard(expression: str, expected: str) -> None:
    found, wanted = compile(expression)({}), compile(expected)({})
    assert type(found) is type(wanted) and found == wanted


# Table 78: how points and intervals lie to each other. (low, low is closed, high, high is closed)
Span = tuple[int, bool, int, bool]
SPANS: list[Span] = [
    (a, c, b, d) for a, b in ((1, 3), (1, 5), (3, 5), (2, 4)) for c, d in product((True, False), repeat=2)
]
POINTS = (1, 2, 3, 5)


def _text(one: Span | int) -> str:
    if isinstance(one, int):
        return str(one)
    low, closed, high, end_closed = one
    return f"{'[' if closed else '('}{low}..{high}{']' if end_closed else ')'}"


def _before(a: Span, b: Span) -> bool:
    return a[2] < b[0] or ((not a[3] or not b[1]) and a[2] == b[0])


def _meets(a: Span, b: Span) -> bool:
    return a[3] and b[1] and a[2] == b[0]


def _starts(a: Span, b: Span) -> bool:
    return a[0] == b[0] and a[1] == b[1] and (a[2] < b[2] or (a[2] == b[2] and (not a[3] or b[3])))


def _finishes(a: Span, b: Span) -> bool:
    return a[2] == b[2] and a[3] == b[3] and (a[0] > b[0] or (a[0] == b[0] and (not a[1] or b[1])))


def _includes(a: Span, b: Span) -> bool:
    low = a[0] < b[0] or (a[0] == b[0] and (a[1] or not b[1]))
    return low and (a[2] > b[2] or (a[2] == b[2] and (a[3] or not b[3])))


def _coincides(a: Span, b: Span) -> bool:
    return a == b


def _overlaps(a: Span, b: Span) -> bool:
    return (a[2] > b[0] or (a[2] == b[0] and a[3] and b[1])) and (a[0] < b[2] or (a[0] == b[2] and a[1] and b[3]))


RELATIONS: dict[str, Callable[[Span, Span], bool]] = {
    "before": _before,
    "after": lambda a, b: _before(b, a),
    "meets": _meets,
    "met by": lambda a, b: _meets(b, a),
    "overlaps": _overlaps,
    "starts": _starts,
    "started by": lambda a, b: _starts(b, a),
    "finishes": _finishes,
    "finished by": lambda a, b: _finishes(b, a),
    "includes": _includes,
    "during": lambda a, b: _includes(b, a),
    "coincides": _coincides,
}


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("one", SPANS, ids=_text)
def test_two_intervals_lie_as_table_78_says(name: str, one: Span) -> None:
    wanted = {_text(other): RELATIONS[name](one, other) for other in SPANS}
    found = {text: compile(f"{name}({_text(one)}, {text})")({}) for text in wanted}
    assert found == wanted


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    "name", ["before", "after", "includes", "during", "starts", "started by", "finishes", "finished by"]
)
def test_a_point_lies_to_an_interval_as_table_78_says(name: str, point: int) -> None:
    first = name in ("before", "after", "during", "starts", "finishes")
    as_span = (point, True, point, True)
    for span in SPANS:
        low, closed, high, end_closed = span
        wanted = {
            "before": point < low or (point == low and not closed),
            "after": point > high or (point == high and not end_closed),
            "during": _includes(span, as_span),
            "includes": _includes(span, as_span),
            "starts": point == low and closed,
            "started by": point == low and closed,
            "finishes": point == high and end_closed,
            "finished by": point == high and end_closed,
        }[name]
        texts = (str(point), _text(span)) if first else (_text(span), str(point))
        assert compile(f"{name}({', '.join(texts)})")({}) is wanted, texts


# 10.3.4.5: each rounding by Python's own decimal arithmetic
ROUNDINGS = {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}
NUMBERS = ("5.5", "2.5", "1.1", "1.0", "-1.0", "-1.1", "-2.5", "-5.5", "0", "1.125", "-1.125", "99.995", "1234.5")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", ROUNDINGS)
def test_numbers_are_rounded_as_their_function_says(name: str, number: str) -> None:
    for scale in (0, 1, 2, -1, -3):
        wanted = Decimal(number).quantize(Decimal(1).scaleb(-scale), rounding=ROUNDINGS[name])
        assert compile(f"{name}({number}, {scale})")({}) == wanted, scale
    assert compile(f"{name}({number}, null)")({}) is None
    assert compile(f'{name}("{number}", 0)')({}) is None


# 10.3.4.4: statistics by Python's own module
LISTS = ([1], [1, 2], [2, 1], [1, 1], [3, 1, 2], [8, 2, 5, 3, 4], [6, 1, 2, 3], [-1, 0, 1], [1.5, 2.5], [6, 3, 9, 6, 6])


@pytest.mark.parametrize("items", LISTS, ids=str)
def test_statistics_of_lists(items: list[float]) -> None:
    numbers = [Decimal(str(item)) for item in items]
    arguments = ", ".join(map(str, items))
    wanted = {
        "sum": sum(numbers),
        "mean": statistics.mean(numbers),
        "median": statistics.median(numbers),
        "mode": sorted(statistics.multimode(numbers)),
        "min": min(numbers),
        "max": max(numbers),
    }
    for name, value in wanted.items():
        found = [compile(f"{name}({text})")({}) for text in (arguments, f"[{arguments}]", f"list: [{arguments}]")]
        for one in found if len(items) > 1 or name != "mode" else found[:1]:
            assert one == value or (name == "mean" and abs(one - value) < Decimal("1e-30")), name
    if len(items) > 1:
        assert abs(compile(f"stddev([{arguments}])")({}) - statistics.stdev(numbers)) < Decimal("1e-25")


# 10.3.4.3: positions count characters, also those beyond the first plane of Unicode
TEXTS = ("foobar", "编号123", "\U0001f40eab", "a\U0001f40e", "", "x")


@pytest.mark.parametrize("text", TEXTS)
def test_positions_count_characters(text: str) -> None:
    context = {"t": text}
    assert compile("string length(t)")(context) == len(text)
    for start in range(-7, 8):
        inside = start != 0 and abs(start) <= len(text)
        begin = start - 1 if start > 0 else len(text) + start
        assert compile(f"substring(t, {start})")(context) == (text[begin:] if inside else None)
        for length in (1, 2, 9):
            wanted = text[begin : begin + length] if inside else None
            assert compile(f"substring(t, {start}, {length})")(context) == wanted
        assert compile(f"substring(t, {start}, 0)")(context) is None


# 10.3.4.4: positions in lists, from the front and from the end
@pytest.mark.parametrize("items", [[], [1], [1, 2, 3]], ids=str)
def test_positions_in_lists(items: list[int]) -> None:
    context = {"l": items}
    for position in range(-4, 5):
        inside = position != 0 and abs(position) <= len(items)
        at = position - 1 if position > 0 else len(items) + position
        cases = {
            f"l[{position}]": items[at] if inside else None,
            f"sublist(l, {position})": items[at:] if inside else None,
            f"remove(l, {position})": [*items[:at], *items[at + 1 :]] if inside else None,
            f"insert before(l, {position}, 9)": [*items[:at], 9, *items[at:]] if inside else None,
            f"list replace(l, {position}, 9)": [*items[:at], 9, *items[at + 1 :]] if inside else None,
        }
        for expression, wanted in cases.items():
            assert compile(expression)(context) == wanted, expression
