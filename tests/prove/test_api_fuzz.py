"""The long run of the contract (safety.md, fault 19): 10,000 made-up requests by every role, nothing undescribed."""

from __future__ import annotations

from pathlib import Path

from tests.databases import sqlite_database
from tests.web.api import fuzzing
from tests.web.api.scripts import PLENTY
from tests.web.world import make_world

CASES = 10_000
EXAMPLES = 4
FIRST_SEED = 20_261_121


def test_ten_thousand_requests_keep_every_promise(tmp_path: Path) -> None:
    world = make_world(sqlite_database(tmp_path), tmp_path, api_calls_a_minute=PLENTY)
    stage = fuzzing.staged(world)
    start = FIRST_SEED
    while sum(stage.asked.values()) < CASES:
        for operation in stage.operations():
            fuzzing.fuzz(stage, operation, fuzzing.ROLES, examples=EXAMPLES, start=start)
        start += 1
    print(f"{sum(stage.asked.values())} requests, seeds {FIRST_SEED} to {start - 1}, answers {dict(stage.answered)}")
    assert not stage.answered[500]
    assert set(stage.asked) == {operation.label for operation in stage.operations()}
    world.database.close()
