"""5,000 completions over HTTP while processes die at any moment: nothing acknowledged is lost, nothing happens twice.

Each run writes its figures into `bench/results/prove_….json`. The controls take walls away: the same checks see it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.results import keep
from tests.databases import PostgresServer, sqlite_database
from tests.prove.proof import Proof, run

COMPLETIONS, CONTROL = 5_000, 300
SEED = 20261121
KILLS, EACH = 150, 8
"""Deaths in a run, and of them at each failpoint."""
FAILPOINTS = ("before_commit", "after_commit", "before_answer", "after_claim", "after_delivery", "after_fire")
OFTEN = "before_commit:0.02 after_commit:0.02 before_answer:0.04 after_delivery:0.02 after_send:0.1"


def proved(kind: str, folder: Path, postgres: PostgresServer, proof: Proof) -> dict[str, Any]:
    """Run it, say and keep what came of it."""
    database = postgres.database() if kind == "postgresql" else sqlite_database(folder)
    try:
        summary = run(database, folder, proof)
    finally:
        database.close()
    name = "_".join(filter(None, ("prove", kind, proof.broken)))
    print(keep(name, summary, command=f"make prove  # {Path(__file__).name}").read_text())
    return summary


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    kind: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    found = proved(kind, tmp_path, postgres, Proof(COMPLETIONS, SEED))
    assert found["first_violations"] == []
    assert found["acknowledged"] >= COMPLETIONS
    assert found["kills"] >= KILLS
    assert {name: found["deaths"].get(name, 0) for name in FAILPOINTS if found["deaths"].get(name, 0) < EACH} == {}


@pytest.mark.parametrize("broken", ["unlocked", "uncompared"])
def test_the_walls_behind_hold_alone(broken: str, tmp_path: Path, postgres: PostgresServer) -> None:
    """Without the row's lock the version is compared; without that, numbers are unique: who is late is refused."""
    found = proved("postgresql", tmp_path, postgres, Proof(CONTROL, SEED, broken=broken))
    assert found["first_violations"] == []


@pytest.mark.parametrize(
    ("broken", "kind", "seen"),
    [
        ("unguarded", "postgresql", "journal.chain"),
        ("late_letters", "sqlite", "letters"),
        ("late_letters", "postgresql", "letters"),
        ("forgotten_keys", "sqlite", "refused"),
        ("forgotten_keys", "postgresql", "refused"),
    ],
)
def test_a_wall_that_is_gone_is_missed(
    broken: str, kind: str, seen: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    found = proved(kind, tmp_path, postgres, Proof(CONTROL, SEED, broken=broken, fail_at=OFTEN, patience=15))
    assert seen in found["violated"]
