"""Test rows beside decision tables: what a table is meant to answer, so that whoever changes it sees what moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from app import feel
from app.calendar import state_council
from app.clock import OFFICE_ZONE
from app.definitions.functions import lent, limits
from app.errors import Finding, Invalid, Refusal, Words, words

ENDING = ".rows.yaml"
KEYS = frozenset(("given", "value", "rules", "then"))
AT = datetime(2026, 1, 1, tzinfo=OFFICE_ZONE)
"""The instant at which examples are tried: what they give does not change from day to day."""
Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True)
class Row:
    """One example: the data given, the value and the rules that are meant; `then`: values of decisions built on it."""

    number: int
    given: Mapping[str, Any]
    value: Any
    rules: tuple[str, ...]
    then: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """The examples of one decision."""

    decision: str
    file: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Answered:
    """What the tables say to an example now; `fault` where they give no answer."""

    row: Row
    value: Any
    rules: tuple[str, ...]
    then: Mapping[str, Any]
    fault: Words | None = None

    @property
    def holds(self) -> bool:
        """Whether it is what was meant."""
        row = self.row
        return self.fault is None and (self.value, self.rules, self.then) == (row.value, row.rules, row.then)


def read(data: bytes, file: str) -> Book:
    """The examples in a file `<decision>.rows.yaml`. Raises Invalid, naming the row."""
    decision = PurePosixPath(file).name.removesuffix(ENDING)
    try:
        written = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        raise _wrong(file, words("This is not readable YAML.")) from None
    rows = written.get("rows") if isinstance(written, dict) else None
    if not isinstance(rows, list) or written.get("decision", decision) != decision:
        raise _wrong(file, words("A file of test rows holds `rows`, and the name of its own table."))
    return Book(decision, file, tuple(_row(one, number, file) for number, one in enumerate(rows, 1)))


def _row(written: Any, number: int, file: str) -> Row:
    if not isinstance(written, dict) or not written.keys() <= KEYS or not isinstance(written.get("given"), dict):
        raise _wrong(file, words("Test row {number} wants given, value and rules.", number=number))
    rules, then = written.get("rules", []), written.get("then", {})
    if not isinstance(rules, list) or not isinstance(then, dict):
        raise _wrong(file, words("Test row {number} wants given, value and rules.", number=number))
    return Row(number, written["given"], written.get("value"), tuple(map(str, rules)), then)


def _wrong(file: str, text: Words) -> Invalid:
    return Invalid(words("The test rows cannot be read."), [Finding(text, rule="rows.read", file=file)])


def functions_at(policies: Mapping[str, int]) -> Functions:
    """The functions of a pack with these limits, by the announced days of rest, at the instant of examples."""
    return lent(state_council(), limits(policies), AT)


def answered(book: Book, models: Mapping[str, Any], functions: Functions) -> Iterator[Answered]:
    """What the tables (`app.decisions` models by decision) say to each example of a book, in order."""
    for row in book.rows:
        try:
            outcome = models[book.decision].decide(book.decision, row.given, functions=functions)
            then = {
                name: feel.to_json(models[name].decide(name, row.given, functions=functions).value) for name in row.then
            }
            yield Answered(row, feel.to_json(outcome.value), tuple(outcome.rules), then)
        except Refusal as fault:
            yield Answered(row, None, (), {}, next((one.words for one in getattr(fault, "findings", ())), fault.words))
        except KeyError as name:
            yield Answered(row, None, (), {}, words("There is no decision {name}", name=str(name.args[0])))
