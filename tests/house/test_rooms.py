"""What may only shrink: ids of shipped packs and Chinese answers in the code, and `Any` in each room."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from lxml import etree

from tests.house.source import ROOT, python_files, short, tree

NAMED = {"userTask", "businessRuleTask", "process"}
"""Service tasks bear the names of operations, which are the code's own."""
ORDINARY = re.compile(r"[a-z]+")
"""A single English word is no id: `closed`, `person` and the like mean many things."""
ALLOWED: dict[str, str] = {
    "P-05": "the limit that a page explains by example",
    "P-06": "how long an extension may be, to be named by `extension` of pack.yaml",
    "P-07": "the amber line of report 1, to be declared by the pack",
    "P-08": "the limit that is nought by its nature, to be declared by the policy",
    "P-09": "the red line of report 1, to be declared by the pack",
    "deadline_extension": "how earlier extensions are found, to be named by `extension` of pack.yaml",
    "其他": "a word of the registers' own choices",
    "在任": "a word of the registers' own choices",
    "beibei_2024": "the pack that the demonstration plays",
    "agency_approve": "the rates of report 2, to be declared by the pack",
    "agency_handling": "the rates of report 2, to be declared by the pack",
    "agency_sign": "the rates of report 2, to be declared by the pack",
    "assign_handler": "the rates of report 2, to be declared by the pack",
    "investigate_and_draft": "the rates of report 2, to be declared by the pack",
    "rate_result": "the rates of report 2, to be declared by the pack",
    "report_rectification": "the rates of report 2, to be declared by the pack",
    "不满意": "the rates of report 2, to be declared by the pack",
    "基本满意": "the rates of report 2, to be declared by the pack",
    "满意": "the rates of report 2, to be declared by the pack",
}
"""What still stands there, and why; nothing is added."""
MOST_ANY: dict[str, int] = {
    "app/calendar": 5,
    "app/cases": 105,
    "app/cli": 15,
    "app/db": 10,
    "app/definitions": 40,
    "app/deployment": 15,
    "app/engine": 45,
    "app/feel": 40,
    "app/jobs": 5,
    "app/journal": 5,
    "app/limits": 25,
    "app/monitor": 40,
    "app/notify": 35,
    "app/operations": 20,
    "app/papers": 15,
    "app/people": 5,
    "app/proof": 15,
    "app/registers": 55,
    "app/rehearsal": 125,
    "app/web": 225,
}
"""How often each room says `Any`; a number here may only fall."""


def walked(value: object) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walked(part)


@cache
def shipped() -> frozenset[str]:
    """Ids of packs, processes, tasks, forms, papers and limits, and answers in Chinese, that packs declare."""
    found: set[str] = set()
    for path in (ROOT / "processes").rglob("*.bpmn"):
        elements = etree.parse(path).iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*")
        found |= {one.get("id", "") for one in elements if etree.QName(one).localname in NAMED}
    for path in (ROOT / "forms").rglob("*.form"):
        found.add(path.stem)
        options = (one.get("value") for one in walked(json.loads(path.read_text())))
        found |= {one for one in options if isinstance(one, str) and re.search("[一-鿿]", one)}
    for path in (ROOT / "processes").rglob("pack.yaml"):
        pack = yaml.safe_load(path.read_text())
        found |= {pack["id"], *pack.get("papers", {}), *pack.get("policies", {})}
    return frozenset(one for one in found if one and not ORDINARY.fullmatch(one))


def named(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in shipped():
            yield node.value


def test_no_id_of_a_shipped_pack_stands_in_the_code() -> None:
    found = {(one, short(path)) for path in python_files() for one in named(path)}
    added = sorted((one, place) for one, place in found if one not in ALLOWED)
    assert added == [], "packs declare such things; the code reads what they declare"
    assert sorted(ALLOWED.keys() - {one for one, _ in found}) == [], "this is no longer so: take it off the list"


def test_any_grows_in_no_room() -> None:
    counted: Counter[str] = Counter()
    for path in python_files():
        room = "/".join(Path(short(path)).parts[:2]).removesuffix(".py")
        counted[room] += sum(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree(path)))
    assert {room: number for room, number in counted.items() if number > MOST_ANY.get(room, 0)} == {}
