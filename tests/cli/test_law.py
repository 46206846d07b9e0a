"""`check` on the real files of both packs, spoiled as an owner might: the clause is named, in the reader's language."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import ROOT
from tests.cli.conftest import Run

Change = Callable[[str], str]


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return change


def optional(field: str) -> Change:
    """A form in which a field need not be answered."""

    def change(text: str) -> str:
        form = json.loads(text)
        for one in form["components"]:
            if one.get("key") == field:
                one["validate"].pop("required")
        return json.dumps(form, ensure_ascii=False)

    return change


def redirected(source: str, old: str, new: str) -> Change:
    """A diagram whose flow leads past a step."""
    return lambda text: re.sub(rf'(sourceRef="{source}" targetRef=)"{old}"', rf'\1"{new}"', text)


WUHAN, BEIBEI = "wuhan_2021", "beibei_2024"


@pytest.mark.parametrize(
    ("pack", "file", "change", "clause"),
    [
        (WUHAN, "processes/wuhan_2021/pack.yaml", replaced("minimum: 10", "minimum: 1"), "W-7-2"),
        (
            BEIBEI,
            "processes/beibei_2024/pack.yaml",
            replaced("amount: 5, unit: working_day", "amount: 5, unit: calendar_day"),
            "B-7-2",
        ),
        (
            WUHAN,
            "processes/wuhan_2021/opinion_wuhan.bpmn",
            redirected("supplement_opinion", "register_opinion", "list_agencies"),
            "W-14b",
        ),
        (
            WUHAN,
            "processes/wuhan_2021/pack.yaml",
            replaced("author: {from: [agency]}", "author: {from: [public]}"),
            "W-11-3",
        ),
        (
            BEIBEI,
            "processes/common/agency_handling.bpmn",
            replaced('duban:notSameAs="investigate_and_draft"', ""),
            "B-14a",
        ),
        (BEIBEI, "forms/beibei_2024/agency_handling/investigate_and_draft.form", optional("reason"), "B-14c"),
        (
            BEIBEI,
            "forms/beibei_2024/opinion_review/explain_reasons.form",
            replaced('"minLength": 20', '"minLength": 1'),
            "B-16e",
        ),
    ],
)
def test_a_spoiled_pack_is_refused_with_the_clause(
    run: Run, tmp_path: Path, pack: str, file: str, change: Change, clause: str
) -> None:
    for kind in ("processes", "forms"):
        shutil.copytree(ROOT / kind, tmp_path / kind)
    place = tmp_path / file
    before = place.read_text()
    place.write_text(change(before))
    assert place.read_text() != before
    result = run("check", "--json", "--language", "zh", str(tmp_path / "processes" / pack))
    assert result.exit_code == 1
    errors = [one for one in json.loads(result.stdout) if one["severity"] == "error"]
    assert clause in {one["clause"] for one in errors if one["rule"] == "law"}
    assert any(f"{clause} 要求：" in one["words"] for one in errors)


def test_the_check_says_how_much_of_the_law_it_proves(run: Run) -> None:
    said = run("check", "--law", "--language", "en", str(ROOT / "processes" / WUHAN)).stdout
    assert re.search(r"wuhan_2021: \d+ lines prove \d+ clauses; \d+ clauses await a process: W-4-1 ", said)
