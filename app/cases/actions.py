"""Acts on a case beyond its tasks, as the pack declares them: a message to the running case, or to a linked one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from app import feel
from app.cases import answers as answered
from app.cases import clocks, lifecycle, locking
from app.cases.filling import Settle, checked, unsettled
from app.cases.locking import Locked
from app.cases.models import Case, CaseMessage, Subscription, Task
from app.cases.turn import turn
from app.cases.visible import sees
from app.clock import in_office
from app.definitions.functions import FUNCTIONS
from app.definitions.manifest import Act
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.errors import Conflict, NotAllowed, NotFound, words
from app.journal import Note
from app.limits.rules import Rules, rules_for
from app.people.access import Actor
from app.registers.standing import is_in_office, refuse_unless_in_office


def offered(  # noqa: PLR0913 - who asks for what, and when
    db: Session,
    case: Case,
    pack: Pack,
    *,
    by: Actor,
    settings: Mapping[str, object],
    at: datetime,
    process: str | None = None,
) -> list[Act]:
    """The acts that this person may do to the case now; a page shows each as a button.

    `process`: only those that belong to a task of that process, and are shown beside it.
    """
    rules = rules_for(pack, settings, at)
    mine = [act for act in pack.acts.values() if case.process in act.on and act.lanes & by.lanes]
    mine = [act for act in mine if process is None or act.during == process]
    return [act for act in mine if _open(db, case, act, by=by, rules=rules) and _holds(db, act, case, rules)]


def act(  # noqa: PLR0913 - one request's parts
    db: Session,
    case_ref: str,
    act_id: str,
    answers: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    settle: Settle = unsettled,
) -> int:
    """Do an act to a case; returns the case's id. Raises NotFound, NotAllowed, Conflict or Invalid."""
    case_id = db.scalar(select(Case.id).where(Case.ref == case_ref))
    held = locking.lock_case(db, case_id) if case_id else None
    if held is None or not sees(by, held.case):
        raise NotFound(words("There is no such case here."))
    pack = open_release(db, held.case.release_id)
    declared = pack.acts.get(act_id)
    if declared is None or held.case.process not in declared.on:
        raise NotFound(words("There is no such act on this case."))
    rules = rules_for(pack, held.bureau_settings, at)
    _refuse(db, held.case, declared, rules, by=by)
    if declared.begins is not None:
        return _begin(db, held, declared, answers, by=by, at=at, settle=settle)
    form = pack.form(declared.process, declared.form)
    kept = checked(db, held.case, form, answers, rules=rules, facts=held.case.facts)
    settle(held.case, form, answers)
    sheet = answered.Sheet(held.case.id, declared.process, act_id, 0, form, kept, by.id, at)
    answered.write(db, sheet)
    if declared.does is not None:
        with turn(db, held, by=by, at=at) as progress:
            progress.notes.append(Note("case.acted", declared.id, {"act": declared.id}))
            clocks.DOES[declared.does](progress, org=kept.get("agency"), why=str(kept["reason"]))
        return held.case.id
    _send(db, held, declared, payload(pack, declared, held.case.facts, kept, rules), by=by, at=at)
    return held.case.id


def _refuse(db: Session, case: Case, declared: Act, rules: Rules, *, by: Actor) -> None:
    if not declared.lanes & by.lanes:
        raise NotAllowed(words("This is not yours to do."), clauses=["permission"])
    if declared.lane == "supervisor":
        refuse_unless_in_office(db, by, on=rules.at.date())
    if not _holds(db, declared, case, rules) or not _open(db, case, declared, by=by, rules=rules):
        text = words("This cannot be done to the case as it stands now.")
        raise Conflict(text, clauses=declared.basis.split())


def _holds(db: Session, declared: Act, case: Case, rules: Rules) -> bool:
    """Whether the act's condition holds; whether the author is in office is looked up, for it changes by itself."""
    if not declared.when:
        return True
    known = {**case.facts, "status": case.status, "closed": case.closed_at is not None, "settings": rules.settings}
    if isinstance(author := case.facts.get("author"), str):
        known["author_active"] = is_in_office(db, case.bureau_id, author, on=rules.at.date())
    condition = feel.compile(feel.expression_text(declared.when), [*known, *FUNCTIONS])
    return condition(known, functions=rules.functions()) is True


