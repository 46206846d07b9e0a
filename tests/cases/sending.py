"""An office whose cases ask two at once, each branch with a limit and a date of its own."""

from __future__ import annotations

import yaml
from sqlalchemy import select

from app.cases import lifecycle
from app.cases.locking import lock_case
from app.cases.models import Task, Timer
from app.cases.turn import turn
from app.db import Database
from tests.builders import ABOUT, NOW, Office, bpmn, flow, form, found_office, lane, task, text

MARK = '<bpmn:multiInstanceLoopCharacteristics duban:collection="=places" duban:item="place"/>'
PASSED = '<bpmn:extensionElements><duban:in name="place" value="=place"/></bpmn:extensionElements>'
SENT = bpmn(
    "sent",
    "<bpmn:laneSet id='lanes'>"
    + lane("supervisor", "start", "write", "each", "end", attributes='duban:person="=author"')
    + "</bpmn:laneSet><bpmn:startEvent id='start'/>"
    + task("write")
    + f'<bpmn:callActivity id="each" name="each" duban:nameEn="each" calledElement="answered">{PASSED}{MARK}'
    "</bpmn:callActivity><bpmn:endEvent id='end' duban:status='closed'/>"
    + flow("start", "write") + flow("write", "each") + flow("each", "end"),
    attributes='duban:starts="supervisor" duban:title="=title" duban:given="places"',
)  # fmt: skip
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="answer" cancelActivity="false"><bpmn:timerEventDefinition>'
    "<bpmn:timeDate xsi:type='bpmn:tFormalExpression'>=end of day(answer_due)</bpmn:timeDate>"
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id='late_end'/>"
)
ANSWERED = bpmn(
    "answered",
    "<bpmn:laneSet id='lanes'>" + lane("bureau_clerk", "begin", "answer", "done", "late", "late_end")
    + "</bpmn:laneSet><bpmn:startEvent id='begin'/>"
    + task("answer", 'duban:deadline="=place.limit" duban:dueKey="answer_due"') + LATE
    + "<bpmn:endEvent id='done'/>" + flow("begin", "answer") + flow("answer", "done") + flow("late", "late_end"),
)  # fmt: skip
LIMITS = {
    "P-01": {"zh": "短", "en": "short", "amount": 2, "unit": "working_day"},
    "P-02": {"zh": "长", "en": "long", "amount": 5, "unit": "working_day"},
}
PLACES = [{"limit": "P-01"}, {"limit": "P-02"}]


def sending_office(database: Database) -> Office:
    """The office."""
    return found_office(
        database,
        {
            "pack.yaml": yaml.safe_dump({**ABOUT, "policies": LIMITS}, allow_unicode=True).encode(),
            "processes/sent.bpmn": SENT,
            "processes/answered.bpmn": ANSWERED,
            "forms/sent/write.form": form(text("title"), text("places", required=False)),
            "forms/answered/answer.form": form(text("note", required=False)),
        },
    )


def send(office: Office) -> int:
    """A case with two branches that run; its id."""
    with office.database.transaction() as db:
        sent = lifecycle.start(db, "sent", None, by=office.actor("sup1"), at=NOW)
    with office.database.transaction() as db:
        held = lock_case(db, sent.case_id)
        with turn(db, held, by=office.actor("sup1"), at=NOW) as moved:
            moved.instance.amend({"places": PLACES})
            moved.instance.complete(moved.instance.work()[0].id, {"title": "甲"})
    return sent.case_id


def dues(office: Office, case_id: int) -> list[str]:
    with office.database.reading() as db:
        query = select(Task.due).where(Task.case_id == case_id, Task.closed_at.is_(None)).order_by(Task.id)
        return [due.isoformat() for due in db.scalars(query)]


def timers(office: Office, case_id: int) -> list[str]:
    with office.database.reading() as db:
        found = db.scalars(select(Timer.due).where(Timer.case_id == case_id).order_by(Timer.due))
        return [due.date().isoformat() for due in found]
