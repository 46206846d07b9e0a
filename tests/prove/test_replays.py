"""Every shipped story, replayed from its journals: the same path, tasks, timers, status and facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import ROOT
from app.proof.replay import replay
from app.rehearsal import play
from app.rehearsal.reading import read_file
from app.rehearsal.stage import staged

FILES = sorted((ROOT / "tests" / "processes").glob("*.yaml"))
FROM_OUTSIDE = ("the message None", "the message supervisor_status_changed")
"""What stories bring in from nowhere: a called process begun alone, the word of the register that an office ended."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_stories_replay(file: Path) -> None:
    for scenario in read_file(file):
        with staged(scenario, play.pack_files(ROOT, scenario.pack), url=play.IN_MEMORY) as stage:
            play._play_all(stage, play.Result(scenario), None)
            with stage.database.reading() as db:
                found = replay(db)
        assert found.faults == ()
        assert [case for case in found.left_out if not any(known in case for known in FROM_OUTSIDE)] == []
