"""`verify` is silent on a sound database, and names what was broken on one that is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.cases import lifecycle
from app.cases.models import Case, Party, Task
from app.definitions.models import Release
from app.papers.models import Paper, Series
from app.proof.verify import verify
from tests.builders import NOW, Office, found_office
from tests.cases.test_turn import complete, started
from tests.databases import sqlite_database


@pytest.fixture
def running(tmp_path) -> Office:  # type: ignore[no-untyped-def]
    office = found_office(sqlite_database(tmp_path))
    first = started(office)
    complete(office, first, "clerk", {"outcome": "done"})
    complete(office, started(office), "clerk", {"outcome": "again"})
    with office.database.transaction() as db:
        lifecycle.start(db, "loop", None, by=office.actor("sup2"), at=NOW)
    return office


def faults(office: Office) -> set[str]:
    with office.database.reading() as db:
        return {fault.rule for fault in verify(db)}


def test_a_sound_database_has_no_fault(office: Office) -> None:
    complete(office, started(office), "clerk", {"outcome": "again"})
    assert faults(office) == set()


BREAKS: dict[str, Callable[[Session], object]] = {
    "case.tasks": lambda db: db.execute(update(Task).where(Task.id == 2).values(closed_at=None)),
    "case.end": lambda db: db.execute(update(Case).where(Case.id == 2).values(closed_at=NOW)),
    "journal.chain": lambda db: db.execute(update(Case).where(Case.id == 2).values(journal_seq=1)),
    "case.state": lambda db: db.execute(update(Case).where(Case.id == 2).values(state=b'{"v": 99}')),
    "case.parties": lambda db: db.execute(delete(Party).where(Party.case_id == 2)),
    "release.digest": lambda db: db.execute(update(Release).values(digest="0" * 64)),
    "release.file": lambda db: db.execute(update(Release).values(manifest={"a": "b"})),
    "paper.numbers": lambda db: db.execute(insert(Series).values(bureau_id=1, series="x", year=2026, last=1)),
    "paper.content": lambda db: db.execute(
        insert(Paper).values(
            bureau_id=1, case_id=1, code="DOC-1", number="1", title="", issued_at=NOW, readers="", content={}, sha256=""
        )
    ),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_each_break_is_named(running: Office, rule: str) -> None:
    assert faults(running) == set()
    with running.database.transaction() as db:
        BREAKS[rule](db)
    assert rule in faults(running)
