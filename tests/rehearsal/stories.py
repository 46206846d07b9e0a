"""A small pack on disk and short stories over it, for the tests of rehearsals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from app.rehearsal.play import Result, play
from app.rehearsal.reading import read
from app.rehearsal.report import english
from app.rehearsal.scenario import Scenario
from tests.builders import ABOUT, bpmn, choice, flow, form, lane, task, text

CLOCK = "2026-03-02T09:00:00+08:00"
REMINDER = (
    "<bpmn:boundaryEvent id='late' attachedToRef='check' cancelActivity='false'><bpmn:timerEventDefinition id='t'>"
    "<bpmn:timeDate>=end of day(check_due)</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    "<bpmn:serviceTask id='tell' name='tell' duban:nameEn='tell' duban:operation='send_notice'>"
    "<bpmn:extensionElements><duban:parameter name='about' value='overdue'/>"
    "<duban:parameter name='lane' value='bureau_head'/></bpmn:extensionElements></bpmn:serviceTask>"
    "<bpmn:endEvent id='told'/>"
)
PAPER = (
    "<bpmn:serviceTask id='issue' name='issue' duban:nameEn='issue' duban:operation='issue_paper'>"
    "<bpmn:extensionElements><duban:parameter name='code' value='DOC-12'/></bpmn:extensionElements></bpmn:serviceTask>"
    "<bpmn:serviceTask id='enter' name='enter' duban:nameEn='enter' duban:operation='record_register'>"
    "<bpmn:extensionElements><duban:parameter name='register' value='opinions'/>"
    "<duban:parameter name='key' value='=title'/><duban:parameter name='author' value='=author'/>"
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
WAITING = (
    "<bpmn:intermediateCatchEvent id='wait'><bpmn:messageEventDefinition id='m' messageRef='go'/>"
    "</bpmn:intermediateCatchEvent>"
)
STORY = bpmn(
    "opinion",
    "<bpmn:laneSet id='lanes'>"
    + lane("supervisor", "start", "write", attributes='duban:person="=author"')
    + lane("bureau_clerk", "check", "late", "tell", "told", "again", "issue", "enter", "wait", "end")
    + "</bpmn:laneSet><bpmn:startEvent id='start'/>"
    + task("write", 'duban:status="draft"')
    + task("check", 'duban:deadline="P-01" duban:dueKey="check_due" duban:status="submitted" duban:basis="B-14a"')
    + REMINDER
    + "<bpmn:exclusiveGateway id='again' default='again_issue'/>"
    + PAPER
    + WAITING
    + "<bpmn:endEvent id='end' duban:status='closed'/>"
    + flow("start", "write")
    + flow("write", "check")
    + flow("check", "again")
    + flow("again", "write", '=check_outcome = "again"')
    + flow("again", "issue")
    + flow("issue", "enter")
    + flow("enter", "wait")
    + flow("wait", "end")
    + flow("late", "tell")
    + flow("tell", "told"),
    attributes='duban:starts="supervisor" duban:title="=title"',
    outside="<bpmn:message id='go' name='go_on'/>",
)
LANES = ("supervisor", "bureau_clerk", "bureau_head")
PACK: dict[str, Any] = {
    **ABOUT,
    "lanes": {key: {"zh": key, "en": key} for key in LANES},
    "papers": {
        "DOC-12": {
            "zh": "意见书", "en": "opinion", "number": "意见〔{year}〕{seq}号", "body": ["关于{{ title }}。"],
            "fields": {"heading": "=title"}, "readers": "bureau author",
        }
    },
}  # fmt: skip


def pack_on_disk(root: Path) -> Path:
    """The pack `small`: somebody writes, a clerk checks by a day, a paper goes out, a message ends it."""
    files = {
        "processes/small/pack.yaml": yaml.safe_dump(PACK, allow_unicode=True).encode(),
        "processes/small/opinion.bpmn": STORY,
        "forms/small/opinion/write.form": form(text("title", sample="样"), text("secret", required=False)),
        "forms/small/opinion/check.form": form(choice("outcome", "again", "done"), text("note"), readers="bureau"),
    }
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def scenario(*steps: dict[str, Any], **head: Any) -> Scenario:
    """A scenario over that pack."""
    document = {"title": "试", "pack": "small", "clock": CLOCK, **head, "steps": list(steps)}
    (story,) = read(yaml.safe_dump(document, allow_unicode=True).encode())
    return story


def told(root: Path, *steps: dict[str, Any], **head: Any) -> Result:
    """The same, played."""
    return play(scenario(*steps, **head), root)


def differences(result: Result) -> list[str]:
    """All that differs, in English."""
    return [english(found) for played in result.played for found in played.differences]


def why_wrong(result: Result) -> str:
    """Why the file is wrong, in English."""
    return english(result.wrong) if result.wrong else ""


BEGUN: dict[str, Any] = {"start": "opinion", "by": "sup1", "with": {"title": "程序"}}
DONE: dict[str, Any] = {"complete": "check", "by": "clerk", "with": {"outcome": "done", "note": "可"}}
