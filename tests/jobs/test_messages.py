"""Messages: three tries with a pause between, then an administrator; those of one case keep their order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import jobs, journal
from app.cases import lifecycle
from app.cases.models import Case, CaseMessage
from app.errors import Invalid, NotAllowed, NotFound
from app.jobs import giving_up, health, messages
from app.proof.verify import messages_are_delivered
from tests.builders import Office
from tests.cases.test_by_itself import DUE, ask, asking, case_of, processes  # noqa: F401 - `asking` is a fixture


def wrong(db: Session, *_rest: object, **_more: object) -> int:
    raise OSError("a fault that nobody foresaw")


def message_of(office: Office) -> CaseMessage:
    with office.database.reading() as db:
        return db.scalars(select(CaseMessage)).one()


@pytest.fixture
def dead(asking: Office, monkeypatch: pytest.MonkeyPatch) -> Office:  # noqa: F811
    """An office with a message that could not be delivered three times."""
    ask(asking)
    with monkeypatch.context() as patched:
        patched.setattr(messages, "deliver", wrong)
        for minutes in (0, 1, 6):
            jobs.sweep(asking.database, DUE + timedelta(minutes=minutes))
    return asking


def test_three_tries_with_a_pause_between(asking: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    ask(asking)
    monkeypatch.setattr(messages, "deliver", wrong)
    seen = []
    for minutes in (0, 0.9, 1, 5.9, 6, 600):
        jobs.sweep(asking.database, DUE + timedelta(minutes=minutes))
        message = message_of(asking)
        seen.append((message.tries, message.dead_at is not None))
    assert seen == [(1, False), (1, False), (2, False), (2, False), (3, True), (3, True)]
    assert message_of(asking).cause == "An internal error stopped this message."


def test_a_failing_message_holds_up_no_other_case(asking: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    ask(asking, "sup1", "甲")
    ask(asking, "sup2", "乙")
    real = messages.deliver

    def only_second(db: Session, message_id: int, *, at: datetime) -> int:
        return wrong(db) if db.get_one(CaseMessage, message_id).key == "甲" else real(db, message_id, at=at)

    monkeypatch.setattr(messages, "deliver", only_second)
    jobs.sweep(asking.database, DUE)
    with asking.database.reading() as db:
        assert list(db.scalars(select(Case.title).where(Case.process == "answers"))) == ["乙"]


def test_messages_of_one_case_keep_their_order(asking: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """A second message waits for the first of its case, until that is given up."""
    ask(asking)
    with monkeypatch.context() as patched:
        patched.setattr(messages, "deliver", wrong)
        jobs.sweep(asking.database, DUE)
    with asking.database.transaction() as db:
        first = db.scalars(select(CaseMessage)).one()
        again = {
            name: getattr(first, name) for name in ("bureau_id", "case_id", "element", "message", "data", "sent_at")
        }
        db.add(CaseMessage(**again, sequence=first.sequence + 1, key="乙"))
    assert jobs.deliver_all(asking.database, DUE) == 0
    assert jobs.deliver_all(asking.database, DUE + timedelta(minutes=1)) == 2


def test_a_message_given_up_is_tried_again_when_asked(dead: Office) -> None:
    with dead.database.reading() as db:
        (given_up,) = health.dead_messages(db, dead.bureau_id)
        assert health.measure(db, DUE).dead_messages == 1
    assert processes(dead) == ["asks"]
    with dead.database.transaction() as db:
        giving_up.retry_message(db, given_up.case_ref, given_up.sequence, by=dead.actor("admin"), at=DUE)
    jobs.sweep(dead.database, DUE)
    assert processes(dead) == ["asks", "answers"]
    with dead.database.reading() as db:
        assert health.dead_messages(db, dead.bureau_id) == []


def test_a_message_is_discarded_with_a_reason_that_stays(dead: Office) -> None:
    with dead.database.reading() as db:
        (given_up,) = health.dead_messages(db, dead.bureau_id)
        assert list(messages_are_delivered(db)), "it is missed as long as nobody has decided"
    place = given_up.case_ref, given_up.sequence
    with pytest.raises(Invalid, match="why"), dead.database.transaction() as db:
        giving_up.discard_message(db, *place, "  ", by=dead.actor("admin"), at=DUE)
    with dead.database.transaction() as db:
        giving_up.discard_message(db, *place, "系统演练", by=dead.actor("admin"), at=DUE)
    assert jobs.deliver_all(dead.database, DUE + timedelta(days=1)) == 0
    with dead.database.reading() as db:
        assert not list(messages_are_delivered(db))
        entry = db.scalars(select(journal.Entry).where(journal.Entry.kind == "letter.discarded")).one()
    assert (entry.data["why"], entry.actor_id, entry.case_id) == ("系统演练", dead.people["admin"], None)
    with pytest.raises(NotFound), dead.database.transaction() as db:
        giving_up.retry_message(db, *place, by=dead.actor("admin"), at=DUE)


def test_only_the_administrator_decides(dead: Office) -> None:
    with dead.database.reading() as db:
        (given_up,) = health.dead_messages(db, dead.bureau_id)
        assert health.dead_messages(db, dead.bureau_id + 1) == []
    with pytest.raises(NotAllowed), dead.database.transaction() as db:
        giving_up.retry_message(db, given_up.case_ref, given_up.sequence, by=dead.actor("clerk"), at=DUE)


def test_a_message_nobody_takes_leaves_no_trace(asking: Office) -> None:  # noqa: F811
    """Said to a case that waits for something else: no turn is written."""
    ref = ask(asking)
    before = case_of(asking, ref).version
    with asking.database.transaction() as db:
        assert not lifecycle.receive(db, case_of(asking, ref).id, "pong", "甲", {"verdict": "x"}, at=DUE)
    assert case_of(asking, ref).version == before
    with asking.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CaseMessage)) == 0
