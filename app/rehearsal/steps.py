"""Doing the steps of a scenario, each through the same doors as the web, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from app.cases import actions, drafting, drafts, holding, inbox, lifecycle, urging
from app.cases.answers import OUTCOME
from app.cases.models import Case, Task
from app.cases.view import view
from app.definitions import releases
from app.definitions.pack import Pack
from app.errors import Refusal, Words, words
from app.papers.models import Paper
from app.people.access import Actor
from app.people.models import Membership, Person
from app.rehearsal.finding import answers_for, filled, numbered, task_named
from app.rehearsal.matching import covers
from app.rehearsal.naming import Unclear
from app.rehearsal.scenario import Act, At, Complete, Import, Issue, Read, Restart, Send, Start, Step
from app.rehearsal.stage import IN_MEMORY, Stage

Differences = list[Words]
OFFICE_ACTIONS = {"claim": holding.claim, "release": holding.release, "urge": urging.urge}
LATER_ACTIONS = frozenset({"transfer", "delegate", "return", "recall", "countersign", "copy", "withdraw"})
MOST_ROUNDS = 1_000
APPROVE = "approve"
"""How `issue` answers whoever checks and signs, unless the step says otherwise."""


def do(stage: Stage, step: Step) -> Differences:
    """Do a step, then what follows of itself. Raises Refusal as a person would meet it, Unclear for a wrong file."""
    known = len(stage.cases.known)
    differences = DOORS[type(step)](stage, step)
    settle(stage)
    if step.named is not None:
        stage.cases.call(known, step.named)
    return differences


def settle(stage: Stage) -> None:
    """Deliver messages, fire what is due at this instant, and take in the cases that have started."""
    jobs.sweep(stage.database, stage.clock.now())
    stage.notice_cases()


def start(stage: Stage, step: Start) -> Differences:
    """Start a case by hand; a process that only others call is started alone, with the caller's data."""
    now = stage.clock.now()
    with stage.database.transaction() as db:
        if _is_called_only(stage.pack, step.process):
            office = lifecycle.office_of(db, stage.bureau_id)
            data = {"author": step.by, **numbered(db, stage, step.answers)}
            lifecycle.start_by_message(db, office, step.process, None, data, parent=None, at=now)
            return []
        by = stage.actor(db, step.by)
        answers = None if step.draft else _first_answers(db, stage, step, by)
        sent = lifecycle.start(db, step.process, answers, by=by, at=now)
        if step.draft:
            ref = db.scalar(select(Task.ref).where(Task.case_id == sent.case_id))
            drafts.save(db, ref or "", numbered(db, stage, step.answers), by=by, at=now)
    return []


def _first_answers(db: Session, stage: Stage, step: Start, by: Actor) -> dict[str, Any]:
    if stage.scenario.strict or step.process not in stage.pack.diagram.processes:
        return numbered(db, stage, step.answers)
    pack, work = lifecycle.first_step(db, step.process, by=by, at=stage.clock.now())
    return filled(db, stage, pack.form_of(work.process, work.element), step.answers, work.data)


def _is_called_only(pack: Pack, process: str) -> bool:
    """Whether a process is there for others to call: it begins without a message, and nobody starts it by hand."""
    known = pack.diagram.processes.get(process)
    plain = known is not None and any(start.message is None for start in known.starts)
    return plain and not pack.starts_by_hand(process)


def complete(stage: Stage, step: Complete) -> Differences:
    """Complete a task, or save what has been typed; what is refused is journaled, as the pages do."""
    now = stage.clock.now()
    with stage.database.reading() as db:
        by = stage.actor(db, step.by)
        ref = task_named(db, stage, step.task, case=step.case, by=by).ref
    try:
        with stage.database.transaction() as db:
            if step.draft:
                drafts.save(db, ref, numbered(db, stage, step.answers), by=by, at=now)
            else:
                inbox.submit(db, ref, answers_for(db, stage, ref, step.answers), by=by, at=now)
    except Refusal as refusal:
        with stage.database.transaction() as db:
            holding.note_refusal(db, ref, refusal, by=by, at=now)
        raise
    return []


def send(stage: Stage, step: Send) -> Differences:
    """Hand in a message from outside; it goes to the cases that wait for it under one of the values it carries."""
    with stage.database.transaction() as db:
        data = numbered(db, stage, step.answers)
        case_id = stage.cases.find(step.case).id if step.case else None
        jobs.hand_in(db, stage.bureau_id, step.message, data, case_id=case_id, at=stage.clock.now())
    return []


def act(stage: Stage, step: Act) -> Differences:
    """An office action on a task, or an act on a case that the pack declares."""
    if step.act in LATER_ACTIONS and step.act not in stage.pack.acts:
        return [words('The act "{act}" is not available yet.', act=step.act)]
    if step.act not in OFFICE_ACTIONS and step.act not in stage.pack.acts:
        raise Unclear(words('There is no act "{name}".', name=step.act))
    with stage.database.transaction() as db:
        by, now = stage.actor(db, step.by), stage.clock.now()
        if step.act in OFFICE_ACTIONS:
            task = task_named(db, stage, str(step.task), case=step.case, by=by)
            OFFICE_ACTIONS[step.act](db, task.ref, by=by, at=now)
        else:
            case = _case_of(db, stage, step, by)
            answers = _act_answers(db, stage, step, case)
            actions.act(db, case.ref, step.act, answers, by=by, at=now)
    return []


