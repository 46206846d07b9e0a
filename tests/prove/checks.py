"""What must hold after all the deaths: nothing acknowledged lost, nothing done twice, every letter delivered once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Answer, Case, CaseMessage, Task
from app.db import Database
from app.journal import Entry
from app.people.models import Person
from app.proof.replay import replay
from app.proof.verify import verify
from tests.prove.clients import Request

Done = dict[tuple[str, str], list[str]]
"""Refs of the tasks that were completed, by person and key."""


def violations(database: Database, sent: Sequence[Request]) -> list[str]:
    """Everything that is not as it must be, in words; empty where all holds."""
    with database.reading() as db:
        done = _done(db)
        found = [*_ledger(done, sent), *_strangers(done, sent), *_echoes(sent), *_starts(db, sent)]
        found += [*_twice(db), *_letters(db), *_received(db), *_versions(db)]
        again = replay(db)
        found += [f"left out: {case}" for case in again.left_out]
        return found + [f"{fault.rule}: {fault.place}: {fault.what}" for fault in (*verify(db), *again.faults)]


def _done(db: Session) -> Done:
    query = select(Person.ref, Task.receipt_key, Task.ref).join(Person, Person.id == Task.closed_by)
    found: Done = {}
    for who, key, ref in db.execute(query.where(Task.ending == "completed")):
        found.setdefault((who, key), []).append(ref)
    return found


def _ledger(done: Done, sent: Sequence[Request]) -> Iterator[str]:
    """What was acknowledged is there, once; what was refused is not."""
    for request in sent:
        refs = done.get((request.who, request.receipt), [])
        if request.status == 200 and (len(refs) != 1 or request.task not in (None, *refs)):
            yield f"acknowledged: {request.key} of {request.who} completed {refs}, not {request.task}"
        if request.status == 0:
            yield f"unanswered: {request.key} of {request.who}, {request.tries} times; it completed {refs}"
        elif request.status != 200 and refs:
            yield f"refused: {request.key} of {request.who} got {request.status} and completed {refs}"


def _strangers(done: Done, sent: Sequence[Request]) -> Iterator[str]:
    """Nobody completed what nobody asked for."""
    asked = {(request.who, request.receipt) for request in sent}
    for who, key in done.keys() - asked:
        yield f"unasked: {who} completed {done[who, key]} under {key}"


def _echoes(sent: Sequence[Request]) -> Iterator[str]:
    for request in sent:
        for status, answer in request.echoes:
            if (status, answer) != (request.status, request.answer):
                yield f"answer: {request.key} got {request.answer}, then {status} {answer}"


def _starts(db: Session, sent: Sequence[Request]) -> Iterator[str]:
    """A case for each start that was acknowledged, and for no other."""
    running = Counter(db.scalars(select(Case.title).where(Case.process == "loop")))
    for request in sent:
        if request.task is None and running[request.key] != (request.status == 200):
            yield f"started: {request.key} got {request.status} and has {running[request.key]} cases"
    if (extra := running.total() - sum(request.task is None and request.status == 200 for request in sent)) != 0:
        yield f"started: {extra} cases more than were acknowledged"


def _twice(db: Session) -> Iterator[str]:
    """Journal, tasks and answers tell of each completion once."""
    entries = select(Entry.case_id, Entry.data).where(Entry.kind == "task.completed")
    told = Counter((case, data["work"]) for case, data in db.execute(entries))
    rows = select(Task.case_id, Task.work_id).where(Task.ending == "completed")
    closed = Counter(tuple(row) for row in db.execute(rows))
    for place in {*told, *closed}:
        if (told[place], closed[place]) != (1, 1):
            yield f"completed: {place} is told {told[place]} times and closed {closed[place]} times"
    answered = select(Answer.case_id, Answer.work_id, Answer.field).group_by(Answer.case_id, Answer.work_id)
    for row in db.execute(answered.group_by(Answer.field).having(func.count() > 1)):
        yield f"answered: {tuple(row)} more than once"


def _letters(db: Session) -> Iterator[str]:
    """The journal's trace says how often a case threw; so many letters went out, and each found its one receiver."""
    thrown: Counter[int] = Counter()
    for case, data in db.execute(select(Entry.case_id, Entry.data).where(Entry.case_id.is_not(None))):
        thrown[case] += sum(place in ("loop/open", "loop/report", "loop/end") for place in data.get("visited", ()))
    posted = Counter(db.scalars(select(CaseMessage.case_id)))
    for case in {*thrown, *posted}:
        if thrown[case] != posted[case]:
            yield f"letters: case {case} threw {thrown[case]} and posted {posted[case]}"
    for letter in db.scalars(select(CaseMessage).where(CaseMessage.receivers != 1)):
        yield f"letters: {letter.id} {letter.message} reached {letter.receivers} cases"


def _received(db: Session) -> Iterator[str]:
    """Each register was begun once and heard exactly what its case has sent, the last word last."""
    registers = dict(db.execute(select(Case.parent_id, Case.id).where(Case.process == "register")).all())
    count = db.scalar(select(func.count()).select_from(Case).where(Case.process == "register"))
    if count != len(registers):
        yield f"received: {count} registers of {len(registers)} cases"
    heard = Counter(db.scalars(select(Entry.case_id).where(Entry.kind == "message.received")))
    told = Counter(db.scalars(select(CaseMessage.case_id).where(CaseMessage.message != "opened")))
    for case, register in registers.items():
        if heard[register] != told[case]:
            yield f"received: case {case} told {told[case]} and its register heard {heard[register]}"


def _versions(db: Session) -> Iterator[str]:
    """Every turn of a case moved its version by one: none was written over another."""
    entries = select(Entry.case_id, func.count(func.distinct(Entry.at))).where(Entry.case_id.is_not(None))
    turns = dict(db.execute(entries.group_by(Entry.case_id)).all())
    for case, version in db.execute(select(Case.id, Case.version)):
        if turns.get(case, 0) > version:
            yield f"version: case {case} made {turns[case]} turns and says {version}"
