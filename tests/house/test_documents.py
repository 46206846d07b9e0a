"""What the documents say of the system is so: settings, rooms, files that they name."""

from __future__ import annotations

import re

from app.cli import main
from app.config import Settings
from tests.house.source import ROOT, python_files

DOCUMENTS = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md"]


def test_every_setting_is_explained() -> None:
    guide = (ROOT / "docs/guides/settings.md").read_text()
    explained = set(re.findall(r"`DUBAN_(\w+)`", guide))
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_command_is_explained() -> None:
    guide = (ROOT / "docs/guides/commands.md").read_text()
    assert set(re.findall(r"^\| `duban (\w+)`", guide, re.MULTILINE)) == set(main.commands)


def test_every_room_is_on_the_plan() -> None:
    plan = (ROOT / "docs/architecture.md").read_text()
    rooms = {path.relative_to(ROOT / "app").parts[0].removesuffix(".py") for path in python_files()} - {"__init__"}
    missing = {room for room in rooms if f"app.{room}" not in plan}
    assert not missing


def test_every_file_that_a_document_names_is_there() -> None:
    named = re.compile(r"`((?:app|docs|tests|processes|forms|frontend|scripts|bench|deploy|migrations)/[\w./-]+)`")
    gone = {
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in named.findall(document.read_text())
        if not (ROOT / path).exists()
    }
    assert not gone


def test_what_a_benchmark_kept_names_no_place_of_a_machine() -> None:
    results = sorted((ROOT / "bench/results").glob("*.json"))
    assert len(results) > 8
    place = re.compile(r'[\s"=]/(?:tmp|root|home|work|usr|var|Users|opt)/')
    assert not [path.name for path in results if place.search(path.read_text())]


def test_every_document_has_words_for_people() -> None:
    assert len(DOCUMENTS) > 8
    assert not [document.name for document in DOCUMENTS if len(document.read_text()) < 200]
