"""The rates and the list of lateness over stories whose numbers are known by hand, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import ROOT
from app.rehearsal import report
from app.rehearsal.play import play
from app.rehearsal.reading import read_file
from app.rehearsal.scenario import Scenario
from tests.databases import PostgresServer

STORIES = list(read_file(Path(__file__).with_name("stories.yaml")))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("story", STORIES, ids=range(len(STORIES)))
def test_the_numbers_are_those_counted_by_hand(story: Scenario, kind: str, request: pytest.FixtureRequest) -> None:
    url = "sqlite://"
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server._owner
    result = play(story, ROOT, url=url)
    assert result.outcome == "passed", "\n".join(report.as_text(result))
