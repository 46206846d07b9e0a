"""Titles that N-27, N-28 and N-29 reserve since 2026-02-01 are borne by papers of the organ and the government only."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from app.definitions import library
from app.definitions.checks import check
from app.rehearsal.stage import pack_files
from tests.builders import ABOUT, small_pack
from tests.cases.test_deadlines import ROOT

RESERVED = [
    ("行政执法监督督办函", "N-27"),
    ("行政执法监督意见书", "N-28"),
    ("行政执法监督决定书", "N-29"),
    ("督办函", "N-27"),
    ('=if 1 > 2 then "关于超期的督办函" else "函"', "N-27"),
]


def faults(issuer: str, **titles: Any) -> list[tuple[str, str | None, str | None]]:
    paper = {"zh": "文书", "en": "paper", "number": "〔{year}〕{seq}号", "from": issuer, **titles}
    about = {**ABOUT, "papers": {**ABOUT.get("papers", {}), "DOC-99": paper}}
    files = {**small_pack(), "pack.yaml": yaml.safe_dump(about, allow_unicode=True).encode()}
    return [(one.rule, one.element, one.clause) for one in check(library.parse(files))]


@pytest.mark.parametrize(("title", "clause"), RESERVED)
@pytest.mark.parametrize("issuer", ["author", "agency"])
def test_nobody_else_bears_a_reserved_title(issuer: str, title: str, clause: str) -> None:
    wrong = [("paper.issuer", "papers DOC-99", clause)]
    assert faults(issuer, title=title) == wrong
    assert faults(issuer, titles=[{"from": "2021-01-01", "title": title}]) == wrong
    assert (
        faults(issuer, titles=[{"from": "2021-01-01", "title": "函"}, {"from": "2027-01-01", "title": title}]) == wrong
    )


@pytest.mark.parametrize(("title", "clause"), RESERVED)
@pytest.mark.parametrize("issuer", ["bureau", "government"])
def test_the_organ_and_the_government_bear_it(issuer: str, title: str, clause: str) -> None:
    assert faults(issuer, title=title) == []


def test_a_title_that_ended_before_that_day_is_free() -> None:
    until = [{"from": "2024-06-11", "title": "行政执法监督意见书"}, {"from": "2026-02-01", "title": "监督意见书"}]
    assert faults("author", titles=until) == []
    assert faults("author", titles=[until[0], {**until[1], "from": "2026-02-02"}]) != []
    assert faults("author", title="督促办理函") == []
    assert faults("author", title="行政执法监督员监督意见书") == []


def test_the_paper_of_a_supervisor_and_the_clause_are_named() -> None:
    files = pack_files(ROOT, "beibei_2024")
    about = yaml.safe_load(files["pack.yaml"])
    del about["papers"]["DOC-12"]["titles"][-1]
    (found,) = check(library.parse({**files, "pack.yaml": yaml.safe_dump(about, allow_unicode=True).encode()}))
    assert found.severity == "error" and "N-28" in str(found.words) and "DOC-12" in str(found.words)
