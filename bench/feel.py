"""FEEL against two other Python libraries, a decision table against its bare cells, and a large table against a small.

    python -m bench.feel [--rivals PYTHON]

The libraries are installed into a throw-away environment, unless PYTHON has them already. Only expressions that a
library supports, with the same value as ours, are compared. Read ratios, not times.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app.feel import compile
from app.feel.values import Value
from bench.results import keep
from bench.rivals import PACKAGES, plain, seconds
from bench.tables import bare_ratios, size_ratio

ROUNDS = 3
PINNED = ("pySFeel==1.4.2", "bkflow-feel==1.2.0")
VARIABLES = {"amount": 1250, "days": 18, "limit": 15, "age": 61, "score": 86.5, "status": "open", "urgent": True}
VARIABLES |= {
    "agency": "urban",
    "code": "2026-B-0001",
    "marks": [88, 92, 75, 60],
    "kinds": ["W61", "W63"],
    "empty": None,
}
EXPRESSIONS = """
1 + 2 * 3
(amount + 50) * 2 - days / 3
amount * 1.13 + 5 > 100
2 ** 10
days > limit
days > limit and status = "open"
days > limit or status = "closed" or urgent
not(urgent)
not(days > limit) and urgent = true
status = "open" and agency = "urban" and days >= 15 and age > 60
age >= 25 and age <= 65
age between 25 and 65
age in [25..65]
score in [75..90)
score >= 90 or score < 60
status = "open" or status = "held" or status = "closed"
agency != "police"
code = "2026-B-0001"
empty = null
[1, 2, 3]
marks[1]
marks[item > 80]
count(marks) > 3
sum(marks) / count(marks) >= 75
max(marks) - min(marks)
mean(marks)
list contains(kinds, "W63")
some x in marks satisfies x < 60
every x in marks satisfies x >= 60
some x in marks satisfies x > 90 and x < 95
string length(code) = 11
substring(code, 6, 1) = "B"
contains(code, "-B-")
starts with(code, "2026")
ends with(code, "0001")
upper case(agency)
floor(score)
abs(limit - days)
append(marks, 100)
reverse(marks)
flatten([[1, 2], [3]])
concatenate(marks, [1, 2])
if days > limit then "overdue" else "in time"
for x in marks return x * 2
date("2026-02-01") < date("2026-03-01")
"a" + "b"
""".strip().splitlines()


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", help="a Python that has both libraries")
    python = parser.parse_args().rivals
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        python = python or install(Path(folder))
        told, mine = ask(python), ours()
        for _ in range(ROUNDS - 1):  # in turn, so that a change of the machine's speed meets all
            keep_least(told, ask(python))
            mine = {text: min(spent, mine[text]) for text, spent in ours().items()}
    figures["versions"] = told["versions"]
    for name in PACKAGES:
        figures[name] = against(name, told["found"][name], mine)
    figures["table"] = {"ratio to bare cells": bare_ratios(), "1000 rules to ten": size_ratio()}
    print(json.dumps(figures["table"], indent=1))
    print(f"kept in {keep('feel', figures)}")


def install(folder: Path) -> str:
    """Return the Python of a new environment with the libraries."""
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    return python


def ask(python: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Return what the other libraries found, and how long it took them."""
    asked = json.dumps({"variables": VARIABLES, "expressions": EXPRESSIONS})
    program = Path(__file__).with_name("rivals.py")
    ran = subprocess.run([python, program], input=asked, capture_output=True, text=True, check=True)
    return dict(json.loads(ran.stdout))


def keep_least(told: dict[str, Any], again: dict[str, Any]) -> None:
    """Keep the least time of each expression of two rounds."""
    for name in PACKAGES:
        for one, other in zip(told["found"][name], again["found"][name], strict=True):
            if isinstance(one["seconds"], float) and isinstance(other["seconds"], float):
                one["seconds"] = min(one["seconds"], other["seconds"])


def ours() -> dict[str, float]:
    """Return the seconds of one evaluation of each expression."""
    return {text: seconds(partial(compile(text), VARIABLES)) for text in EXPRESSIONS}


def against(name: str, theirs: list[dict[str, object]], times: dict[str, float]) -> dict[str, object]:
    """Print one line an expression; return the ratios of those that the library supports."""
    print(f"\n{name:<68}ours µs   theirs µs   ratio")
    ratios, mine, other = [], 0.0, 0.0
    for text, found in zip(EXPRESSIONS, theirs, strict=True):
        expression, there = compile(text), found["seconds"]
        if not isinstance(there, float) or not alike(expression(VARIABLES), found["value"]):
            print(f"{text:<68}{'not supported' if there is None else 'another value':>29}")
            continue
        here = times[text]
        ratios.append(there / here)
        mine, other = mine + here, other + there
        print(f"{text:<68}{here * 1e6:>7.2f}{there * 1e6:>12.1f}{there / here:>8.0f}")
    print(
        f"{len(ratios)} of {len(EXPRESSIONS)} supported; all together {other / mine:.0f}, median {median(ratios):.0f}"
    )
    return {
        "supported": len(ratios),
        "of": len(EXPRESSIONS),
        "all together": round(other / mine, 1),
        "median": round(median(ratios), 1),
        "least": round(min(ratios), 1),
        "most": round(max(ratios), 1),
    }


def alike(ours: Value, theirs: object) -> bool:
    """Tell whether the other library found the same value."""
    found = plain(ours)
    return found == theirs and isinstance(found, bool) == isinstance(theirs, bool)


if __name__ == "__main__":
    main()
