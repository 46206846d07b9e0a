"""Days laid over the calendar: seen before they are confirmed, counted by branch, kept where shorter, resumable."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app import jobs, journal
from app.calendar.given import Named
from app.cases import previews, recounting
from app.cases.locking import lock_case
from app.cases.models import Case
from app.cases.turn import turn
from app.clock import OFFICE_ZONE
from app.db import Database
from app.definitions.releases import open_release
from app.errors import Conflict, Invalid, NotAllowed
from app.limits import calendars, policies
from app.limits.calendars import DayChange
from app.limits.models import DayImport, DayRow
from app.limits.rules import calendar_of
from app.notify.outbox import NoticeRow
from app.people.models import Organisation
from app.registers.kept.deadline_reviews import DeadlineReview
from tests.builders import NOW, Office
from tests.cases.sending import dues, send, sending_office, timers

WEDNESDAY = date(2026, 3, 4)
FREE = DayChange({WEDNESDAY: Named(worked=False, name="停电")}, why="停电通知")


@pytest.fixture
def sending(database: Database) -> Office:
    return sending_office(database)


def lay(office: Office, change: DayChange, *, at: datetime = NOW, seen: previews.Preview | None = None) -> int:
    """Lay the days and count to the end; how many deadlines have moved."""
    with office.database.transaction() as db:
        previews.lay(db, change, by=office.actor("admin"), at=at, seen=seen)
    return recounting.finish(office.database, at)


def previewed(office: Office, change: DayChange) -> previews.Preview:
    with office.database.reading() as db:
        return previews.preview(db, change, by=office.actor("admin"), at=NOW)


def changes(office: Office, case_id: int) -> list[tuple[str, str, str]]:
    with office.database.reading() as db:
        found = [one for one in journal.entries_of(db, case_id) if one.kind == "deadline.changed"]
        return [(one.data["old"], one.data["new"], one.data["why"]) for one in found]


def test_each_branch_is_counted_by_its_own_limit(sending: Office) -> None:
    case_id = send(sending)
    assert dues(sending, case_id) == ["2026-03-04", "2026-03-09"]
    seen = previewed(sending, FREE)
    assert [(move.kept.isoformat(), move.computed.isoformat()) for move in seen.later] == [
        ("2026-03-04", "2026-03-05"),
        ("2026-03-09", "2026-03-10"),
    ]
    assert {move.lanes for move in seen.moves} == {("bureau_clerk",)}
    assert dues(sending, case_id) == ["2026-03-04", "2026-03-09"], "a preview writes nothing"
    assert lay(sending, FREE, seen=seen) == 2
    assert dues(sending, case_id) == ["2026-03-05", "2026-03-10"]
    assert timers(sending, case_id) == ["2026-03-06", "2026-03-11"]
    assert changes(sending, case_id) == [
        ("2026-03-04", "2026-03-05", "calendar"),
        ("2026-03-09", "2026-03-10", "calendar"),
    ]


def test_only_the_branch_that_a_day_touches_moves(sending: Office) -> None:
    case_id = send(sending)
    assert lay(sending, DayChange({date(2026, 3, 6): Named(worked=False)}, why="停电")) == 1
    assert dues(sending, case_id) == ["2026-03-04", "2026-03-10"]


def test_who_has_the_task_is_told(sending: Office) -> None:
    send(sending)
    lay(sending, FREE)
    with sending.database.reading() as db:
        told = [row for row in db.scalars(select(NoticeRow)) if row.about == "deadline_changed"]
    assert {(row.lane, row.data["new"]) for row in told} == {
        ("bureau_clerk", "2026-03-05"),
        ("bureau_clerk", "2026-03-10"),
    }


def test_a_deadline_that_would_become_shorter_is_kept_and_listed(sending: Office) -> None:
    case_id = send(sending)
    saturday = DayChange({date(2026, 3, 7): Named(worked=True)}, why="调休")
    seen = previewed(sending, saturday)
    assert [(move.kept.isoformat(), move.computed.isoformat()) for move in seen.shorter] == [
        ("2026-03-09", "2026-03-07")
    ]
    assert lay(sending, saturday) == 0
    assert dues(sending, case_id) == ["2026-03-04", "2026-03-09"]
    with sending.database.reading() as db:
        row = db.scalars(select(DeadlineReview)).one()
        made = db.scalars(select(DayImport)).one()
    assert (row.kept.isoformat(), row.computed.isoformat()) == ("2026-03-09", "2026-03-07")
    assert (made.moved, made.kept, made.finished_at) == (0, 1, NOW)


def test_what_is_applied_is_what_was_seen(sending: Office) -> None:
    send(sending)
    seen = previewed(sending, FREE)
    other = DayChange({**FREE.days, date(2026, 3, 5): Named(worked=False)}, why="停电")
    with pytest.raises(Conflict, match="moved on"), sending.database.reading() as db:
        previews.preview(db, other, by=sending.actor("admin"), at=NOW, digest=seen.digest)
    send(sending)
    with pytest.raises(Conflict, match="moved on"):
        lay(sending, FREE, seen=seen)
    with sending.database.reading() as db:
        assert db.scalar(select(DayRow.id)) is None
    lay(sending, DayChange({date(2026, 3, 30): Named(worked=False)}, why="停电"))
    assert lay(sending, FREE, seen=previewed(sending, FREE)) == 4


def test_a_turn_that_changes_no_deadline_does_not_spoil_a_preview(sending: Office) -> None:
    case_id = send(sending)
    seen = previewed(sending, FREE)
    with sending.database.transaction() as db, turn(db, lock_case(db, case_id), by=None, at=NOW):
        pass
    assert lay(sending, FREE, seen=seen) == 2


def test_another_import_in_between_asks_for_a_new_preview(sending: Office) -> None:
    send(sending)
    seen = previewed(sending, FREE)
    lay(sending, DayChange({date(2026, 3, 30): Named(worked=False)}, why="停电"))
    with pytest.raises(Conflict, match="moved on"):
        lay(sending, FREE, seen=seen)


def test_counting_stops_when_its_time_is_over_and_goes_on_later(sending: Office) -> None:
    first, second = send(sending), send(sending)
    with sending.database.transaction() as db:
        previews.lay(db, FREE, by=sending.actor("admin"), at=NOW)
    assert recounting.finish_within(sending.database, NOW, seconds=-1) == (2, False)
    assert (dues(sending, first)[0], dues(sending, second)[0]) == ("2026-03-05", "2026-03-04")
    assert recounting.finish_within(sending.database, NOW, seconds=60) == (2, True)


def test_an_import_that_was_interrupted_is_taken_up_again(sending: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = send(sending), send(sending)
    with sending.database.transaction() as db:
        previews.lay(db, FREE, by=sending.actor("admin"), at=NOW)
    real = recounting._go_on
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(recounting, "_go_on", _once_then_die(real))
        recounting.finish(sending.database, NOW)
    assert dues(sending, first) == ["2026-03-05", "2026-03-10"]
    assert dues(sending, second) == ["2026-03-04", "2026-03-09"]
    assert recounting.finish(sending.database, NOW) == 2
    assert dues(sending, second) == ["2026-03-05", "2026-03-10"]
    assert len(changes(sending, first)) == len(changes(sending, second)) == 2


def _once_then_die(real):  # type: ignore[no-untyped-def]
    calls = []

    def go_on(db, import_id, *, at):  # type: ignore[no-untyped-def]
        if calls:
            raise KeyboardInterrupt
        calls.append(import_id)
        return real(db, import_id, at=at)

    return go_on


def test_counting_again_moves_nothing_twice(sending: Office) -> None:
    case_id = send(sending)
    lay(sending, FREE)
    with sending.database.transaction() as db:
        ref = db.scalars(select(DayImport.ref)).one()
        recounting.again(db, ref, by=sending.actor("admin"))
    assert recounting.finish(sending.database, NOW) == 0
    assert dues(sending, case_id) == ["2026-03-05", "2026-03-10"]


def test_a_case_that_cannot_be_counted_holds_up_nobody(sending: Office) -> None:
    broken, sound = send(sending), send(sending)
    with sending.database.transaction() as db:
        whole = db.scalars(select(Case.state).where(Case.id == broken)).one()
        db.execute(update(Case).where(Case.id == broken).values(state=b"{}"))
    assert lay(sending, FREE) == 2
    assert dues(sending, sound) == ["2026-03-05", "2026-03-10"]
    with sending.database.transaction() as db:
        made = db.scalars(select(DayImport)).one()
        assert made.failed == [broken]
        db.execute(update(Case).where(Case.id == broken).values(state=whole))
        recounting.again(db, made.ref, by=sending.actor("admin"))
    assert recounting.finish(sending.database, NOW) == 2
    assert dues(sending, broken) == ["2026-03-05", "2026-03-10"]


def test_a_running_deadline_is_counted_by_the_limit_of_its_time(sending: Office) -> None:
    case_id = send(sending)
    with sending.database.transaction() as db:
        pack = open_release(db, db.scalars(select(Case.release_id).where(Case.id == case_id)).one())
        policies.change(db, pack, "P-01", "9", "试行更长时限", before="2", by=sending.actor("owner"), at=NOW)
    assert lay(sending, FREE) == 2
    assert dues(sending, case_id) == ["2026-03-05", "2026-03-10"]
    later = send(sending)
    assert dues(sending, later) == ["2026-03-16", "2026-03-10"]


def test_what_people_have_granted_is_granted_again(sending: Office) -> None:
    case_id = send(sending)
    with sending.database.transaction() as db, turn(db, lock_case(db, case_id), by=None, at=NOW) as progress:
        progress.move(progress.deadlines()[0], date(2026, 3, 11), why="延期")
    assert lay(sending, FREE) == 2
    assert dues(sending, case_id) == ["2026-03-12", "2026-03-10"]


def test_a_case_begun_after_the_import_knows_it_already(sending: Office) -> None:
    lay(sending, FREE)
    case_id = send(sending)
    assert dues(sending, case_id) == ["2026-03-05", "2026-03-10"]
    assert recounting.finish(sending.database, NOW) == 0
    assert changes(sending, case_id) == []


def test_nothing_is_erased_and_the_later_row_is_in_force(sending: Office) -> None:
    lay(sending, FREE)
    back = DayChange({WEDNESDAY: Named(worked=True)}, why="来电了")
    lay(sending, back, at=NOW + timedelta(hours=1))
    with sending.database.reading() as db:
        rows = list(calendars.history(db, sending.bureau_id, WEDNESDAY, WEDNESDAY))
        settings = db.scalars(select(Organisation.settings).where(Organisation.id == sending.bureau_id)).one()
        then = calendars.calendar_at(db, sending.bureau_id, settings, NOW)
    assert [(row.worked, row.who, row.why, row.in_force) for row in rows] == [
        (True, "admin", "来电了", True),
        (False, "admin", "停电通知", False),
    ]
    assert calendar_of(settings).is_working_day(WEDNESDAY)
    assert not then.is_working_day(WEDNESDAY), "the calendar of an earlier time can be told"


@pytest.mark.parametrize("who", ["clerk", "owner", "sup1"])
def test_only_the_administrator_lays_days(sending: Office, who: str) -> None:
    with pytest.raises(NotAllowed), sending.database.transaction() as db:
        previews.lay(db, FREE, by=sending.actor(who), at=NOW)
    with pytest.raises(NotAllowed), sending.database.reading() as db:
        previews.preview(db, FREE, by=sending.actor(who), at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        DayChange({date(9999, 12, 31): Named(worked=False)}),
        DayChange({date(1, 1, 1): Named(worked=False)}),
        DayChange({}, year=9999),
        DayChange({date(2026, 3, 1) + timedelta(days=n): Named(worked=False) for n in range(40)}),
    ],
)
def test_absurd_days_are_refused_and_nothing_is_written(sending: Office, change: DayChange) -> None:
    with pytest.raises(Invalid), sending.database.transaction() as db:
        previews.lay(db, change, by=sending.actor("admin"), at=datetime(2026, 3, 2, tzinfo=OFFICE_ZONE))
    with sending.database.reading() as db:
        assert db.scalar(select(DayImport.id)) is None


def test_an_import_that_fails_altogether_does_not_hold_up_the_sweep(
    sending: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = send(sending)
    with sending.database.transaction() as db:
        previews.lay(
            db, DayChange({date(2026, 4, 1): Named(worked=False)}, why="停电"), by=sending.actor("admin"), at=NOW
        )
    with monkeypatch.context() as broken:
        broken.setattr(recounting, "_go_on", lambda *_args, **_more: 1 / 0)
        assert jobs.sweep(sending.database, NOW + timedelta(days=5)) > 0
    assert timers(sending, case_id) == ["2026-03-10"]
    jobs.sweep(sending.database, NOW + timedelta(days=5))
    with sending.database.reading() as db:
        assert db.scalars(select(DayImport.finished_at)).one() is not None
