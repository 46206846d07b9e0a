"""What a table's author may have overlooked: rules that overlap, and inputs for which no rule is made.

Each column is tried at the values its cells name, between and beside them. Cells that hold more than constants,
comparisons and intervals make a table undecidable; then nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import combinations, islice, product
from operator import and_, or_

from app.errors import Words, words
from app.feel import UnaryTests
from app.feel.builtins.writing import written
from app.feel.run import Run
from app.feel.values import Value

from .items import Allowed
from .table import DecisionTable, Input

MAX_TRIALS = 100_000
MAX_TESTS = 200_000  # a fifth of a second
MAX_DOUBTS = 5
Points = Sequence[Value]
Grid = Sequence[Sequence[int]]  # by column and rule: the points that the cell takes, as bits


def doubts(table: DecisionTable) -> Iterator[tuple[Words, str]]:
    """Give what is doubtful about a table, at most five of a kind: the words and the name of the check."""
    columns = [[rule.tests[n] for rule in table.rules] for n in range(len(table.inputs))]
    points = [found for n, cells in enumerate(columns) if (found := _points(table.inputs[n], cells)) is not None]
    if len(points) < len(columns) or not table.rules:
        return
    if sum(len(one) * sum(map(_is_plain, cells)) for one, cells in zip(points, columns, strict=True)) > MAX_TESTS:
        return
    grid = [_taken(cells, one) for cells, one in zip(columns, points, strict=True)]
    if table.policy == "U":
        yield from islice(_overlaps(table, points, grid), MAX_DOUBTS)
    if table.policy in "UAPF" and not any(output.default for output in table.outputs):
        yield from islice(_gaps(points, grid), MAX_DOUBTS)


def _is_plain(cell: UnaryTests) -> bool:
    """Tell whether the cell has to be tried with each point."""
    return cell.constants is None and cell.text != "-"


def _taken(cells: Sequence[UnaryTests], points: Points) -> list[int]:
    places = {(type(value), value): 1 << place for place, value in enumerate(points)}
    return [_bits(cell, points, places) for cell in cells]


def _bits(cell: UnaryTests, points: Points, places: Mapping[tuple[type, Value], int]) -> int:
    if cell.text == "-":
        return (1 << len(points)) - 1
    if cell.constants is not None:
        return reduce(or_, (places.get((type(value), value), 0) for value in cell.constants), 0)
    run = Run()
    return sum(1 << place for place, value in enumerate(points) if _meets(cell, value, run))


def _meets(cell: UnaryTests, value: Value, run: Run) -> bool:
    run.fuel = max(run.fuel, 10_000)  # the trials are few; no table is refused because it was checked
    return cell.test(value, {}, run)


def _overlaps(table: DecisionTable, points: Sequence[Points], grid: Grid) -> Iterator[tuple[Words, str]]:
    for one, other in islice(combinations(range(len(table.rules)), 2), MAX_TRIALS):
        shared = [taken[one] & taken[other] for taken in grid]
        if all(shared):
            example = _written(column[_first(bits)] for column, bits in zip(points, shared, strict=True))
            names = {"one": table.rules[one].id, "other": table.rules[other].id}
            yield words("{one} and {other} both match ({example})", **names, example=example), "dmn.overlap"


def _gaps(points: Sequence[Points], grid: Grid) -> Iterator[tuple[Words, str]]:
    rules = [  # by column and point: the rules that take it, as bits
        [sum(1 << rule for rule, bits in enumerate(taken) if bits >> place & 1) for place in range(len(column))]
        for column, taken in zip(points, grid, strict=True)
    ]
    for trial in islice(product(*(range(len(column)) for column in points)), MAX_TRIALS):
        if not reduce(and_, (column[place] for column, place in zip(rules, trial, strict=True)), -1):
            example = _written(column[place] for column, place in zip(points, trial, strict=True))
            yield words("No rule is made for ({example})", example=example), "dmn.gap"


def _first(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _written(values: Iterable[Value]) -> str:
    return ", ".join(written(Run(), value, inside=True) for value in values)


def _points(column: Input, cells: Sequence[UnaryTests]) -> Points | None:
    allowed = column.allowed or (column.type.tests if isinstance(column.type, Allowed) else None)
    named: list[Value] = []
    for cell in (*cells, *((allowed,) if allowed else ())):
        if cell.literals is None:
            return None
        named += cell.literals
    measured = any(set(cell.text) & set("<>[](") for cell in cells)  # else each cell names values, as of an enumeration
    found = [value for value in _around(named, measured=measured) if allowed is None or allowed.test(value, {}, Run())]
    return found or [None]


def _around(named: list[Value], *, measured: bool) -> list[Value]:
    values = [value for index, value in enumerate(named) if value is not None and value not in named[:index]]
    if any(isinstance(value, bool) for value in values):
        return [True, False]
    if not measured:
        return values
    if values and all(type(value) is Decimal for value in values):
        return _beside(sorted(values), Decimal(1))
    if values and all(type(value) is date for value in values):
        return _beside(sorted(values), timedelta(1))
    return values


def _beside(values: list[Value], step: Value) -> list[Value]:
    between = [low + (high - low) / 2 for low, high in zip(values, values[1:], strict=False)]
    return [values[0] - step, *sorted({*values, *between}), values[-1] + step]
