"""Deadlines of agencies side by side: each has its own, and the one operation moves one of them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app import journal
from app.cases import drafts as kept
from app.cases import locking
from app.cases.models import Draft, Task, Timer
from app.cases.turn import turn
from app.clock import OFFICE_ZONE
from app.config import ROOT
from app.db import Database
from app.errors import NotFound
from app.limits.deadlines import Deadline
from app.notify.outbox import NoticeRow
from app.rehearsal import steps
from app.rehearsal.reading import read_file
from app.rehearsal.stage import Stage, pack_files, staged

STORY = ROOT / "tests" / "processes" / "wuhan_follow_up.yaml"
AT = datetime(2026, 2, 24, 9, tzinfo=OFFICE_ZONE)
LATER = date(2026, 3, 13)


@pytest.fixture
def stage():  # type: ignore[no-untyped-def]
    """An opinion of Wuhan that two agencies have assigned to their handlers, both due on 9 March."""
    story = read_file(STORY)[0]
    with staged(story, pack_files(ROOT, story.pack)) as found:
        for step in story.steps[:8]:
            steps.do(found, step)
        with found.database.transaction() as db:
            task = task_of(db, found, "urban")
            kept.save(db, task.ref, {"result": "半截"}, by=found.actor(db, "urban_handler"), at=AT)
        yield found


def task_of(db, stage: Stage, agency: str) -> Task:  # type: ignore[no-untyped-def]
    place = stage.places[agency]
    query = select(Task).where(Task.element == "investigate_and_draft", Task.organisation_id == place)
    return db.scalars(query).one()


def answers(found: list[Deadline]) -> dict[str | None, Deadline]:
    return {one.org: one for one in found if one.key == "answer_due"}


def change(stage: Stage, agency: str, new: date) -> None:
    with stage.database.transaction() as db:
        held = locking.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=stage.actor(db, "head"), at=AT) as progress:
            progress.move(answers(progress.deadlines())[agency], new, why="延期")


def rows(database: Database, what):  # type: ignore[no-untyped-def]
    with database.reading() as db:
        return db.execute(what).all()


def test_each_agency_has_its_own(stage: Stage) -> None:
    with stage.database.transaction() as db:
        held = locking.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with turn(db, held, by=None, at=AT) as progress:
            found = progress.deadlines()
        tasks = {agency: task_of(db, stage, agency).work_id for agency in ("urban", "market")}
    mine = answers(found)
    assert {org: one.work_id for org, one in mine.items()} == tasks
    assert {(one.policy, one.counted_from, one.due) for one in mine.values()} == {
        ("P-05", date(2026, 2, 10), date(2026, 3, 9))
    }
    assert mine["urban"].scope != mine["market"].scope
    assert {one.key for one in found} == {"answer_due", "return_until"}


def test_only_one_branch_is_moved_and_nobody_loses_anything(stage: Stage) -> None:
    everything = select(Timer.case_id, Timer.timer_id, Timer.element, Timer.due)
    with stage.database.reading() as db:
        before = {agency: task_of(db, stage, agency) for agency in ("urban", "market")}
        timers = set(db.execute(everything).all())
        drafts = db.execute(select(Draft.task_id, Draft.answers)).all()
    change(stage, "urban", LATER)
    with stage.database.reading() as db:
        after = {agency: task_of(db, stage, agency) for agency in ("urban", "market")}
    assert {agency: task.due for agency, task in after.items()} == {"urban": LATER, "market": date(2026, 3, 9)}
    for agency, task in after.items():
        assert (task.id, task.ref, task.holder_id) == (before[agency].id, before[agency].ref, before[agency].holder_id)
    assert after["market"].revision == before["market"].revision
    assert rows(stage.database, select(Draft.task_id, Draft.answers)) == drafts
    now = set(rows(stage.database, everything))
    assert sorted(row.element for row in now - timers) == ["due_at", "remind_at", "report_at"]
    assert {row.due.date() for row in now - timers if row.element == "due_at"} == {date(2026, 3, 14)}
    assert len(now) == len(timers)


def test_it_is_journaled_and_told(stage: Stage) -> None:
    change(stage, "urban", LATER)
    with stage.database.reading() as db:
        entries = journal.entries_of(db, stage.cases.known[0].id)
        told = db.scalars(select(NoticeRow).where(NoticeRow.about == "deadline_changed")).all()
    (entry,) = [entry for entry in entries if entry.kind == "deadline.changed"]
    said = {"key": "answer_due", "old": "2026-03-09", "new": "2026-03-13"}
    assert {key: entry.data[key] for key in (*said, "why", "org")} == {**said, "why": "延期", "org": "urban"}
    assert {notice.person_id for notice in told} == {stage.people["urban_handler"], stage.people["sup1"]}
    assert all(notice.data.items() >= said.items() for notice in told)


def test_a_date_that_stays_is_no_change(stage: Stage) -> None:
    change(stage, "urban", date(2026, 3, 9))
    with stage.database.reading() as db:
        entries = journal.entries_of(db, stage.cases.known[0].id)
    assert "deadline.changed" not in {entry.kind for entry in entries}


def test_a_branch_that_has_ended_has_no_deadline(stage: Stage) -> None:
    with stage.database.transaction() as db:
        held = locking.lock_case(db, stage.cases.known[0].id)
        assert held is not None
        with pytest.raises(NotFound), turn(db, held, by=None, at=AT) as progress:
            gone = answers(progress.deadlines())["urban"]
            progress.move(Deadline(**{**vars(gone), "scope": 7}), LATER, why="延期")
