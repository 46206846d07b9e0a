"""The kill proof in small, so that no change goes by without it; `make prove` runs it whole."""

from __future__ import annotations

from pathlib import Path

from tests.databases import sqlite_database
from tests.prove.proof import Proof, run

FAIL_AT = "before_commit:0.02 after_commit:0.02 before_answer:0.02 after_delivery:0.02"


def test_processes_that_die_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    found = run(database, tmp_path, Proof(150, seed=1, fail_at=FAIL_AT, lives=(0.1, 0.4)))
    database.close()
    assert found["first_violations"] == []
    assert found["acknowledged"] >= 150
    assert found["kills"] >= 10, found
