"""10,000 notices to a receiver that fails three in ten, by senders that are killed: all arrive, few of them twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.notify import administration
from app.notify.models import Delivery
from app.notify.outbox import Notice, NoticeRow
from app.notify.quiet import Quiet
from tests.builders import found_office
from tests.databases import PostgresServer, sqlite_database
from tests.notify.desk import TEN, Desk, desk_of
from tests.notify.receivers import failing, webhook
from tests.prove.senders import Plan

NOTICES = int(os.environ.get("DUBAN_PROVE_NOTICES", "10000"))
RATE = 0.3
MOST_ROUNDS = 60
PAUSE = timedelta(hours=8)
"""Between two rounds all senders are dead, so that the clock may jump beyond every pause and lease."""
RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An office with one webhook, in which nobody sleeps."""
    if request.param == "sqlite":
        database = sqlite_database(tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        database = server.database()
    made = desk_of(found_office(database))
    for who in made.office.people:
        made.choose(who, quiet=Quiet(0, 0))
    yield made
    database.close()


def told(desk: Desk, count: int) -> None:
    """So many notices, each of its own, to the people of the office in turn."""
    people = sorted(desk.office.people.values())
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        desk.tell(*(Notice("result", person_id=people[one % len(people)], data={"n": one}) for one in numbers))


def waiting(database: Database) -> int:
    with database.reading() as db:
        open_ones = select(func.count(Delivery.id)).where(Delivery.state.in_(("waiting", "sending")))
        return (db.scalar(open_ones) or 0) + (
            db.scalar(select(func.count(NoticeRow.id)).where(NoticeRow.spread_at.is_(None))) or 0
        )


def rounds(desk: Desk, *, most: int = MOST_ROUNDS, **plan: Any) -> dict[str, Any]:
    """Senders at one instant after the other, until nothing waits."""
    url, said, number = desk.database.engine.url.render_as_string(hide_password=False), Counter[str](), 0
    begun, revived, at = time.monotonic(), 0, desk.now
    while number < most and (waiting(desk.database) or number == 0):
        text = Plan(url, at.isoformat(), seed=number + 1, **plan).text()
        done = subprocess.run(
            [sys.executable, "-m", "tests.prove.senders", text], stdout=subprocess.PIPE, text=True, check=True
        )
        said.update(done.stdout.split())
        number, at = number + 1, at + PAUSE
        revived += _revive(desk, at) if not waiting(desk.database) else 0
    return {"rounds": number, "seconds": round(time.monotonic() - begun, 1), "revived": revived, "said": dict(said)}


def _revive(desk: Desk, at: datetime) -> int:
    """What was given up after ten tries is tried again by the administrator's button."""
    if not any(state == "dead" for state in desk.states()):
        return 0
    with desk.database.transaction() as db:
        return administration.revive(db, desk.channel().ref, by=desk.office.actor("admin"), at=at)


def test_all_arrive_and_none_twice_beyond_one_a_kill(desk: Desk) -> None:
    with webhook(answer=failing(RATE, seed=3)) as hook:
        desk.open_hook(hook.address)
        told(desk, NOTICES)
        seen = rounds(desk)
    kills = seen["said"].get("killed", 0)
    ids = {row.ref for row in desk.deliveries()}
    twice = sum(count - 1 for count in hook.taken.values())
    states = Counter(desk.states())
    figures = {
        "database": desk.database.engine.dialect.name,
        "notices": NOTICES,
        "fails": RATE,
        "requests": hook.asked,
        "arrived": len(hook.taken),
        "twice": twice,
        "kills": kills,
        **seen,
        "states": dict(states),
        "date": datetime.now(UTC).date().isoformat(),
    }
    (RESULTS / f"notices_{figures['database']}.json").write_text(json.dumps(figures, indent=1) + "\n")
    assert set(hook.taken) == ids and len(ids) == NOTICES
    assert states == {"sent": NOTICES}
    assert kills > 0 and twice <= kills, figures
    assert "died" not in seen["said"]


def test_the_proof_sees_messages_that_are_never_marked(tmp_path: Path) -> None:
    desk = desk_of(found_office(sqlite_database(tmp_path)))
    with webhook() as hook:
        desk.open_hook(hook.address)
        told(desk, 20)
        seen = rounds(desk, most=2, lives=None, processes=1, broken="never marked")
    assert sum(count - 1 for count in hook.taken.values()) > seen["said"].get("killed", 0)
    assert desk.now == TEN
