"""A bureau full of cases at known days, written row by row, and a second bureau beside it that must never count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.cases.models import Case, Task
from app.clock import OFFICE_ZONE
from app.db import Database, Session
from app.definitions import library, releases
from app.limits.rules import Rules, rules_for
from app.people import directory
from app.people.access import Actor, actor_of
from app.rehearsal import cast
from tests.web.world import ROOT

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=OFFICE_ZONE)
"""A Wednesday; P-07 is 3, P-09 is 5 working days."""
FILES = library.read_folder(ROOT, "beibei_2024")
HANDLING = "agency_handling"


@dataclass
class House:
    """A bureau with a manager, and the means to put cases into it."""

    database: Database
    bureau_id: int
    release_id: int
    people: dict[str, int]
    places: dict[str, int]

    def actor(self, ref: str = "manager") -> Actor:
        with self.database.reading() as db:
            return actor_of(db, self.people[ref])

    def rules(self) -> Rules:
        return rules_for(releases.parsed(FILES), {}, NOW)

    def put(self, db: Session, *steps: dict[str, Any], **case: Any) -> int:
        """A case with these open steps; the id of the case."""
        row = Case(
            bureau_id=self.bureau_id, release_id=self.release_id, process=case.pop("process", "opinion_beibei"),
            title=case.pop("title", "关于检查程序的意见"), number=case.pop("number", ""), state=b"",
            facts=case.pop("facts", {}), parties={},
            status=case.pop("status", "forwarded"), started_at=case.pop("started_at", NOW - timedelta(days=30)), **case,
        )  # fmt: skip
        db.add(row)
        db.flush()
        for work_id, step in enumerate(steps):
            db.add(self._task(row.id, work_id, **step))
        db.flush()
        return row.id

    def _task(self, case_id: int, work_id: int, **said: Any) -> Task:
        at = said.pop("agency", "market")
        place = self.places[at] if at else self.bureau_id
        usual = {"element": "agency_sign", "process": HANDLING, "lane": "agency_liaison", "opened_at": NOW}
        return Task(case_id=case_id, work_id=work_id, organisation_id=place, **{"due": None, **usual, **said})


def house(database: Database, ref: str = "bureau") -> House:
    """A founded bureau with the standard cast."""
    with database.transaction() as db:
        bureau = directory.found_bureau(db, ref, "北碚区司法局")
        places = cast.add_agencies(db, bureau)
        people = cast.add_people(db, places, cast.STANDARD)
        release = releases.load(db, bureau, FILES, at=NOW)
        return House(database, bureau, release.id, dict(people), dict(places.others))


def day(text: str) -> date:
    """A date of March 2026."""
    return date.fromisoformat(f"2026-{text}")