def _case_of(db: Session, stage: Stage, step: Act, by: Actor) -> Case:
    if step.case is not None:
        return db.get_one(Case, stage.cases.find(step.case).id)
    return db.get_one(Case, task_named(db, stage, str(step.task), case=None, by=by).case_id)


def _act_answers(db: Session, stage: Stage, step: Act, case: Case) -> dict[str, Any]:
    declared = stage.pack.acts[step.act]
    return filled(db, stage, stage.pack.form(declared.process, declared.form), step.answers, case.facts)


def issue(stage: Stage, step: Issue) -> Differences:
    """Complete the tasks of a paper's issuing, each by its lane's first person; then the paper must be out."""
    for _ in range(MOST_ROUNDS):
        if not _issue_next(stage, step):
            break
        settle(stage)
    with stage.database.reading() as db:
        query = select(Paper.code)
        if step.case is not None:
            query = query.where(Paper.case_id == stage.cases.find(step.case).id)
        out = db.scalars(query).all()
    found = any(covers(step.paper, code) for code in out)
    return [] if found else [words("{paper} has not been issued.", paper=step.paper)]


def _issue_next(stage: Stage, step: Issue) -> bool:
    """Complete the first open task that is about a draft of this paper, approving where it asks; False: none is."""
    with stage.database.transaction() as db:
        query = select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)
        if step.case is not None:
            query = query.where(Task.case_id == stage.cases.find(step.case).id)
        for task in db.scalars(query):
            if not covers(step.paper, drafting.code_of(db, stage.pack, task) or ""):
                continue
            by = stage.actor(db, step.by or _first_of_lane(db, task))
            form = stage.pack.form_of(task.process, task.element)
            given = {OUTCOME: APPROVE} if OUTCOME in form.own else {}
            given |= {key: value for key, value in step.answers.items() if key in form.own}
            inbox.submit(db, task.ref, answers_for(db, stage, task.ref, given), by=by, at=stage.clock.now())
            return True
    return False


def _first_of_lane(db: Session, task: Task) -> str:
    query = select(Person.ref).join(Membership, Membership.person_id == Person.id)
    query = query.where(Membership.lane == task.lane, Membership.organisation_id == task.organisation_id)
    return db.scalars(query.order_by(Membership.id).limit(1)).first() or ""


def read(stage: Stage, step: Read) -> Differences:
    """What a person sees of a case: the fields of its answers, and its papers."""
    with stage.database.reading() as db:
        seen = view(db, stage.cases.find(step.case).ref, by=stage.actor(db, step.by))
        shown = {field.key for opinion in seen.opinions for field, _ in opinion.fields}
        shown |= {paper.code for paper in seen.papers}
    _refuse_unknown(stage, (*step.sees, *step.hides))
    missing = [words("{by} does not see {field}.", by=step.by, field=key) for key in step.sees if key not in shown]
    shows = [words("{by} sees {field}.", by=step.by, field=key) for key in step.hides if key in shown]
    return missing + shows


def _refuse_unknown(stage: Stage, keys: tuple[str, ...]) -> None:
    known = {field.key for form in stage.pack.forms.values() for field in form.fields}
    for key in keys:
        if key not in known and key not in stage.pack.papers:
            raise Unclear(words('No form of this pack has a field "{name}", and no paper is called so.', name=key))


def at(stage: Stage, step: At) -> Differences:
    """Move the clock; each thing due on the way happens at its own instant, in due order."""
    if step.instant < stage.clock.now():
        raise Unclear(words("{instant} lies before {now}.", instant=step.instant, now=stage.clock.now()))
    while (due := jobs.next_due(stage.database, step.instant)) is not None:
        stage.clock.move(max(due[1], stage.clock.now()))
        settle(stage)
    stage.clock.move(step.instant)
    return []


def restart(stage: Stage, step: Restart) -> Differences:
    """Lose what is in memory and let time pass; what fell due meanwhile happens late, at the end."""
    releases.forget()
    if str(stage.database.engine.url) != IN_MEMORY:
        stage.database.close()
    stage.clock.move(stage.clock.now() + step.down_for)
    return []


def import_days(stage: Stage, step: Import) -> Differences:
    """Import days of the holiday table; running deadlines are counted anew."""
    with stage.database.reading() as db:
        by = stage.actor(db, step.by)
    jobs.import_days(stage.database, step.days, year=step.year, by=by, at=stage.clock.now())
    return []


DOORS: Mapping[type[Step], Callable[[Stage, Any], Differences]] = {
    Start: start,
    Complete: complete,
    Send: send,
    Act: act,
    Issue: issue,
    Read: read,
    At: at,
    Import: import_days,
    Restart: restart,
}
