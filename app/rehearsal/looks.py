"""What stands in the database now, in the words of a scenario: tasks, timers, data, papers, notices, registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.cases import answers
from app.cases.models import Case, Task, Timer
from app.journal import Entry
from app.notify.outbox import NoticeRow
from app.papers.models import Paper
from app.people.models import Membership, Organisation, Person
from app.registers.catalogue import register_named
from app.registers.patching import is_in_force, of_bureau, opened
from app.registers.register import Register
from app.registers.values import plain
from app.rehearsal.finding import rules_now
from app.rehearsal.stage import Stage


@dataclass(frozen=True)
class Scene:
    """The database at one moment, seen for one case or for all."""

    db: Session
    stage: Stage
    cases: tuple[int, ...]
    """Ids of the cases that are looked at."""
    every: bool
    """Whether these are all there are."""

    def tasks(self) -> list[Task]:
        """The open tasks."""
        query = select(Task).where(Task.case_id.in_(self.cases), Task.closed_at.is_(None)).order_by(Task.id)
        return list(self.db.scalars(query))

    def timers(self) -> dict[str, list[datetime]]:
        """Due instants of the armed timers, by element."""
        found: dict[str, list[datetime]] = {}
        query = select(Timer.element, Timer.due).where(Timer.case_id.in_(self.cases)).order_by(Timer.due)
        for element, due in self.db.execute(query):
            found.setdefault(element, []).append(due)
        return found

    def data(self, case_id: int) -> dict[str, Any]:
        """The case's data: what people answered, under what the diagram knows."""
        case = self.db.get_one(Case, case_id)
        return {**answers.latest(self.db, case_id, personal=True), **case.facts}

    def statuses(self, case_id: int) -> list[str]:
        """The statuses that the case has passed, the present one last."""
        case = self.db.get_one(Case, case_id)
        query = select(Entry.data).where(Entry.case_id == case_id, Entry.kind == "status.changed").order_by(Entry.seq)
        passed = [str(data["status"]) for data in self.db.scalars(query)]
        return passed if passed and passed[-1] == case.status else [*passed, case.status]

    def papers(self) -> list[Paper]:
        """The papers issued so far."""
        return list(self.db.scalars(select(Paper).where(Paper.case_id.in_(self.cases)).order_by(Paper.id)))

    def journal(self) -> list[str]:
        """Kinds of the entries so far, in order."""
        return list(self.db.scalars(self._of_cases(select(Entry.kind), Entry.case_id).order_by(Entry.id)))

    def notices(self) -> set[tuple[str, str]]:
        """Who was told of what: persons, those who serve the lane of an organisation, and these two themselves."""
        query = self._of_cases(select(NoticeRow), NoticeRow.case_id)
        return {(ref, row.about) for row in self.db.scalars(query) for ref in self._told(row)}

    def _told(self, row: NoticeRow) -> Iterator[str]:
        if row.person_id is not None:
            yield from self.db.scalars(select(Person.ref).where(Person.id == row.person_id))
            return
        members = select(Person.ref).join(Membership, Membership.person_id == Person.id)
        members = members.where(Membership.organisation_id == row.organisation_id)
        yield from self.db.scalars(members.where(Membership.lane == row.lane) if row.lane else members)
        yield from self.db.scalars(select(Organisation.ref).where(Organisation.id == row.organisation_id))
        if row.lane:
            yield row.lane

    def _of_cases(self, query: Select[Any], column: Any) -> Select[Any]:
        return query if self.every else query.where(column.in_(self.cases))

    def started(self, process: str) -> int:
        """How many cases of a process have been started."""
        return self.db.scalar(select(func.count(Case.id)).where(Case.process == process)) or 0

    def provisional(self, due: date | None) -> bool:
        """Whether a due date rests on a year whose holidays are not announced."""
        return due is not None and rules_now(self.db, self.stage).provisional(due)

    def said_of(self, task: Task) -> dict[str, Any]:
        """What a scenario may say of an open task."""
        holder = self.db.scalar(select(Person.ref).where(Person.id == task.holder_id))
        known = {"lane": task.lane, "due": task.due, "holder": holder}
        return {**known, "provisional": self.provisional(task.due)}

    def organisation(self, task: Task) -> str | None:
        """The ref of the organisation that a task is put to."""
        return self.db.scalar(select(Organisation.ref).where(Organisation.id == task.organisation_id))

    def row(self, register: str, key: str) -> Mapping[str, Any] | None:
        """The row of a register that belongs to a person, an agency or a case; None where there is none."""
        asked, names = register_named(register), self._names(key)
        rows = self.db.scalars(of_bureau(asked, self.stage.bureau_id).order_by(asked.model.id))
        found = sorted(
            (row for row in rows if self._belongs(asked, row, names)), key=lambda row: is_in_force(asked, row)
        )
        if not found:
            return None
        fields = {name: plain(opened(self.db, asked, found[-1], name)) for name in asked.columns}
        return {"key": found[-1].key, **fields}

    def _names(self, key: str) -> tuple[int | None, frozenset[str]]:
        """The case that is meant, if it is one, and every text by which a row may name what is meant."""
        if not self.stage.cases.is_one(key):
            return None, frozenset({key})
        case = self.db.get_one(Case, self.stage.cases.find(key).id)
        return case.id, frozenset(name for name in (case.number, case.ref) if name)

    def _belongs(self, register: Register, row: Any, named: tuple[int | None, frozenset[str]]) -> bool:
        case, names = named
        texts = {
            row.key,
            *(getattr(row, name) for name in register.columns if register.columns[name].kind != "several"),
        }
        return bool(names & texts) or (case is not None and getattr(row, "case_id", None) == case)
