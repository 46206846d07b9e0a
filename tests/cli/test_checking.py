"""`check`: every finding with its place; exit 1 on an error, never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.config import ROOT
from tests.cli.conftest import Run, printed

GOOD = ROOT / "processes/beibei_2024"


def sound(findings: list[dict[str, object]]) -> bool:
    """Nothing but the gaps that are meant: a ground of one regulation has no rule in the other (D-17, W-15)."""
    return all(found["rule"] == "dmn.gap" and found["element"] == "table_dismissal_route" for found in findings)


def test_the_shipped_pack_is_sound(run: Run) -> None:
    findings = printed(run("check", "--json", str(GOOD)))
    assert sound(findings) and {found["severity"] for found in findings} == {"warning"}


def test_one_diagram_is_read_with_the_others_of_its_pack(run: Run) -> None:
    assert printed(run("check", "--json", str(GOOD / "rectification.bpmn"), str(GOOD / "review_outcome.dmn"))) == []
    assert sound(printed(run("check", "--json", str(ROOT / "processes/common"))))


def test_a_table_that_leaves_a_case_open_or_takes_it_twice_is_said(run: Run, tmp_path: Path) -> None:
    for kind in ("processes", "forms"):
        shutil.copytree(ROOT / kind, tmp_path / kind)
    table = tmp_path / "processes/common/publicity_period.dmn"
    table.write_bytes(
        table.read_bytes().replace(b'<inputEntry id="wuhan_i1"><text>"W"', b'<inputEntry id="wuhan_i1"><text>"B"')
    )
    result = run("check", "--json", str(tmp_path / "processes/beibei_2024"))
    assert result.exit_code == 1  # its test rows move, too
    findings = json.loads(result.stdout)
    said = {found["rule"] for found in findings if str(found["file"]).endswith("publicity_period.dmn")}
    assert said == {"dmn.overlap", "dmn.gap"}


def test_each_fault_is_named_with_file_and_element(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "one.bpmn"
    broken.write_bytes((GOOD / "rectification.bpmn").read_bytes().replace(b"serviceTask", b"scriptTask"))
    result = run("check", "--json", str(broken))
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    scripts = [found for found in findings if "scriptTask" in found["words"]]
    assert len(scripts) >= 3 and all(found["file"] == str(broken) and found["line"] for found in scripts)


def test_a_pack_whose_form_is_gone(run: Run, tmp_path: Path) -> None:
    for kind in ("processes", "forms"):
        shutil.copytree(ROOT / kind, tmp_path / kind)
    (tmp_path / "forms/beibei_2024/opinion_beibei/submit_opinion.form").unlink()
    result = run("check", str(tmp_path / "processes/beibei_2024"))
    assert result.exit_code == 1 and "submit_opinion" in result.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.form", b"{"),
        ("a.form", b"[]"),
        ("a.bpmn", b"<x"),
        ("a.bpmn", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("a.dmn", b"<definitions/>"),
        ("a.dmn", b"\xff\xfe"),
        ("a.txt", b"text"),
    ],
)
def test_what_cannot_be_read_is_a_finding(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("check", str(tmp_path / name))
    assert result.exit_code == 1 and name in result.stdout


def test_a_missing_file_and_a_folder_of_nothing(run: Run, tmp_path: Path) -> None:
    assert run("check", str(tmp_path / "none.bpmn")).exit_code == 1
    assert run("check", str(tmp_path)).exit_code == 0
    assert run("check").exit_code == 2
