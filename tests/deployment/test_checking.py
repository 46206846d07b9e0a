"""Findings of a whole pack: the shipped ones have no error, each spoiled place is named, nothing ever breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from app import languages
from app.definitions import checks, library
from app.deployment.checking import as_data, errors_in, findings_of, from_data
from app.errors import Finding, words
from tests.builders import ABOUT, form, small_pack, text
from tests.deployment.conftest import CHECK, PATH, WRONG

ROOT = Path(__file__).resolve().parents[2]


def rules(**files: bytes) -> set[str]:
    return {one.rule for one in errors_in(findings_of(small_pack() | files))}


def about(**changes: Any) -> dict[str, bytes]:
    return small_pack() | {"pack.yaml": yaml.safe_dump(ABOUT | changes, allow_unicode=True).encode()}


@pytest.mark.parametrize("pack", ["beibei_2024", "wuhan_2021"])
def test_the_shipped_packs_have_no_error(pack: str) -> None:
    assert errors_in(findings_of(library.read_folder(ROOT, pack))) == []
    assert errors_in(findings_of(small_pack())) == []


def test_faults_of_all_files_are_found_at_once() -> None:
    files = {PATH: WRONG, CHECK: b"[]", "pack.yaml": b"a: ["}
    found = errors_in(findings_of(small_pack() | files))
    assert {one.file for one in found} == set(files)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": None}, "id"),
        ({"regulation": 3}, "regulation"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"lanes": ["clerk"]}, "lanes"),
        ({"lanes": {"supervisor": "监督员"}}, "lanes supervisor"),
        ({"policies": {"P-01": {"zh": "登记", "en": "x", "amount": "2 2", "unit": "working_day"}}}, "policies P-01"),
        ({"policies": {"P-01": {"zh": "登记", "en": "x", "amount": -2, "unit": "working_day"}}}, "policies P-01"),
        ({"policies": {"P-01": {"zh": "登记", "en": "x", "amount": 2, "unit": "fortnight"}}}, "policies P-01"),
        ({"policies": {"P-01": {"en": "x", "amount": 2, "unit": "month"}}}, "policies P-01"),
        ({"acts": {"escalate": {"zh": "提请", "en": "x", "lane": "supervisor", "on": []}}}, "acts escalate"),
        ({"law": {"term": {"zh": "任期", "en": "term", "basis": "B-1"}}}, "law term"),
        ({"settings": "none"}, "settings"),
    ],
)
def test_the_shape_of_pack_yaml_is_said_by_section_and_key(changes: dict[str, Any], place: str) -> None:
    found = errors_in(findings_of(about(**changes)))
    assert [(one.rule, one.element) for one in found] == [("pack.shape", place)]


def test_what_no_check_foresees_is_a_finding_and_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_pack: object) -> list[Finding]:
        raise KeyError("zh")

    monkeypatch.setattr(checks, "check", broken)
    (found,) = errors_in(findings_of(small_pack()))
    assert (found.rule, found.file) == ("pack.shape", "pack.yaml") and "zh" in str(found.words)


@pytest.mark.parametrize("sign", ["\\ud800", "\\u0000"])
def test_signs_that_nothing_can_keep_are_found(sign: str) -> None:
    spoiled = form(text("opinion")).replace(b'"label": "opinion"', f'"label": "{sign}"'.encode())
    assert json.loads(spoiled) and rules(**{CHECK: spoiled}) == {"form.signs"}
    assert rules(**{"pack.yaml": small_pack()["pack.yaml"] + f'\nname: "{sign}"'.encode()}) <= {
        "pack.shape",
        "pack.yaml",
    }


def test_findings_are_kept_as_data_and_come_back() -> None:
    inner = words("{count} working days", count=3)
    one = Finding(words("“{key}” is {old} and must stay so.", key=inner, old="a\x00b"), "r", "warning", "f", "e", 7)
    back = from_data(orjson.loads(orjson.dumps(as_data(one))))
    assert str(back.words) == "“3 working days” is ab and must stay so."
    assert (back.rule, back.severity, back.file, back.element, back.line) == ("r", "warning", "f", "e", 7)


def test_a_breach_of_the_law_is_kept_in_both_languages() -> None:
    files = library.read_folder(ROOT, "wuhan_2021")
    spoiled = files["pack.yaml"].replace(b"minimum: 10", b"minimum: 1")
    (found,) = errors_in(findings_of({**files, "pack.yaml": spoiled}))
    back = from_data(orjson.loads(orjson.dumps(as_data(found))))
    assert (back.rule, back.clause) == ("law", "W-7-2")
    assert "公示期不少于10日" in languages.say(back.words, "zh") and "10 days" in languages.say(back.words, "en")
