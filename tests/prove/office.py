"""The office of the kill proof: a case that goes round and reports to a second one by messages, and who works on it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import yaml

from app.db import Database
from app.definitions import releases
from app.people import accounts, directory
from app.registers import standing
from tests.builders import ABOUT, bpmn, choice, flow, form, lane, task, text
from tests.web.world import HASH

SUPERVISORS, CLERKS = ("sup1", "sup2"), ("clerk", "clerk2")
THROWS = frozenset({"loop/open", "loop/report", "loop/end"})

MESSAGES = "".join(f'<bpmn:message id="{name}" name="{name}"/>' for name in ("opened", "reported", "finished"))
PAUSE = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type='bpmn:tFormalExpression'>PT1S</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)


def _event(kind: str, element: str, message: str, *, key: bool, direction: str, carried: tuple[str, ...]) -> str:
    inner = "".join(f'<duban:{direction} name="{name}" value="={name}"/>' for name in carried)
    keyed = 'duban:key="=title"' if key else ""
    return (
        f'<bpmn:{kind} id="{element}" {keyed}>'
        f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:{kind}>'
    )


LOOP = bpmn(
    "loop",
    "<bpmn:laneSet id='lanes'>"
    + lane("supervisor", "start", "write", "open", "rewrite", "report", "end", attributes='duban:person="=author"')
    + lane("bureau_clerk", "check", "again")
    + "</bpmn:laneSet><bpmn:startEvent id='start'/>"
    + task("write", 'duban:status="draft"')
    + task("rewrite", 'duban:status="draft"')
    + task("check", 'duban:deadline="P-01" duban:dueKey="check_due" duban:status="submitted"')
    + _event("intermediateThrowEvent", "open", "opened", key=True, direction="in", carried=("title",))
    + _event("intermediateThrowEvent", "report", "reported", key=True, direction="in", carried=("title", "note"))
    + _event("endEvent", "end", "finished", key=True, direction="in", carried=("title",))
    + "<bpmn:exclusiveGateway id='again' default='again_end'/>"
    + "".join(flow(*pair) for pair in pairwise(("start", "write", "open", "check", "again", "end")))
    + flow("again", "report", '=check_outcome = "again"')
    + "".join(flow(*pair) for pair in pairwise(("report", "rewrite", "check"))),
    attributes='duban:starts="supervisor" duban:title="=title"',
    outside=MESSAGES,
)
REGISTER = bpmn(
    "register",
    "<bpmn:laneSet id='lanes'>"
    + lane("bureau_clerk", "begin", "wait", "hear", "last", "pause", "file", "end")
    + "</bpmn:laneSet>"
    + _event("startEvent", "begin", "opened", key=False, direction="out", carried=("title",))
    + "<bpmn:eventBasedGateway id='wait'/>"
    + _event("intermediateCatchEvent", "hear", "reported", key=True, direction="out", carried=("note",))
    + _event("intermediateCatchEvent", "last", "finished", key=True, direction="out", carried=())
    + f"<bpmn:intermediateCatchEvent id='pause'>{PAUSE}</bpmn:intermediateCatchEvent>"
    + task("file")
    + "<bpmn:endEvent id='end' duban:status='closed'/>"
    + "".join(flow(*pair) for pair in pairwise(("begin", "wait", "hear", "wait", "last", "pause", "file", "end"))),
    attributes='duban:title="=title"',
    outside=MESSAGES,
)


def pack() -> dict[str, bytes]:
    """Write, check, again: each round reports to a register, which the last word sends to be filed a second later."""
    return {
        "pack.yaml": yaml.safe_dump(ABOUT, allow_unicode=True).encode(),
        "processes/loop.bpmn": LOOP,
        "processes/register.bpmn": REGISTER,
        "forms/loop/write.form": form(text("title")),
        "forms/loop/rewrite.form": form(text("words")),
        "forms/loop/check.form": form(choice("outcome", "again", "done"), text("note")),
        "forms/register/file.form": form(text("remark")),
    }


def found(database: Database, at: datetime) -> int:
    """The bureau with its people, their accounts, and the pack; its id."""
    with database.transaction() as db:
        bureau = directory.found_bureau(db, "bureau", "北碚区司法局", name_en="Justice bureau")
        for number, ref in enumerate((*SUPERVISORS, *CLERKS), 1):
            lanes = "supervisor" if ref in SUPERVISORS else "bureau_clerk"
            person = directory.add_person(db, bureau, ref, ref=ref, posts=[(bureau, lanes)])
            accounts.add_account(db, person, ref, HASH)
            if ref in SUPERVISORS:
                standing.appoint(db, bureau, ref, start=date(at.year, 1, 1), number=number)
        releases.load(db, bureau, pack(), at=at)
    return bureau
