"""What a table's author may have overlooked: rules that overlap, and inputs for which no rule is made.

Each column is tried at the values its cells name, between and beside them. Cells that hold more than constants,
comparisons and intervals make a table undecidable; then nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product

from app.errors import Words, words
from app.feel import UnaryTests
from app.feel.builtins.writing import written
from app.feel.run import Run
from app.feel.values import Value

from .items import Allowed
from .table import DecisionTable, Input, Rule

MAX_TRIALS = 5_000
MAX_DOUBTS = 5
Points = Sequence[Value]


def doubts(table: DecisionTable) -> Iterator[tuple[Words, str]]:
    """Give what is doubtful about a table, at most five of a kind: the words and the name of the check."""
    columns = [_points(column, [rule.tests[n] for rule in table.rules]) for n, column in enumerate(table.inputs)]
    points = [column for column in columns if column is not None]
    if len(points) < len(columns) or not table.rules:
        return
    run = Run()
    if table.policy == "U":
        yield from islice(_overlaps(table, points, run), MAX_DOUBTS)
    if table.policy in "UAPF" and not any(output.default for output in table.outputs):
        yield from islice(_gaps(table, points, run), MAX_DOUBTS)


def _overlaps(table: DecisionTable, points: Sequence[Points], run: Run) -> Iterator[tuple[Words, str]]:
    for one, other in islice(combinations(table.rules, 2), MAX_TRIALS):
        shared = [next(_both(one, other, n, column, run), None) for n, column in enumerate(points)]
        if all(found is not None for found in shared):
            example = ", ".join(written(run, found[0], inside=True) for found in shared if found)
            text = words("{one} and {other} both match ({example})", one=one.id, other=other.id, example=example)
            yield text, "dmn.overlap"


def _both(one: Rule, other: Rule, column: int, points: Points, run: Run) -> Iterator[tuple[Value]]:
    for point in points:
        if one.tests[column].test(point, {}, run) and other.tests[column].test(point, {}, run):
            yield (point,)


def _gaps(table: DecisionTable, points: Sequence[Points], run: Run) -> Iterator[tuple[Words, str]]:
    for trial in islice(product(*points), MAX_TRIALS):
        if not any(_matches(rule, trial, run) for rule in table.rules):
            example = ", ".join(written(run, value, inside=True) for value in trial)
            yield words("No rule is made for ({example})", example=example), "dmn.gap"


def _matches(rule: Rule, trial: Points, run: Run) -> bool:
    run.fuel = max(run.fuel, 10_000)  # the trials are few; no table is refused because it was checked
    return all(tests.test(value, {}, run) for tests, value in zip(rule.tests, trial, strict=True))


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
