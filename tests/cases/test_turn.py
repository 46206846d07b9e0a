"""A case moves by turns: everything of one is kept, or nothing; and each costs the same."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import journal
from app.cases import drafts, holding, inbox, lifecycle
from app.cases.models import Answer, Case, Task
from app.db import Database
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.builders import NOW, Office, found_office
from tests.databases import KEYS, counted


def started(office: Office, title: str = "标题") -> str:
    """Start a case and give its ref."""
    with office.database.transaction() as db:
        sent = lifecycle.start(db, "loop", {"title": title}, by=office.actor("sup1"), at=NOW)
    return sent.case_ref


def open_task(office: Office, case_ref: str) -> Task:
    """The only open task of a case."""
    with office.database.reading() as db:
        query = select(Task).join(Case, Case.id == Task.case_id).where(Case.ref == case_ref, Task.closed_at.is_(None))
        return db.scalars(query).one()


def complete(office: Office, case_ref: str, by: str, answers: dict, **more) -> inbox.Sent:
    """Complete the only open task."""
    task = open_task(office, case_ref)
    with office.database.transaction() as db:
        return inbox.submit(db, task.ref, answers, by=office.actor(by), at=NOW, **more)


def case_of(office: Office, case_ref: str) -> Case:
    with office.database.reading() as db:
        return db.scalars(select(Case).where(Case.ref == case_ref)).one()


def test_a_case_runs_from_start_to_end(office: Office) -> None:
    ref = started(office)
    task = open_task(office, ref)
    assert (task.element, task.lane, task.due.isoformat()) == ("check", "bureau_clerk", "2026-03-04")
    assert case_of(office, ref).status == "submitted"
    sent = complete(office, ref, "clerk", {"outcome": "again"})
    assert [work.element for work in sent.opened] == ["write"]
    assert open_task(office, ref).holder_id == office.people["sup1"]
    complete(office, ref, "sup1", {"title": "改"})
    assert complete(office, ref, "clerk", {"outcome": "done"}).over
    ended = case_of(office, ref)
    assert (ended.status, ended.closed_at, ended.title) == ("closed", NOW, "改")


def test_the_journal_is_one_unbroken_chain(office: Office) -> None:
    ref = started(office)
    complete(office, ref, "clerk", {"outcome": "done"})
    case = case_of(office, ref)
    with office.database.reading() as db:
        entries = journal.entries_of(db, case.id)
        head = journal.Head(case.journal_seq, case.journal_seal)
        assert list(journal.broken(KEYS, entries, head)) == []
        kinds = [entry.kind for entry in entries]
        assert [kind for kind in kinds if not kind.startswith("status")] == [
            "case.started", "task.completed", "task.opened", "task.opened", "task.completed", "case.closed",
        ]  # fmt: skip
        entries[1].data = {"work": 0}
        assert list(journal.broken(KEYS, entries, head)) == ["entry 2 has been altered"]


def test_a_personal_answer_is_stored_unreadable_and_stays_out_of_the_engine(office: Office) -> None:
    with office.database.transaction() as db:
        answers = {"title": "标题", "secret": "身份证"}
        sent = lifecycle.start(db, "loop", answers, by=office.actor("sup1"), at=NOW)
    with office.database.reading() as db:
        stored = db.scalars(select(Answer).where(Answer.field == "secret")).one()
        case = db.get_one(Case, sent.case_id)
        assert stored.personal and "身份证" not in stored.value
        assert "身份证" not in case.state.decode() and "secret" not in case.facts


def test_of_two_at_once_one_wins_and_the_other_learns_who(office: Office) -> None:
    """Two hundred times, on each database: exactly one wins, the other is told who and when."""
    for _ in range(200):
        race(office)


def race(office: Office) -> None:
    ref = started(office)
    task = open_task(office, ref)
    actors = [office.actor("clerk"), office.actor("clerk2")]
    barrier, outcomes = threading.Barrier(2), []

    def run(actor) -> None:  # type: ignore[no-untyped-def]
        barrier.wait()
        try:
            with office.database.transaction() as db:
                inbox.submit(db, task.ref, {"outcome": "done"}, by=actor, at=NOW, revision=1)
            outcomes.append(("won", actor.name))
        except Conflict as refused:
            outcomes.append(("lost", refused.words.params.get("name")))

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (_, winner), (_, told) = sorted(outcomes, reverse=True)
    assert sorted(kind for kind, _ in outcomes) == ["lost", "won"]
    assert told == winner


def test_the_same_request_again_gets_the_same_answer(office: Office) -> None:
    ref = started(office)
    task = open_task(office, ref)
    for expected in (False, True):
        with office.database.transaction() as db:
            by = office.actor("clerk")
            sent = inbox.submit(db, task.ref, {"outcome": "done"}, by=by, at=NOW, key="k")
        assert sent.repeated is expected
    assert case_of(office, ref).version == 2


def test_the_same_start_again_gives_the_same_case(office: Office) -> None:
    refs = set()
    for _ in range(2):
        with office.database.transaction() as db:
            refs.add(lifecycle.start(db, "loop", {"title": "x"}, by=office.actor("sup1"), at=NOW, key="k").case_ref)
    assert len(refs) == 1


@pytest.mark.parametrize(
    ("by", "answers", "error"),
    [
        ("sup2", {"outcome": "done"}, NotFound),
        ("market_liaison", {"outcome": "done"}, NotFound),
        ("head", {"outcome": "done"}, NotAllowed),
        ("clerk", {"outcome": "maybe"}, Invalid),
        ("clerk", {}, Invalid),
        ("clerk", {"outcome": "done", "is_admin": True}, Invalid),
    ],
)
def test_what_is_refused_changes_nothing(office: Office, by: str, answers: dict, error: type[Exception]) -> None:
    ref = started(office)
    before = case_of(office, ref)
    with pytest.raises(error):
        complete(office, ref, by, answers)
    after = case_of(office, ref)
    assert (after.version, after.journal_seal, after.state) == (before.version, before.journal_seal, before.state)


def test_a_stale_page_is_refused(office: Office) -> None:
    ref = started(office)
    task = open_task(office, ref)
    with office.database.transaction() as db:
        holding.claim(db, task.ref, by=office.actor("clerk"), at=NOW)
    with pytest.raises(Conflict, match="has taken"):
        complete(office, ref, "clerk2", {"outcome": "done"})
    with pytest.raises(Conflict, match="changed"):
        complete(office, ref, "clerk", {"outcome": "done"}, revision=task.revision)
    assert complete(office, ref, "clerk", {"outcome": "done"}, revision=task.revision + 1).over


def test_drafts_are_sealed_and_belong_to_one_person(office: Office) -> None:
    ref = started(office)
    task = open_task(office, ref)
    with office.database.transaction() as db:
        drafts.save(db, task.ref, {"note": "想好了"}, by=office.actor("clerk"), at=NOW)
    with office.database.transaction() as db:
        drafts.save(db, task.ref, {"note": "再想"}, by=office.actor("clerk"), at=NOW + timedelta(seconds=1))
    with office.database.reading() as db:
        assert drafts.of_task(db, task.id, office.people["clerk"]).answers == {"note": "再想"}
        assert drafts.of_task(db, task.id, office.people["clerk2"]).answers == {}


def test_a_second_bureau_sees_nothing(database: Database) -> None:
    first = found_office(database)
    second = found_office(database, ref="other")
    ref = started(first)
    task = open_task(first, ref)
    with pytest.raises(NotFound), database.transaction() as db:
        inbox.submit(db, task.ref, {"outcome": "done"}, by=second.actor("clerk"), at=NOW)


def test_a_turn_costs_the_same_after_many_rounds(office: Office) -> None:
    """Statements and bytes of a step at round 300 equal those at round 10; nothing of the past is carried along."""
    ref = started(office)
    sizes, statements = {}, {}
    for number in range(1, 301):
        with counted(office.database) as seen:
            complete(office, ref, "clerk", {"outcome": "again"})
        complete(office, ref, "sup1", {"title": "再"})
        sizes[number], statements[number] = len(case_of(office, ref).state), len(seen)
    assert sizes[300] <= 1.1 * sizes[10]
    assert statements[300] == statements[10]
