"""What can happen to a case beyond its tasks: it starts, a timer fires, or a message comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import engine, feel, journal
from app.cases import locking
from app.cases.filling import Settle, unsettled
from app.cases.inbox import Sent, fill, receipt_key, sent_of
from app.cases.locking import Locked
from app.cases.models import Case, Task
from app.cases.progress import Progress
from app.cases.turn import turn
from app.cases.visible import SUBJECT
from app.definitions.models import CurrentRelease
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Instance
from app.errors import Conflict, NotAllowed, NotFound, Refusal, words
from app.journal import Note
from app.limits.rules import rules_for
from app.people.access import AGENCY_LANES, Actor
from app.people.models import Organisation
from app.registers.standing import refuse_unless_in_office


@dataclass(frozen=True)
class Office:
    """A bureau and the release that its new cases start on."""

    bureau_id: int
    name: str
    ref: str
    settings: Mapping[str, Any]
    release_id: int


def office_of(db: Session, bureau_id: int) -> Office:
    """The bureau with its current release; one statement. Raises NotFound."""
    query = (
        select(Organisation.id, Organisation.name, Organisation.ref, Organisation.settings, CurrentRelease.release_id)
        .join(CurrentRelease, CurrentRelease.bureau_id == Organisation.id)
        .where(Organisation.id == bureau_id)
    )
    row = db.execute(query).first()
    if row is None:
        raise NotFound(words("No rules have been loaded for this office yet."))
    return Office(*row)


def start(  # noqa: PLR0913 - one request's parts
    db: Session,
    process: str,
    answers: Mapping[str, object] | None,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    settle: Settle = unsettled,
    known: Mapping[str, object] | None = None,
    parent: int | None = None,
) -> Sent:
    """Start a case by hand; `answers` fill its first form in the same turn, None leaves it open as a draft.

    `known`: facts that it begins with, where an act on the case `parent` starts it.
    Raises NotFound (no such process), NotAllowed (lane, not in office), Invalid (the form), Conflict (one is running).
    """
    key = receipt_key(key, "start", process)
    if key and (sent := _sent_before(db, by, key)):
        return sent
    office = office_of(db, by.bureau_id)
    pack = open_release(db, office.release_id)
    refuse_start(db, pack, process, by=by, on=at.date())
    begun = {**(known or {}), **_starter(by)}
    facts = first_facts(pack, at, begun)
    instance = pack.diagram.start(facts, process)
    with _starting(db, office, process, instance, known=facts, by=by, at=at, parent=parent, key=key) as new:
        new.followers = (by.ref,)
        more = {name: value for name, value in begun.items() if name != "author"}  # that one is the entry's actor
        new.notes.append(Note("case.started", data={"process": process, **({"known": more} if more else {})}))
        if answers is not None:
            first = new.run().opened
            fill(new, first[0].id, answers, settle=settle)
        else:
            new.title = pack.title_of(process, facts)
    return sent_of(new)


def _sent_before(db: Session, by: Actor, key: str) -> Sent | None:
    """The case that the same request has already started; two at once wait for each other here."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{by.id} {key}"})
    query = select(Case).join(Task, Task.case_id == Case.id).where(Task.closed_by == by.id, Task.receipt_key == key)
    case = db.scalar(query)
    return Sent(case.id, case.ref, (), case.closed_at is not None, repeated=True) if case else None


def refuse_start(db: Session, pack: Pack, process: str, *, by: Actor, on: date) -> None:
    """A process starts by hand from the lanes that its diagram names, and for supervisors only in office (D-21)."""
    lanes = pack.starts_by_hand(process)
    if not lanes & by.lanes:
        raise NotAllowed(words("This is not yours to start."), clauses=["permission"])
    if "supervisor" in lanes & by.lanes:
        refuse_unless_in_office(db, by, on=on)


def first_step(db: Session, process: str, *, by: Actor, at: datetime) -> tuple[Pack, engine.Work]:
    """The first task of a process as `by` would meet it; nothing is kept."""
    office = office_of(db, by.bureau_id)
    pack = open_release(db, office.release_id)
    refuse_start(db, pack, process, by=by, on=at.date())
    instance = pack.diagram.start(first_facts(pack, at, _starter(by)), process)
    rules = rules_for(pack, office.settings, at)
    instance.run(at, engine.Host(functions=rules.functions(), deadline=rules.due))
    work = instance.work()
    if not work:
        raise NotFound(words("This process does not begin with a form."))
    return pack, work[0]


def start_by_message(
    db: Session,
    office: Office,
    process: str,
    message: str | None,
    data: Mapping[str, object],
    *,
    parent: int | None,
    at: datetime,
) -> Case:
    """Start a linked case because a message came in; without one, a called process alone, as rehearsals do."""
    pack = open_release(db, office.release_id)
    facts = first_facts(pack, at, {}) | dict(data)
    instance = pack.diagram.start(facts, process, message=message)
    with _starting(db, office, process, instance, known=facts, by=None, at=at, parent=parent) as new:
        new.followers = tuple(ref for ref in (facts.get("author"),) if isinstance(ref, str))
        new.notes.append(Note("case.started", data={"process": process, "message": message}))
        new.title = pack.title_of(process, facts)
        new.number = _number_of(db, parent)
    return new.case