def _open(db: Session, case: Case, declared: Act, *, by: Actor, rules: Rules) -> bool:
    """Whether somebody would take the message: the running case waits for it, or an ended one is followed, once."""
    if declared.does is not None:
        return case.closed_at is None
    if declared.begins is not None:
        return _has_task(db, case, declared, by=by, rules=rules)
    if case.closed_at is not None:
        sent = exists().where(CaseMessage.case_id == case.id, CaseMessage.message == declared.ended)
        return declared.ended is not None and not db.scalar(select(sent))
    waits = exists().where(Subscription.case_id == case.id, Subscription.message == declared.running)
    return declared.running is not None and bool(db.scalar(select(waits)))


def _has_task(db: Session, case: Case, declared: Act, *, by: Actor, rules: Rules) -> bool:
    """Whether the person's agency has an open task of the process that the act belongs to, not past its date."""
    mine = Task.case_id == case.id, Task.process == declared.during, Task.organisation_id.in_(by.agencies)
    in_time = Task.closed_at.is_(None), Task.due >= in_office(rules.at).date()
    return bool(db.scalar(select(exists().where(*mine, *in_time))))


def _begin(  # noqa: PLR0913 - one request's parts
    db: Session, held: Locked, declared: Act, answers: Mapping[str, object], *, by: Actor, at: datetime, settle: Settle
) -> int:
    """Start the linked case that the act begins, its first form filled; the journal of this one says so."""
    case = held.case
    known = {"of_case": case.ref, "title": case.title}
    lifecycle.start(db, str(declared.begins), answers, by=by, at=at, settle=settle, known=known, parent=case.id)
    note = Note("case.acted", declared.id, {"act": declared.id})
    locking.append(db, case, [note], at=at, by=by.id)
    return case.id


def payload(
    pack: Pack, declared: Act, facts: Mapping[str, object], kept: Mapping[str, object], rules: Rules
) -> dict[str, Any]:
    """What the message carries: what the diagram reads of the form, and `payload` of the act in pack.yaml over both."""
    read = answered.for_engine(declared.id, pack.form(declared.process, declared.form), kept, pack.reads)
    known = {**facts, **kept}
    expressions = declared.payload
    return {**read, **{name: _value(text, known, rules) for name, text in expressions.items()}}


def key_of(pack: Pack, declared: Act, facts: Mapping[str, object], data: Mapping[str, object], at: datetime) -> Any:
    """The key under which the message goes out."""
    return _value(declared.key, {**facts, **data}, rules_for(pack, {}, at))


def _value(text: str, known: Mapping[str, object], rules: Rules) -> Any:
    if not feel.is_expression(text):
        return text
    compiled = feel.compile(feel.expression_text(text), [*known, *FUNCTIONS])
    return feel.to_fact(compiled(known, functions=rules.functions()))


def _send(  # noqa: PLR0913 - the parts of a message
    db: Session, held: Locked, declared: Act, data: Mapping[str, object], *, by: Actor, at: datetime
) -> None:
    case = held.case
    key = key_of(open_release(db, case.release_id), declared, case.facts, data, at)
    note = Note("case.acted", declared.id, {"act": declared.id})
    if case.closed_at is None:
        with turn(db, held, by=by, at=at) as progress:
            progress.notes.append(note)
            if not progress.instance.receive(str(declared.running), data, key=key):
                raise Conflict(words("This cannot be done to the case as it stands now."))
        return
    locking.append(db, case, [note], at=at, by=by.id)
    _post(db, case, declared, data, key=key, at=at)


def _post(db: Session, case: Case, declared: Act, data: Mapping[str, object], *, key: Any, at: datetime) -> None:
    """A message from a case that has ended; its sequence counts below zero, where no engine counts."""
    lowest = db.scalar(select(func.min(CaseMessage.sequence)).where(CaseMessage.case_id == case.id)) or 0
    row = {
        "bureau_id": case.bureau_id,
        "case_id": case.id,
        "element": declared.id,
        "sequence": min(lowest, 0) - 1,
        "message": declared.ended,
        "key": key,
        "data": dict(data),
        "sent_at": at,
        "receivers": 0,
    }
    db.execute(insert(CaseMessage).values(**row))
