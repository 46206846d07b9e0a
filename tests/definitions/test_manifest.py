"""pack.yaml as a type: what is wrong with it is said with file, line, section and key; partial files are read too."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.definitions import library, marked, sections
from app.definitions.checks import check
from app.errors import Finding, Invalid, NotFound
from tests.builders import ABOUT, small_pack

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = """\
id: small
name: 小
regulation: B
effective_from: 2020-01-01
lanes:
  clerk: {zh: 经办人, en: clerk}
policies:
  P-01:
    zh: 登记
    en: register
    amount: 2
    unit: working_day
papers:
  DOC-1:
    zh: 函
    en: letter
    number: 〔{year}〕{seq}号
    body: [一]
"""


def faults(text: str, *, partial: bool = False) -> list[tuple[str | None, str | None, int | None]]:
    source = sections.read_mapping(text.encode(), "pack.yaml")
    return [(one.element, one.field, one.line) for one in sections.faults_of(source, "pack.yaml", partial=partial)]


def changed(old: str, new: str) -> str:
    assert old in WRITTEN
    return WRITTEN.replace(old, new)


def test_a_right_file_is_a_manifest_with_ids() -> None:
    assert faults(WRITTEN) == []
    manifest = sections.read_manifest(sections.read_mapping(WRITTEN.encode(), "pack.yaml"), "pack.yaml")
    assert manifest.policies["P-01"].id == "P-01" and manifest.lanes["clerk"].name_en == "clerk"
    assert manifest.papers["DOC-1"].template() == {
        "zh": "函", "en": "letter", "number": "〔{year}〕{seq}号", "body": ["一"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("name: 小", "nam: 小\nname: 小", ("nam", None, 2)),
        ("    amount: 2", "    amount: two", ("policies P-01", "amount", 11)),
        ("    amount: 2", "    amount: 2\n    amont: 3", ("policies P-01", "amont", 12)),
        ("    unit: working_day", "    unit: fortnight", ("policies P-01", "unit", 12)),
        ("    amount: 2\n", "", ("policies P-01", None, 8)),
        ("    body: [一]", "    body: 一", ("papers DOC-1", "body", 18)),
        ("    body: [一]", "    body: [一]\n    reader: bureau", ("papers DOC-1", "reader", 19)),
        ("    body: [一]", "    body:\n      - 一\n      - 2", ("papers DOC-1", "body.1", 18)),
        ("{zh: 经办人, en: clerk}", "{zh: 经办人, en: ''}", ("lanes clerk", "en", 6)),
        ("2020-01-01", "soon", ("effective_from", None, 4)),
        ("lanes:", "settings: {clock_stop: maybe}\nlanes:", ("settings clock_stop", None, 5)),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, where: tuple[str, str | None, int]) -> None:
    assert faults(changed(old, new)) == [where]


def test_a_file_that_another_completes_may_lack_what_the_other_has_but_not_err() -> None:
    assert faults("policies: {P-01: {amount: 3}}", partial=True) == []
    assert faults("policies: {P-01: {amount: x}}", partial=True) == [("policies P-01", "amount", 1)]


def test_a_partial_file_on_disk_is_named_by_its_own_path_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "processes"
    for pack, text in {"base": "id: base\nname: 基\nlanez: {}\n", "small": WRITTEN + "extends: [base]\n"}.items():
        (folder / pack).mkdir(parents=True)
        (folder / pack / "pack.yaml").write_text(text)
    with pytest.raises(Invalid) as refused:
        library.read_folder(tmp_path, "small")
    assert [(one.file, one.line) for one in refused.value.findings] == [("processes/base/pack.yaml", 3)]
    with pytest.raises(NotFound):
        library.read_folder(tmp_path, "none")


def unreadable(text: str) -> Finding:
    with pytest.raises(Invalid) as refused:
        sections.read_mapping(text.encode(), "pack.yaml")
    (found,) = refused.value.findings
    return found


def test_yaml_that_cannot_be_meant_is_refused() -> None:
    assert unreadable("a: 1\nb: 2\na: 3").line == 3
    assert "stands twice" in str(unreadable("a: 1\na: 3"))
    assert unreadable("").words.msgid == "This file is empty."
    assert unreadable("- a").words.msgid == "This file is empty."
    doubled = "\n".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9 if n else ["x"]) + "]" for n in range(9))
    assert "more than" in str(unreadable(doubled))
    assert "recursive" in str(unreadable("a: &a\n  b: *a"))


def test_what_a_merge_key_brings_may_be_overridden_and_has_no_line_of_its_own() -> None:
    (found,) = marked.documents(b"a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n", "x.yaml")
    assert found["b"] == {"x": 1, "y": 3}
    assert (marked.line_of(found, ("b", "y")), marked.line_of(found, ("b", "x"))) == (4, 2)


@pytest.mark.parametrize(
    ("section", "row", "element", "rule"),
    [
        ("acts", {"zh": "x", "en": "x", "on": "loop", "lane": "supervisor", "form": "check", "when": "=("}, "acts a",
         "pack.expression"),
        ("papers", {"zh": "x", "en": "x", "number": "1", "fields": {"due": "=("}}, "a", "paper.expression"),
        ("papers", {"zh": "x", "en": "x", "number": "1", "title": "=("}, "a", "paper.expression"),
        ("confidential", {"from": ["agency"], "when": "=("}, "confidential a", "pack.expression"),
    ],
)  # fmt: skip
def test_expressions_of_pack_yaml_are_read_before_a_case_needs_them(
    section: str, row: dict, element: str, rule: str
) -> None:
    about = yaml.safe_dump({**ABOUT, section: {"a": row}}, allow_unicode=True).encode()
    found = check(library.parse({**small_pack(), "pack.yaml": about}))
    assert [(one.rule, one.element) for one in found] == [(rule, element)]
