"""Runs the DMN conformance kit (dmn-tck) through `app.decisions` and prints its results as the kit asks for them.

`python scripts/conformance.py KIT`: a line a test case, `"folder","file","case","SUCCESS or ERROR","why"`, on standard
output, and a count of each level on standard error. Exit code 1 where a case fails, 2 where KIT is no kit.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from lxml import etree

from app.decisions import Model, read
from app.errors import Refusal
from app.feel.temporal import literal
from app.feel.values import Months, NoValue, Value

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TEMPORAL = (date, datetime, time, timedelta, Months)


@dataclass(frozen=True)
class Case:
    """One expected result of a test case: of the node `name`."""

    folder: str
    file: str
    id: str
    name: str
    model: Path
    inputs: dict[str, Value]
    target: str
    expected: Value
    error: bool


def cases(kit: Path) -> Iterator[Case]:
    """Give every expected result of a kit."""
    for path in sorted(kit.glob("compliance-level-*/*/*-test-*.xml")):
        root = etree.parse(path).getroot()
        model = path.parent / (root.findtext("{*}modelName") or "")
        for case in root.iterfind("{*}testCase"):
            inputs = {node.get("name"): value_of(node) for node in case.iterfind("{*}inputNode")}
            for node in case.iterfind("{*}resultNode"):
                target = case.get("invocableName") or node.get("name") or ""
                expected = node.find("{*}expected")
                yield Case(
                    f"{path.parent.parent.name}/{path.parent.name}",
                    path.stem,
                    case.get("id") or "",
                    node.get("name") or "",
                    model,
                    inputs,
                    target,
                    None if expected is None else value_of(expected),
                    node.get("errorResult") == "true",
                )


def value_of(element: etree._Element) -> Value:
    """Return the FEEL value written in a test."""
    components = element.findall("{*}component")
    if components:
        return {part.get("name"): value_of(part) for part in components}
    items = element.find("{*}list")
    if items is not None and items.get(f"{_XSI}nil") != "true":
        return [value_of(item) for item in items.iterfind("{*}item")]
    node = element.find("{*}value")
    if node is None or node.get(f"{_XSI}nil") == "true":
        return None
    return _scalar(node.text or "", node.get(f"{_XSI}type", "").partition(":")[2])


def _scalar(text: str, kind: str) -> Value:
    if kind in ("decimal", "double", "integer", "int", "float"):
        return Decimal(text)
    if kind == "boolean":
        return text.strip() == "true"
    if kind in ("date", "time", "dateTime", "duration"):
        try:
            return literal(text.strip())
        except NoValue:
            return text
    return text


@lru_cache(maxsize=4)
def model_at(path: Path) -> Model:
    """Return the model of a file."""
    beside = (other.read_bytes() for other in path.parent.glob("*.dmn") if other != path)
    return read(path.read_bytes(), beside, strict=False)


def run(case: Case) -> str | None:
    """Return None when the case passes, else what was found."""
    try:
        found = _result(case)
    except Refusal as refusal:
        return None if case.error else f"refused: {refusal}"
    return None if same(found, case.expected) else f"{found!r} instead of {case.expected!r}"


def _result(case: Case) -> Value:
    found = model_at(case.model).decide(case.target, case.inputs).value
    return found[case.name] if case.name != case.target and isinstance(found, dict) else found


def same(found: Value, expected: Value) -> bool:
    """Tell whether a value is the expected one; numbers to eight digits after the point, as the kit's own runners."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) < Decimal("1e-8")
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, found, expected))
    if isinstance(found, _TEMPORAL) and isinstance(expected, str):
        return False
    return type(found) is type(expected) and bool(found == expected)


def rows(kit: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Give one line a test case; a case fails with the first of its nodes that does."""
    found: dict[tuple[str, str, str], str] = {}
    for case in cases(kit):
        place = (case.folder, case.file, case.id)
        why = run(case)
        found[place] = found.get(place) or ("" if why is None else f"{case.name}: {why}")
    for place, why in found.items():
        yield (*place, "ERROR" if why else "SUCCESS", why)


def main(arguments: list[str]) -> int:
    """Print the results of a kit; return the exit code."""
    kit = Path(arguments[0]) if arguments else Path()
    counted: Counter[tuple[str, str]] = Counter()
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for row in rows(kit):
        writer.writerow(row)
        counted[row[0].partition("/")[0], row[3]] += 1
    for (level, result), count in sorted(counted.items()):
        print(f"{level}: {count} {result}", file=sys.stderr)
    if not counted:
        print(f"{kit} holds no conformance kit (compliance-level-2, compliance-level-3)", file=sys.stderr)
        return 2
    return int(any(result == "ERROR" for _, result in counted))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
