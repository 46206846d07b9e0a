"""The runner of the conformance kit, on a kit of two cases: a line a case, and a wrong value is seen."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app.config import ROOT

from .models import decision, definitions, input_data, literal

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>sum.dmn</modelName>
  <testCase id="001"><inputNode name="a"><value xsi:type="xsd:decimal">2</value></inputNode>
    <resultNode name="sum"><expected><value xsi:type="xsd:decimal">{first}</value></expected></resultNode></testCase>
  <testCase id="002"><inputNode name="a"><value xsi:type="xsd:string">x</value></inputNode>
    <resultNode name="sum" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>"""


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance", ROOT / "scripts/conformance.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def kit(folder: Path, first: str) -> Path:
    place = folder / "compliance-level-2/0001-sum"
    place.mkdir(parents=True)
    model = definitions(input_data("a", "number"), decision("sum", literal("a + 1"), needs=["in_a"]))
    (place / "sum.dmn").write_bytes(model)
    (place / "0001-sum-test-01.xml").write_text(CASES.format(first=first), encoding="utf-8")
    return folder


def test_results_are_lines_as_the_kit_asks(
    runner: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.main([str(kit(tmp_path, "3"))]) == 0
    told = capsys.readouterr()
    place = '"compliance-level-2/0001-sum","0001-sum-test-01"'
    assert told.out.splitlines() == [f'{place},"001","SUCCESS",""', f'{place},"002","SUCCESS",""']
    assert told.err == "compliance-level-2: 2 SUCCESS\n"


def test_a_wrong_value_is_seen(runner: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main([str(kit(tmp_path, "4"))]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert '"001","ERROR","sum: ' in first and "instead of" in first and '"SUCCESS"' in second


def test_no_kit_is_said(runner: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main([str(tmp_path)]) == 2
    assert "no conformance kit" in capsys.readouterr().err
