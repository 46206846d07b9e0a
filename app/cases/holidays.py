"""Importing days of the holiday table, and counting anew the running deadlines that rested on them (D-24)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import feel, journal
from app.cases import store
from app.cases.models import Case
from app.cases.rules import Rules, as_date, rules_for
from app.cases.turn import Turn, turn
from app.definitions.library import FUNCTIONS
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Step
from app.errors import NotAllowed, words
from app.journal import Note
from app.people.access import Actor
from app.people.models import Organisation
from app.programme.models import RegisterRow
from app.programme.operations import Told

REVIEWS = "deadline_reviews"


@dataclass(frozen=True)
class Counted:
    """A running deadline counted anew: the fact that stores it, the date it has, and the one that it would have."""

    key: str
    kept: date
    computed: date


def import_days(
    db: Session, days: Mapping[date, bool], *, year: int | None, by: Actor, at: datetime
) -> tuple[list[int], frozenset[int]]:
    """Lay days over the office's table; `year`: its table is complete now. For the system administrator.

    Gives the running cases, whose deadlines are to be counted anew, and the years concerned.
    """
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("Only the system administrator imports the holiday table."), clauses=["permission"])
    settings = db.scalar(select(Organisation.settings).where(Organisation.id == by.bureau_id)) or {}
    years = {day.year for day in days} | ({year} if year else set())
    changed = {
        **settings,
        "calendar": {**settings.get("calendar", {}), **{day.isoformat(): worked for day, worked in days.items()}},
        "announced": sorted({*settings.get("announced", []), *([year] if year else [])}),
    }
    db.execute(update(Organisation).where(Organisation.id == by.bureau_id).values(settings=changed))
    note = Note("calendar.imported", data={"days": len(days), "year": year})
    journal.record_outside(db, by.bureau_id, [note], at=at, by=by.id)
    running = select(Case.id).where(Case.bureau_id == by.bureau_id, Case.closed_at.is_(None)).order_by(Case.id)
    return list(db.scalars(running)), frozenset(years)


def recount(db: Session, case_id: int, years: Collection[int], *, by: Actor, at: datetime) -> bool:
    """Move a case's deadlines that the import makes later; one that it would shorten is kept and listed for review."""
    held = store.lock_case(db, case_id)
    if held is None or held.case.closed_at is not None:
        return False
    pack = open_release(db, held.case.release_id)
    rules = rules_for(pack, held.bureau_settings, at)
    concerned = list(_counted(db, held.case, pack, rules, years))
    if not concerned:
        return False
    for one in concerned:
        if one.computed < one.kept:
            _keep_for_review(db, held.case, one, at=at)
    with turn(db, held, by=by, at=at) as moved:
        moved.instance.amend({one.key: max(one.kept, one.computed).isoformat() for one in concerned})
        for one in concerned:
            if one.computed > one.kept:
                _tell(moved, one)
    return True


def _counted(db: Session, case: Case, pack: Pack, rules: Rules, years: Collection[int]) -> Iterator[Counted]:
    """The case's deadlines whose count touches those years, each with the date that the new table gives."""
    entered = _entered(db, case)
    for process in pack.diagram.processes.values():
        for step in process.steps.values():
            key, begun = step.attributes.get("dueKey"), entered.get((process.id, step.element))
            kept = case.facts.get(key or "")
            if key is None or begun is None or not isinstance(kept, str):
                continue
            start = _start(step, case, rules) or begun
            computed = date.fromisoformat(rules.due(_policy(step, case, rules), start, rules.at, case.facts))
            last = max(date.fromisoformat(kept), computed)
            if any(start.year <= year <= last.year for year in years):
                yield Counted(key, date.fromisoformat(kept), computed)


def _entered(db: Session, case: Case) -> dict[tuple[str, str], date]:
    """The day on which each element was entered last."""
    found = {}
    for entry in journal.entries_of(db, case.id):
        for place in entry.data.get("visited", ()):
            process, _, element = place.partition("/")
            found[process, element] = entry.at.date()
    return found


def _start(step: Step, case: Case, rules: Rules) -> date | None:
    value = _value(step.attributes.get("from", ""), case, rules)
    return as_date(value) if value else None


def _policy(step: Step, case: Case, rules: Rules) -> str:
    return str(_value(step.attributes.get("deadline", ""), case, rules))


def _value(written: str, case: Case, rules: Rules) -> object:
    if not feel.is_expression(written):
        return written
    expression = feel.compile(feel.expression_text(written), [*case.facts, *FUNCTIONS])
    return expression(case.facts, functions=rules.functions())


def _tell(moved: Turn, one: Counted) -> None:
    """The journal and whoever has a task with that date learn of the new one."""
    data: dict[str, Any] = {"key": one.key, "old": one.kept.isoformat(), "new": one.computed.isoformat()}
    moved.notes.append(Note("deadline.changed", data=data))
    for work in moved.instance.work():
        if work.due == one.kept.isoformat():
            whose = work.persons or (work.org or "",)
            lane = None if work.persons else work.lane
            moved.told += [Told("deadline_changed", ref, lane, {"element": work.element, **data}) for ref in whose]


def _keep_for_review(db: Session, case: Case, one: Counted, *, at: datetime) -> None:
    key = f"{case.number or case.ref} {one.key}"
    data = {"kept": one.kept.isoformat(), "computed": one.computed.isoformat(), "key": one.key}
    alike = RegisterRow.bureau_id == case.bureau_id, RegisterRow.register == REVIEWS, RegisterRow.key == key
    row = db.scalar(select(RegisterRow).where(*alike)) or RegisterRow(
        bureau_id=case.bureau_id, register=REVIEWS, key=key, case_id=case.id
    )
    row.data, row.changed_at = data, at
    db.add(row)
    db.flush()
