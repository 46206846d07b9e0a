"""`rehearse`: exit 0, 1 or 2, text for people and one JSON object a scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.rehearsal.stories import pack_on_disk

STORY = """
title: 一
pack: small
clock: 2026-03-02T09:00:00+08:00
steps:
  - {start: opinion, by: sup1, with: {title: 程序}}
  - expect: {status: STATUS}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return pack_on_disk(tmp_path / "packs")


def story(folder: Path, status: str, name: str = "s.yaml") -> str:
    path = folder / name
    path.write_text(STORY.replace("STATUS", status))
    return str(path)


def test_a_story_that_holds(run: Run, packs: Path, tmp_path: Path) -> None:
    result = run("rehearse", "--packs", str(packs), story(tmp_path, "submitted"))
    assert result.exit_code == 0 and result.stdout.startswith("holds: 一")


def test_a_story_that_differs(run: Run, packs: Path, tmp_path: Path) -> None:
    result = run("rehearse", "--packs", str(packs), story(tmp_path, "closed"))
    assert result.exit_code == 1 and "['closed'] expected" in result.stdout


@pytest.mark.parametrize("content", ["title: x", "a: [", STORY + "    sped: 3\n", STORY.replace("small", "none")])
def test_a_file_that_is_wrong(run: Run, packs: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "w.yaml").write_text(content)
    good = story(tmp_path, "submitted")
    assert run("rehearse", "--packs", str(packs), str(tmp_path / "w.yaml"), good).exit_code == 2
    assert run("rehearse", "--packs", str(packs), "none.yaml").exit_code == 2


def test_json_is_one_object_a_scenario(run: Run, packs: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(STORY.replace("STATUS", "submitted") + "---" + STORY.replace("STATUS", "closed"))
    result = run("rehearse", "--json", "--packs", str(packs), str(path))
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (result.exit_code, first["outcome"], second["outcome"]) == (1, "passed", "failed")
    assert [step["step"] for step in first["steps"]] == ["start opinion", "expect"]
    assert first["steps"][0]["happened"][0]["kind"] == "case.started"
    assert second["steps"][1]["differences"] and first["steps"][1]["differences"] == []
    assert set(first["coverage"]["visited"]) >= {"elements", "flows"}


def test_the_journal_as_the_story_goes(run: Run, packs: Path, tmp_path: Path) -> None:
    result = run("rehearse", "--trace", "--coverage", "--packs", str(packs), story(tmp_path, "submitted"))
    assert "opinion  task.opened  check" in result.stdout and "elements:" in result.stdout


def test_a_database_of_its_own_is_left_empty(run: Run, packs: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    for _ in range(2):
        assert run("rehearse", "--database", url, "--packs", str(packs), story(tmp_path, "submitted")).exit_code == 0


def test_a_database_in_use_is_left_alone(run: Run, packs: Path, tmp_path: Path) -> None:
    assert run("migrate").exit_code == 0
    url = f"sqlite:///{tmp_path / 'var/duban.db'}"
    result = run("rehearse", "--database", url, "--packs", str(packs), story(tmp_path, "submitted"))
    assert result.exit_code == 1 and run("verify").exit_code == 0
