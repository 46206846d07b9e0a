"""Small packs and offices for tests, built through the same doors as real ones."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml

from app.clock import OFFICE_ZONE
from app.db import Database
from app.definitions import releases
from app.people import access, directory
from app.people.access import Actor
from app.registers import standing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:duban="urn:duban:bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def bpmn(process: str, body: str, *, attributes: str = "", outside: str = "") -> bytes:
    """A diagram of one process without drawing."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:test">'
        f'{outside}<bpmn:process id="{process}" name="{process}" duban:nameEn="{process}" isExecutable="true" '
        f"{attributes}>{body}</bpmn:process></bpmn:definitions>"
    ).encode()


def lane(key: str, *elements: str, attributes: str = "") -> str:
    """A lane of a diagram with the elements that stand in it."""
    refs = "".join(f"<bpmn:flowNodeRef>{element}</bpmn:flowNodeRef>" for element in elements)
    return f'<bpmn:lane id="{key}" name="{key}" {attributes}>{refs}</bpmn:lane>'


def task(element: str, attributes: str = "") -> str:
    """A user task."""
    return f'<bpmn:userTask id="{element}" name="{element}" duban:nameEn="{element}" {attributes}/>'


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow called `source-target`, with dashes replaced."""
    inner = f"<bpmn:conditionExpression xsi:type='bpmn:tFormalExpression'>{condition}</bpmn:conditionExpression>"
    opening = f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"{opening}>{inner}</bpmn:sequenceFlow>" if condition else f"{opening}/>"


def form(*fields: dict[str, Any], readers: str = "bureau author agency", rules: tuple[Any, ...] = ()) -> bytes:
    """A form of the given components."""
    duban = {"readers": readers, "rules": list(rules), "submit": {"zh": "提交", "en": "Send"}}
    return json.dumps({"type": "default", "schemaVersion": 19, "components": list(fields), "duban": duban}).encode()


def text(key: str, *, required: bool = True, **properties: str) -> dict[str, Any]:
    """A text field."""
    return {
        "type": "textfield", "key": key, "label": key, "id": key,
        "validate": {"required": required}, "properties": {"en": key, **properties},
    }  # fmt: skip


def choice(key: str, *options: str) -> dict[str, Any]:
    """A field with the given options."""
    values = [{"label": option, "value": option, "en": option} for option in options]
    return {
        "type": "radio", "key": key, "label": key, "id": key, "values": values,
        "validate": {"required": True}, "properties": {"en": key},
    }  # fmt: skip


LOOP = bpmn(
    "loop",
    "<bpmn:laneSet id='lanes'>"
    + lane("supervisor", "start", "write", "again", "end", attributes='duban:person="=author"')
    + lane("bureau_clerk", "check")
    + "</bpmn:laneSet>"
    "<bpmn:startEvent id='start'/>"
    + task("write", 'duban:status="draft"')
    + task("check", 'duban:deadline="P-01" duban:dueKey="check_due" duban:status="submitted" duban:basis="B-1"')
    + "<bpmn:exclusiveGateway id='again' default='again_end'/><bpmn:endEvent id='end' duban:status='closed'/>"
    + flow("start", "write")
    + flow("write", "check")
    + flow("check", "again")
    + flow("again", "write", '=check_outcome = "again"')
    + flow("again", "end"),
    attributes='duban:starts="supervisor" duban:title="=title"',
)
ABOUT = {
    "id": "small", "name": "小", "name_en": "small", "regulation": "B", "effective_from": "2020-01-01",
    "lanes": {key: {"zh": key, "en": key} for key in ("supervisor", "bureau_clerk")},
    "statuses": {key: {"zh": key, "en": key} for key in ("draft", "submitted", "closed")},
    "policies": {"P-01": {"zh": "登记", "en": "register", "amount": 2, "unit": "working_day"}},
}  # fmt: skip


def small_pack() -> dict[str, bytes]:
    """A supervisor writes, a clerk checks, and may send it back for another round, any number of times."""
    return {
        "pack.yaml": yaml.safe_dump(ABOUT, allow_unicode=True).encode(),
        "processes/loop.bpmn": LOOP,
        "forms/loop/write.form": form(text("title"), text("secret", required=False, personal="true")),
        "forms/loop/check.form": form(choice("outcome", "again", "done"), text("note", required=False)),
    }


@dataclass(frozen=True)
class Office:
    """A bureau on a database, with ids of its people by their refs."""

    database: Database
    bureau_id: int
    people: dict[str, int] = field(default_factory=dict)

    def actor(self, ref: str) -> Actor:
        """The person with today's rights."""
        with self.database.reading() as db:
            return access.actor_of(db, self.people[ref])


def found_office(database: Database, files: dict[str, bytes] | None = None, *, ref: str = "bureau") -> Office:
    """A bureau with its pack, two clerks, a supervisor in office, and the liaisons of two agencies."""
    with database.transaction() as db:
        bureau = directory.found_bureau(db, ref, "北碚区司法局", name_en="Justice bureau")
        market = directory.add_organisation(db, bureau, f"{ref}-market", "市场监管局")
        urban = directory.add_organisation(db, bureau, f"{ref}-urban", "城管局")
        posts = {
            "clerk": (bureau, "bureau_clerk"),
            "clerk2": (bureau, "bureau_clerk"),
            "head": (bureau, "bureau_head"),
            "sup1": (bureau, "supervisor"),
            "sup2": (bureau, "supervisor"),
            "market_liaison": (market, "agency_liaison"),
            "urban_liaison": (urban, "agency_liaison"),
            "owner": (bureau, "process_owner"),
            "admin": (bureau, "sys_admin"),
        }
        people = {key: directory.add_person(db, bureau, key, ref=key, posts=[post]) for key, post in posts.items()}
        for number, key in enumerate(("sup1", "sup2"), 1):
            standing.appoint(db, bureau, key, start=NOW.date().replace(year=2025), number=number)
        releases.load(db, bureau, files or small_pack(), at=NOW)
    return Office(database, bureau, people)
