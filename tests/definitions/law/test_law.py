"""The law list: both packs keep it; whatever a line demands is taken out once, and the check names the clause."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from app import languages
from app.definitions import law, library
from app.definitions.checks import check
from app.definitions.law.rules import VERBS, law_of
from app.definitions.pack import Pack
from app.definitions.releases import parsed
from app.errors import Invalid
from tests.definitions.law.breaking import BREAKERS, broken_packs

ROOT = Path(__file__).resolve().parents[3]
PACKS = ("wuhan_2021", "beibei_2024")
LEAST = {"wuhan_2021": (22, 80), "beibei_2024": (30, 100)}
"""Clauses that are proved, and lines that prove them: both may only rise."""


@cache
def files(pack: str) -> dict[str, bytes]:
    return library.read_folder(ROOT, pack)


def whole(pack: str) -> Pack:
    return parsed(files(pack))


PROVED = [
    pytest.param(pack, number, id=f"{pack}-{number}-{line.clause}-{line.verbs[0]}")
    for pack in PACKS
    for number, line in enumerate(law_of(pack).lines)
    if line.awaits is None
]


@pytest.mark.parametrize("pack", PACKS)
def test_the_shipped_packs_keep_the_law(pack: str) -> None:
    """A line that awaits a process is due as soon as the process is there."""
    assert [str(one) for one in law.breaches(whole(pack))] == []


@pytest.mark.parametrize(("pack", "number"), PROVED)
def test_whatever_a_line_demands_is_missed_when_it_is_taken_out(pack: str, number: int) -> None:
    line = law_of(pack).lines[number]
    copies = list(broken_packs(whole(pack), files(pack), line))
    assert copies
    for one in copies:
        found = list(law.broken(one, line))
        assert found, line
        assert all((each.clause, each.rule, each.severity) == (line.clause, "law", "error") for each in found)
        assert line.clause in str(found[0]) and line.name in languages.say(found[0].words, "zh")


def test_every_verb_has_a_line_and_a_way_to_break_it() -> None:
    used = {line.verbs[0] for pack in PACKS for line in law_of(pack).lines}
    assert used == set(VERBS) and set(BREAKERS) == used - {"awaits"}


@pytest.mark.parametrize("pack", PACKS)
def test_the_list_only_grows(pack: str) -> None:
    known = law.covered(pack)
    assert (len(known.proved), known.lines) >= LEAST[pack]
    assert not set(known.proved) & set(known.awaited)


def test_a_process_that_a_clause_awaits_wants_a_line_of_its_own() -> None:
    line = law_of("wuhan_2021").lines[0].model_copy(update={"decides": None, "awaits": "publicity"})
    (found,) = law.broken(whole("wuhan_2021"), line)
    assert (found.severity, found.clause) == ("warning", line.clause)


def test_the_check_of_a_pack_is_a_check_of_the_law() -> None:
    about = yaml.safe_load(files("wuhan_2021")[library.ABOUT])
    about["policies"]["publicity"] |= {"amount": 1, "minimum": 1}
    text = yaml.safe_dump(about, allow_unicode=True).encode()
    found = [one for one in check(parsed({**files("wuhan_2021"), library.ABOUT: text})) if one.severity == "error"]
    assert {(one.clause, one.field) for one in found} == {("W-7-2", "amount"), ("W-7-2", "minimum")}


def test_no_release_carries_or_changes_the_list(tmp_path: Path) -> None:
    assert not [path for path in files("wuhan_2021") if "law" in path.rpartition("/")[2].split(".")]
    assert law_of("small").lines == ()


@pytest.mark.parametrize(
    "line",
    [
        "{clause: W-1, zh: 甲, en: a, awaits: x, setting: {name: a, values: b}}",
        "{clause: W-1, zh: 甲, en: a}",
        "{clause: W-2, zh: 甲, en: a, awaits: x}",
        "{clause: W-1, zh: 甲, en: a, demands: x}",
    ],
)
def test_a_list_that_says_nothing_clear_is_refused(line: str, tmp_path: Path) -> None:
    folder = tmp_path / "processes" / "some"
    folder.mkdir(parents=True)
    (folder / "law.yaml").write_text(f"regulation: W\nsource: 法\ntext: {{W-1: 条}}\nlines:\n  - {line}\n")
    with pytest.raises(Invalid):
        law_of("some", tmp_path)
