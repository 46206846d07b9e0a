"""Every shipped story holds, and together they visit all of the shipped processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from app import decisions
from app.config import ROOT
from app.rehearsal import report
from app.rehearsal.coverage import Coverage
from app.rehearsal.play import Result, play
from app.rehearsal.reading import read_file
from app.rehearsal.scenario import Scenario

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))
STORIES = [(file.name, scenario.document) for file in FILES for scenario in read_file(file)]
NEVER = {
    # Rules that stand for cases which the doors before them refuse.
    "rules": {"adoption_next": ["no_reason"], "opinion_route": ["left_office"]},
}
PROCESSES = {
    *("opinion_beibei", "opinion_review", "rectification", "opinion_wuhan", "forwarding", "agency_handling"),
    *("deadline_extension", "extension_by_bureau", "extension_by_agency", "publicity"),
}
pytestmark = pytest.mark.xdist_group("rehearsals")


@cache
def scenarios(file: str) -> dict[int, Scenario]:
    return {scenario.document: scenario for scenario in read_file(FOLDER / file)}


@cache
def played(file: str, document: int) -> Result:
    return play(scenarios(file)[document], ROOT)


@pytest.mark.parametrize(("file", "document"), STORIES)
def test_the_story_holds(file: str, document: int) -> None:
    result = played(file, document)
    assert result.outcome == "passed", "\n".join(report.as_text(result))


@pytest.mark.parametrize("file", [file.name for file in FILES])
def test_nothing_is_guessed_in_our_own_stories(file: str) -> None:
    assert all(scenario.strict for scenario in scenarios(file).values())


def test_the_stories_visit_every_path() -> None:
    """Each element, arrow, outcome and rule of the processes of both packs is visited by some story."""
    total = Coverage()
    for file, document in STORIES:
        total.add(played(file, document).coverage)
    assert {process for process in total.there["elements"]} >= PROCESSES
    missing = {section: groups for section, groups in total.missing().items() if groups}
    assert missing == NEVER, "\n".join(report.coverage_text(total))


@pytest.mark.parametrize(
    ("decision", "given", "value", "rule"),
    [
        ("adoption_next", {"adoption": "not_adopted", "reason": ""}, "invalid", "no_reason"),
        ("adoption_next", {"adoption": "partially_adopted", "reason": None}, "invalid", "no_reason"),
        ("opinion_route", {"regulation": "B", "author_active": False}, "refuse", "left_office"),
    ],
)
def test_the_rules_that_no_story_reaches(decision: str, given: dict[str, object], value: str, rule: str) -> None:
    [file] = ROOT.glob(f"processes/*/{decision}.dmn")
    model = decisions.read(file.read_bytes())
    outcome = model.decide(decision, given)
    assert (outcome.value, outcome.rules) == (value, (rule,))
    assert rule in NEVER["rules"][decision]
