"""Cases that only wait: a pack of timers, many cases of it, and worker processes on their database."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import yaml
from sqlalchemy import select

from app.cases import lifecycle
from app.cases.models import Timer
from app.clock import OFFICE_ZONE
from app.db import Database
from app.journal import Entry
from tests.builders import ABOUT, NOW, Office, bpmn, flow, form, found_office, lane, task, text

DUE = datetime(2026, 3, 5, 0, 0, tzinfo=OFFICE_ZONE)
"""When the first timer of a case that started at NOW is due."""
TIMERS = 3
"""Of each case, one after the other."""


def catch(element: str, kind: str, value: str) -> str:
    """An intermediate timer."""
    inner = f"<bpmn:{kind} xsi:type='bpmn:tFormalExpression'>{value}</bpmn:{kind}>"
    event = f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"
    return f'<bpmn:intermediateCatchEvent id="{element}">{event}</bpmn:intermediateCatchEvent>'


def waits(process: str, *timers: str) -> bytes:
    """A form, then the timers one after the other, then the end."""
    names = [f"wait{number}" for number in range(1, len(timers) + 1)]
    path = ("start", "write", *names, "end")
    return bpmn(
        process,
        f"<bpmn:laneSet id='lanes'>{lane('supervisor', *path, attributes=PERSON)}</bpmn:laneSet>"
        + "<bpmn:startEvent id='start'/>"
        + task("write", 'duban:deadline="P-01" duban:dueKey="check_due"')
        + "".join(timers)
        + "<bpmn:endEvent id='end' duban:status='closed'/>"
        + "".join(flow(*pair) for pair in pairwise(path)),
        attributes='duban:starts="supervisor" duban:title="=title"',
    )


PERSON = 'duban:person="=author"'
PACK = {
    "pack.yaml": yaml.safe_dump(ABOUT, allow_unicode=True).encode(),
    "processes/waits.bpmn": waits(
        "waits",
        catch("wait1", "timeDate", "=end of day(check_due)"),
        catch("wait2", "timeDuration", "PT1H"),
        catch("wait3", "timeDuration", "PT24H"),
    ),
    "processes/soon.bpmn": waits("soon", catch("wait1", "timeDuration", "PT2S")),
    "forms/waits/write.form": form(text("title")),
    "forms/soon/write.form": form(text("title")),
}


def waiting_office(database: Database, cases: int = 0) -> Office:
    """An office whose cases all wait for their first timer."""
    office = found_office(database, PACK)
    by = office.actor("sup1")
    for number in range(cases):
        with database.transaction() as db:
            lifecycle.start(db, "waits", {"title": str(number)}, by=by, at=NOW)
    return office


def start_soon(office: Office, at: datetime) -> int:
    """A case whose timer is due in two seconds."""
    with office.database.transaction() as db:
        return lifecycle.start(db, "soon", {"title": "x"}, by=office.actor("sup1"), at=at).case_id


def firings(database: Database) -> dict[int, list[tuple[str, str]]]:
    """What the journal says has fired, by case in the order of its chain: element and due instant."""
    fired: dict[int, list[tuple[str, str]]] = {}
    query = select(Entry.case_id, Entry.element, Entry.data).where(Entry.kind == "timer.fired")
    with database.reading() as db:
        for case_id, element, data in db.execute(query.order_by(Entry.case_id, Entry.seq)):
            fired.setdefault(case_id, []).append((element, data["due"]))
    return fired


def wrong_firings(database: Database) -> list[str]:
    """Timers that have fired twice, not at all or out of order, once everything is over."""
    found = []
    for case_id, fired in firings(database).items():
        found += [f"case {case_id}: {one} fired {times} times" for one, times in Counter(fired).items() if times > 1]
        if [element for element, _due in fired] != ["wait1", "wait2", "wait3"] or fired != sorted(fired):
            found.append(f"case {case_id}: fired {fired}")
    with database.reading() as db:
        found += [f"case {case_id}: still waits" for case_id in db.scalars(select(Timer.case_id))]
        failed = select(Entry.case_id, Entry.data).where(Entry.kind == "case.failed")
        found += [f"case {case_id}: failed: {data['cause']}" for case_id, data in db.execute(failed)]
    return found


def environment_of(url: str, folder: Path, **settings: str) -> dict[str, str]:
    """Settings for a process on that database with the same keys as `tests.databases`."""
    own = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "FIELD_KEYS": json.dumps({"k1": base64.b64encode(b"1" * 32).decode()}),
        "JOURNAL_KEY": "journal key of the tests",
        "SWEEP_SECONDS": "2",
        "LANGUAGE": "en",
    }
    return {**os.environ, **{f"DUBAN_{name}": value for name, value in {**own, **settings}.items()}}


def start(command: str, database: Database, folder: Path, **settings: str) -> subprocess.Popen[bytes]:
    """A process of `duban COMMAND`, its log in the folder."""
    with (folder / f"{command.partition(' ')[0]}.log").open("ab") as log:
        words = [sys.executable, "-m", "app.cli", *command.split()]
        url = database.engine.url.render_as_string(hide_password=False)
        return subprocess.Popen(words, env=environment_of(url, folder, **settings), stdout=log, stderr=log)
