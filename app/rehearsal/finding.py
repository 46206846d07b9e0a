"""Finding the open task that a scenario means, and filling its form as the scenario says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine, forms
from app.cases.models import Candidate, Case, Task
from app.definitions.pack import Pack
from app.engine import Work
from app.errors import Conflict, words
from app.forms import Form
from app.limits.rules import Rules, rules_for
from app.people.access import Actor
from app.people.models import Organisation, Person
from app.rehearsal.naming import Unclear
from app.rehearsal.stage import Stage

NUMBER_ENDS = ("_no", "_id", "_of")
"""How the keys end of fields that want a case's number; a scenario writes the case's name there."""


def task_named(db: Session, stage: Stage, name: str, *, case: str | None, by: Actor | None) -> Task:
    """The task of that element id, `@agency` or `@person` telling several apart; the open one, else the last closed.

    Raises Unclear (no such element, or more than one open task is meant) and, as the person would meet it,
    Conflict (not open yet).
    """
    element, _, whose = name.partition("@")
    if not any(element in process.steps for process in stage.pack.diagram.processes.values()):
        raise Unclear(words('No diagram of this pack has a task "{name}".', name=element))
    query = select(Task).where(Task.element == element).order_by(Task.id)
    if case is not None:
        query = query.where(Task.case_id == stage.cases.find(case).id)
    found = [task for task in db.scalars(query) if not whose or _belongs(db, task, whose)]
    open_ones = [task for task in found if task.closed_at is None]
    if len(open_ones) > 1 and by is not None:
        open_ones = [task for task in open_ones if _is_for(db, task, by)] or open_ones
    if len(open_ones) > 1:
        raise Unclear(words('Several tasks "{name}" are open; name the case, or whose it is with @.', name=element))
    if not found:
        raise Conflict(words('The task "{task}" is not open yet.', task=element))
    return open_ones[0] if open_ones else found[-1]


def _belongs(db: Session, task: Task, whose: str) -> bool:
    """Whether a task is an agency's or a person's."""
    if whose == db.scalar(select(Organisation.ref).where(Organisation.id == task.organisation_id)):
        return True
    people = select(Person.ref).outerjoin(Candidate, Candidate.person_id == Person.id)
    holders = people.where((Candidate.task_id == task.id) | (Person.id == task.holder_id))
    return whose in db.scalars(holders).all()


def _is_for(db: Session, task: Task, by: Actor) -> bool:
    if task.holder_id is not None or task.named:
        return _belongs(db, task, by.ref)
    return by.serves(task.lane, task.organisation_id)


def work_of(db: Session, pack: Pack, task: Task) -> tuple[Case, Work | None]:
    """A task's case and its open work as the engine has it; None once it is closed."""
    case = db.get_one(Case, task.case_id)
    instance = engine.load(case.state, pack.diagram)
    return case, next((work for work in instance.work() if work.id == task.work_id), None)


def rules_now(db: Session, stage: Stage) -> Rules:
    """The pack's rules with the bureau's own values, at the present instant."""
    settings = db.scalar(select(Organisation.settings).where(Organisation.id == stage.bureau_id)) or {}
    return rules_for(stage.pack, settings, stage.clock.now())


def answers_for(db: Session, stage: Stage, task_ref: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a task: what the scenario says, and neutral samples for what it leaves out."""
    task = db.scalars(select(Task).where(Task.ref == task_ref)).one()
    case, work = work_of(db, stage.pack, task)
    if work is None:
        return numbered(db, stage, given)
    form = stage.pack.form_of(work.process, work.element)
    return filled(db, stage, form, given, {**case.facts, **work.data})


def filled(db: Session, stage: Stage, form: Form, given: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The given answers with samples for the required fields left out; none where the scenario is strict."""
    answers = numbered(db, stage, given)
    if stage.scenario.strict:
        return answers
    return {**forms.samples(form, facts, rules_now(db, stage).functions(), answers), **answers}


def numbered(db: Session, stage: Stage, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with numbers in the place of case names, where a number is asked."""
    return {key: _numbered(db, stage, key, value) for key, value in given.items()}


def _numbered(db: Session, stage: Stage, key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return numbered(db, stage, value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_numbered(db, stage, key, item) for item in value]
    if key.endswith(NUMBER_ENDS) and stage.cases.is_one(value):
        return number_of(db, stage, value)
    return value


def number_of(db: Session, stage: Stage, name: str) -> str:
    """The number of a case that the scenario names, else its ref."""
    case = db.get_one(Case, stage.cases.find(name).id)
    return case.number or case.ref
