"""Short ways to draw a diagram and to play it, for the engine's tests."""

from __future__ import annotations

import re
from datetime import datetime

from app.engine import Changes, Diagram, Host, Instance, dump, load, read

AT = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:duban="urn:duban:bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
)


def draw(body: str, flows: str, *, id: str = "p", head: str = "", on: str = "", lane: str = "") -> bytes:
    """A file with one process: `body` is XML, `flows` as in `wired`; every user task stands in the lane clerk."""
    tasks = "".join(f"<flowNodeRef>{task}</flowNodeRef>" for task in re.findall(r'<userTask id="([^"]+)"', body))
    lanes = f'<laneSet id="lanes"><lane id="clerk" name="Clerk" {lane}>{tasks}</lane></laneSet>' if tasks else ""
    process = f'<process id="{id}" name="{id}" isExecutable="true" {on}>{lanes}{wired(body, flows)}</process>'
    return f"{HEAD}{head}{process}</definitions>".encode()


def wired(body: str, flows: str) -> str:
    """A scope: elements and flows, one `A > B` a line; `A > B ? FEEL` has a condition, `A > B *` is the default."""
    drawn = ""
    for line in filter(None, map(str.strip, flows.splitlines())):
        ends, _, condition = line.partition("?")
        source, target = (end.strip(" *") for end in ends.split(">"))
        flow = f"{source}-{target}"
        if ends.strip().endswith("*"):
            body = body.replace(f'Gateway id="{source}"', f'Gateway id="{source}" default="{flow}"')
        text = condition.strip().replace("&", "&amp;").replace("<", "&lt;")
        inside = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>' if text else ""
        drawn += f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
    return body + drawn


def tasks(*ids: str) -> str:
    """Plain user tasks."""
    return "".join(f'<userTask id="{id}"/>' for id in ids)


ENDS = '<startEvent id="S"/><endEvent id="E"/>'


def diagram(*files: bytes, functions: tuple[str, ...] = ()) -> Diagram:
    """Read files drawn with `draw`."""
    return read({f"{number}.bpmn": file for number, file in enumerate(files)}, functions=functions)


def begin(drawn: Diagram, host: Host | None = None, at: datetime = AT, **data: object) -> Instance:
    """Start the one process and go to its first wait."""
    instance = drawn.start(data)
    instance.run(at, host)
    return instance


def open_elements(instance: Instance) -> list[str]:
    """The elements of the open user tasks, sorted."""
    return sorted(work.element for work in instance.work())


def do(instance: Instance, element: str, host: Host | None = None, at: datetime = AT, **data: object) -> Changes:
    """Complete the first open task of an element and run on."""
    work = next(work for work in instance.work() if work.element == element)
    instance.complete(work.id, data)
    return instance.run(at, host)


def saved(instance: Instance) -> Instance:
    """The instance as it comes back from storage."""
    return load(dump(instance), instance.diagram)