def _number_of(db: Session, parent: int | None) -> str | None:
    """A linked case goes by the number of the case that it came from, until it is given its own."""
    return db.scalar(select(Case.number).where(Case.id == parent)) if parent else None


def wake(db: Session, case_id: int, due: datetime, *, at: datetime) -> bool:
    """Fire the timers of a case that are due at `due`; False where the case is gone or has ended.

    Raises Refusal where none of them fires: without that it would be tried for ever.
    """
    held = locking.lock_case(db, case_id)
    if held is None or held.case.closed_at is not None:
        return False
    wake_held(db, held, due, at=at)
    return True


def wake_held(db: Session, held: Locked, due: datetime, *, at: datetime) -> int:
    """The same for a case that is held already; returns how many messages it has thrown."""
    with turn(db, held, by=None, at=at, logical=due) as progress:
        pass
    if not {timer for timer in progress.turn.timers if timer.due <= due} - set(progress.instance.timers()):
        raise Refusal(words("A timer of this case is due and does not fire."))
    return sum(len(run.messages) for run in progress.runs)


def receive(
    db: Session, case_id: int, message: str, key: str | None, data: Mapping[str, object], *, at: datetime
) -> bool:
    """Hand a message to a case that waits for it; False, and nothing is written, where it no longer does."""
    held = locking.lock_case(db, case_id)
    if held is None or held.case.closed_at is not None:
        return False
    with suppress(_NotTaken), turn(db, held, by=None, at=at) as progress:
        if not progress.instance.receive(message, data, key=key):
            raise _NotTaken
        progress.notes.append(Note("message.received", data={"message": message}))
        return True
    return False


class _NotTaken(Exception):
    """Leaves a turn before anything of it is kept."""


def _starter(by: Actor) -> dict[str, Any]:
    """Who starts it, and for whom, where that is an agency."""
    agency = next((post.organisation_ref for post in by.posts if post.lane in AGENCY_LANES), None)
    return {"author": by.ref} | ({"own_agency": agency} if agency else {})


def first_facts(pack: Pack, at: datetime, facts: Mapping[str, object]) -> dict[str, Any]:
    """What every case knows from its beginning, before the message or the author adds to it."""
    pack.refuse_before(at.date())
    return {"regulation": pack.regulation, "started_on": at.date().isoformat(), **facts}


def _new_case(  # noqa: PLR0913 - the parts of a new case
    office: Office, process: str, instance: Instance, *, parent: int | None, by: Actor | None, at: datetime
) -> Case:
    return Case(
        bureau_id=office.bureau_id,
        release_id=office.release_id,
        process=process,
        parent_id=parent,
        title="",
        number="",
        status="running",
        version=0,
        state=b"",
        facts=instance.facts(),
        parties={},
        started_at=at,
        started_by=by.id if by else None,
        journal_seq=0,
        journal_seal=journal.NO_SEAL,
    )


@contextmanager
def _starting(  # noqa: PLR0913 - the parts of a new case
    db: Session,
    office: Office,
    process: str,
    instance: Instance,
    *,
    known: Mapping[str, object],
    by: Actor | None,
    at: datetime,
    parent: int | None = None,
    key: str | None = None,
) -> Iterator[Progress]:
    """A turn over a case that is inserted for it. `known`: what it begins with, by hand or by message."""
    case = _new_case(office, process, instance, parent=parent, by=by, at=at)
    case.unique_key = _unique_key(open_release(db, office.release_id), process, known)
    if case.unique_key is not None and _is_running(db, case):
        raise Conflict(words("A case of this kind is already running for the same matter."))
    db.add(case)
    try:
        db.flush()
    except IntegrityError:
        raise Conflict(words("A case of this kind is already running for the same matter.")) from None
    held = Locked(case, office.name, office.ref, office.settings)
    with turn(db, held, by=by, at=at, fresh=instance, receipt_key=key) as new:
        new.subjects = _subjects_of(db, parent)
        yield new


def _subjects_of(db: Session, parent: int | None) -> dict[str, int]:
    """Whom the case before was about; what comes of it is about them too."""
    parties = db.scalar(select(Case.parties).where(Case.id == parent)) if parent else None
    return {ref: party["id"] for ref, party in (parties or {}).items() if party["role"] == SUBJECT}


def _unique_key(pack: Pack, process: str, known: Mapping[str, object]) -> str | None:
    """The value of which only one case may run; nothing known, nothing to be unique."""
    unique = pack.process(process).attributes.get("unique", "")
    value = _value(unique, known) if unique else None
    return None if value is None else str(value)


def _is_running(db: Session, case: Case) -> bool:
    alike = Case.bureau_id == case.bureau_id, Case.process == case.process, Case.unique_key == case.unique_key
    return db.scalar(select(Case.id).where(*alike, Case.closed_at.is_(None)).limit(1)) is not None


def _value(written: str, known: Mapping[str, object]) -> object:
    if not feel.is_expression(written):
        return written
    return feel.compile(feel.expression_text(written))(known)
