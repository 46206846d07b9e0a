"""What is wrong with a diagram is found, named and refused; never a traceback, and nothing half loaded."""

from __future__ import annotations

import pytest

from app.engine import check, read
from app.errors import Invalid

from .bad import CORPUS
from .bad.by_hand import chain, plain


@pytest.mark.parametrize("name", CORPUS)
def test_is_refused_by_its_rule(name: str) -> None:
    content, rule = CORPUS[name]
    findings = check({"p.bpmn": content}, operations=["other"])
    assert rule in {finding.rule for finding in findings if finding.severity == "error"}
    assert "engine.fault" not in {finding.rule for finding in findings}
    assert all(str(finding.words) and finding.file == "p.bpmn" for finding in findings)
    with pytest.raises(Invalid):
        read({"p.bpmn": content}, operations=["other"])


def test_there_are_enough_of_them_and_no_two_are_the_same() -> None:
    assert len(CORPUS) >= 200
    assert len({content for content, _ in CORPUS.values()}) == len(CORPUS)


def test_a_good_one_has_no_finding() -> None:
    assert check({"p.bpmn": plain(), "q.bpmn": plain(id="q")}) == []
    assert check({"p.bpmn": chain(248)}) == []
