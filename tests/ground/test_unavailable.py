"""A database that is locked or gone is said as that: try again, nothing was changed; never a fault of the reader."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app import db as database_room
from app.assembly import open_database
from app.errors import Unavailable
from tests.databases import KEYS, sqlite_database
from tests.web.conftest import Base, base, copied  # noqa: F401 - the fixture


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_room, "LOCK_WAIT_MS", 50)


def test_a_lock_that_is_not_given_up(impatient: None, tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), database.transaction() as db:
        db.execute(text("DELETE FROM draft"))
    other.execute("ROLLBACK")
    with database.transaction() as db:
        db.execute(text("DELETE FROM draft"))
    database.close()


def test_no_server_at_all(tmp_path: Path) -> None:
    nobody = open_database(f"postgresql://nobody@/none?host={tmp_path}", KEYS)
    with pytest.raises(Unavailable), nobody.reading() as db:
        db.execute(text("SELECT 1"))
    nobody.close()


def test_who_sends_meanwhile_is_told_to_try_again(impatient: None, base: Base, tmp_path: Path) -> None:  # noqa: F811
    world = copied(base, tmp_path)
    clerk = world.as_("clerk")
    other = sqlite3.connect(str(world.database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = clerk.send("/start/opinion_beibei", {"answers": {}, "key": None})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert answer.json["kind"] == "unavailable" and "稍后再试" in answer.json["detail"]
    assert clerk.get("/inbox/todo").status_code == 200  # reading goes on
    other.execute("ROLLBACK")
    assert clerk.send("/start/opinion_beibei", {"answers": {}, "key": None}).status_code != 503
    world.database.close()
