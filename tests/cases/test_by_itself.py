"""What happens by itself: timers fire once at their own instant, letters arrive once, a failure stops one case only."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import yaml
from sqlalchemy import func, select, update

from app import jobs, journal
from app.cases import failing, lifecycle
from app.cases.models import Case, CaseMessage, Task, Timer
from app.clock import OFFICE_ZONE
from app.db import Database
from app.errors import Conflict, NotAllowed
from app.people.models import Organisation
from app.registers.kept.supervisors import Supervisor
from tests.builders import ABOUT, NOW, Office, bpmn, flow, form, found_office, lane, task, text
from tests.cases.test_turn import case_of, complete, open_task

MESSAGES = '<bpmn:message id="ping" name="ping"/><bpmn:message id="pong" name="pong"/>'
DUE = datetime(2026, 3, 5, 0, 0, tzinfo=OFFICE_ZONE)


def event(kind: str, element: str, definition: str, attributes: str = "", inside: str = "") -> str:
    """An event with one definition."""
    return f'<bpmn:{kind} id="{element}" {attributes}>{inside}{definition}</bpmn:{kind}>'


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{name}"/>'


def carries(name: str, direction: str = "in") -> str:
    inner = f'<duban:{direction} name="{name}" value="={name}"/>'
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


ASKS = bpmn(
    "asks",
    "<bpmn:laneSet id='lanes'>"
    + lane("supervisor", "start", "write", "wait", "ask", "hear", "end", attributes='duban:person="=author"')
    + "</bpmn:laneSet><bpmn:startEvent id='start'/>"
    + task("write", 'duban:deadline="P-01" duban:dueKey="check_due"')
    + event(
        "intermediateCatchEvent", "wait",
        "<bpmn:timerEventDefinition><bpmn:timeDate xsi:type='bpmn:tFormalExpression'>=end of day(check_due)"
        "</bpmn:timeDate></bpmn:timerEventDefinition>",
    )
    + event("intermediateThrowEvent", "ask", message("ping"), 'duban:key="=title"', carries("title"))
    + event("intermediateCatchEvent", "hear", message("pong"), 'duban:key="=title"', carries("verdict", "out"))
    + "<bpmn:endEvent id='end' duban:status='closed'/>"
    + "".join(flow(*pair) for pair in pairwise(("start", "write", "wait", "ask", "hear", "end"))),
    attributes='duban:starts="supervisor" duban:title="=title" duban:unique="=author"',
    outside=MESSAGES,
)  # fmt: skip
ANSWERS = bpmn(
    "answers",
    "<bpmn:laneSet id='lanes'>" + lane("bureau_clerk", "asked", "judge", "tell") + "</bpmn:laneSet>"
    + event("startEvent", "asked", message("ping"), "", carries("title", "out"))
    + task("judge")
    + event("endEvent", "tell", message("pong"), 'duban:key="=title" duban:status="closed"', carries("verdict"))
    + flow("asked", "judge") + flow("judge", "tell"),
    attributes='duban:title="=title"',
    outside=MESSAGES,
)  # fmt: skip


@pytest.fixture
def asking(database: Database) -> Office:
    return found_office(
        database,
        {
            "pack.yaml": yaml.safe_dump(ABOUT, allow_unicode=True).encode(),
            "processes/asks.bpmn": ASKS,
            "processes/answers.bpmn": ANSWERS,
            "forms/asks/write.form": form(text("title")),
            "forms/answers/judge.form": form(text("verdict")),
        },
    )


def ask(office: Office, by: str = "sup1", title: str = "甲") -> str:
    with office.database.transaction() as db:
        return lifecycle.start(db, "asks", {"title": title}, by=office.actor(by), at=NOW).case_ref


def processes(office: Office) -> list[str]:
    with office.database.reading() as db:
        return list(db.scalars(select(Case.process).order_by(Case.id)))


def test_a_timer_fires_once_at_its_own_instant_however_late(asking: Office) -> None:
    ref = ask(asking)
    assert jobs.sweep(asking.database, DUE - timedelta(seconds=1)) == 0
    late = DUE + timedelta(hours=11)
    assert jobs.sweep(asking.database, late) > 0
    assert jobs.sweep(asking.database, late) == 0
    with asking.database.reading() as db:
        fired = [entry for entry in journal.entries_of(db, case_of(asking, ref).id) if entry.kind == "timer.fired"]
        assert [(entry.data["due"], entry.at) for entry in fired] == [(DUE.isoformat(), late)]
        assert db.scalar(select(func.count()).select_from(Timer)) == 0


def test_a_letter_starts_a_linked_case_and_its_answer_comes_back(asking: Office) -> None:
    ref = ask(asking)
    jobs.sweep(asking.database, DUE)
    assert processes(asking) == ["asks", "answers"]
    with asking.database.reading() as db:
        linked = db.scalars(select(Case).where(Case.process == "answers")).one()
    assert (linked.parent_id, linked.title) == (case_of(asking, ref).id, "甲")
    complete(asking, linked.ref, "clerk", {"verdict": "属实"})
    assert case_of(asking, ref).closed_at is None, "delivery is after the commit, in a transaction of its own"
    jobs.deliver_all(asking.database, DUE)
    ended = case_of(asking, ref)
    assert ended.closed_at == DUE and ended.facts["verdict"] == "属实"


def test_a_letter_arrives_once(asking: Office) -> None:
    ask(asking)
    jobs.sweep(asking.database, DUE)
    with asking.database.reading() as db:
        letter = db.scalars(select(CaseMessage)).one()
    assert letter.delivered_at == DUE and letter.receivers == 1
    with asking.database.transaction() as db:
        assert jobs.deliver(db, letter.id, at=DUE) == 0
    assert processes(asking) == ["asks", "answers"]


def test_an_answer_reaches_only_the_case_that_asked(asking: Office) -> None:
    first, second = ask(asking, "sup1", "甲"), ask(asking, "sup2", "乙")
    jobs.sweep(asking.database, DUE)
    with asking.database.reading() as db:
        linked = db.scalars(select(Case).where(Case.process == "answers", Case.title == "乙")).one()
    complete(asking, linked.ref, "clerk", {"verdict": "不属实"})
    jobs.deliver_all(asking.database, DUE)
    assert case_of(asking, first).closed_at is None
    assert case_of(asking, second).closed_at is not None


def test_only_one_running_case_for_a_unique_value(asking: Office) -> None:
    ask(asking)
    with pytest.raises(Conflict, match="already running"):
        ask(asking)
    assert processes(asking) == ["asks"]


def test_a_case_that_cannot_go_on_becomes_an_incident_and_holds_up_nobody(asking: Office) -> None:
    broken, sound = ask(asking, "sup1"), ask(asking, "sup2")
    with asking.database.transaction() as db:
        whole = case_of(asking, broken).state
        db.execute(update(Case).where(Case.ref == broken).values(state=b"{}"))
    jobs.sweep(asking.database, DUE)
    assert case_of(asking, broken).incident is None and case_of(asking, broken).failure["tries"] == 1
    jobs.sweep(asking.database, DUE + timedelta(minutes=10))
    jobs.sweep(asking.database, DUE + timedelta(minutes=20))
    assert case_of(asking, broken).incident["tries"] == 3
    assert case_of(asking, sound).incident is None
    assert processes(asking) == ["asks", "asks", "answers"]
    with asking.database.transaction() as db:
        db.execute(update(Case).where(Case.ref == broken).values(state=whole))
        failing.retry(db, case_of(asking, broken).id, by=asking.actor("clerk"), at=DUE)
    jobs.sweep(asking.database, DUE)
    assert case_of(asking, broken).incident is None
    assert processes(asking).count("answers") == 2
    with pytest.raises(Conflict, match="no incident"), asking.database.transaction() as db:
        failing.retry(db, case_of(asking, broken).id, by=asking.actor("clerk"), at=DUE)


def test_a_timer_that_never_fires_stops_its_case_and_not_the_sweep(asking: Office) -> None:
    stuck, sound = ask(asking, "sup1"), ask(asking, "sup2")
    with asking.database.transaction() as db:
        db.add(Timer(case_id=case_of(asking, stuck).id, timer_id=1, element="gone", due=DUE - timedelta(days=1)))
    jobs.sweep(asking.database, DUE)
    assert "does not fire" in case_of(asking, stuck).failure["cause"]
    assert case_of(asking, sound).incident is None
    assert processes(asking) == ["asks", "asks", "answers"]


def test_a_supervisor_out_of_office_starts_nothing_new(asking: Office) -> None:
    with asking.database.transaction() as db:
        db.execute(update(Supervisor).values(status="resigned"))
    with pytest.raises(NotAllowed) as refused:
        ask(asking)
    assert refused.value.clauses == ("D-21",)
    assert processes(asking) == []


def test_a_draft_case_is_open_only_to_its_author(asking: Office) -> None:
    with asking.database.transaction() as db:
        ref = lifecycle.start(db, "asks", None, by=asking.actor("sup1"), at=NOW).case_ref
    assert open_task(asking, ref).holder_id == asking.people["sup1"]
    complete(asking, ref, "sup1", {"title": "甲"})
    assert case_of(asking, ref).title == "甲"


def test_a_draft_sent_after_the_end_of_office_is_refused(asking: Office) -> None:
    with asking.database.transaction() as db:
        ref = lifecycle.start(db, "asks", None, by=asking.actor("sup1"), at=NOW).case_ref
        db.execute(update(Supervisor).values(term_end=NOW.date() - timedelta(days=1)))
    with pytest.raises(NotAllowed) as refused:
        complete(asking, ref, "sup1", {"title": "甲"})
    assert refused.value.clauses == ("D-21",)
    assert open_task(asking, ref).element == "write"


def test_a_bureaus_own_limit_and_holiday_count(asking: Office) -> None:
    own = {"policies": {"P-01": 3}, "calendar": {"2026-03-04": False}}
    with asking.database.transaction() as db:
        db.execute(update(Organisation).where(Organisation.kind == "bureau").values(settings=own))
    ref = ask(asking)
    with asking.database.reading() as db:
        timer = db.scalars(select(Timer).where(Timer.case_id == case_of(asking, ref).id)).one()
        shown = db.scalars(select(Task.due).where(Task.case_id == case_of(asking, ref).id)).one()
    assert (shown.isoformat(), timer.due.isoformat()) == ("2026-03-06", "2026-03-07T00:00:00+08:00")
