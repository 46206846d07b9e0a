"""The work pane of one task: who asks what and why, its form, the opinions so far, its timeline and diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases import absence, actions, course, drafting, drafts, evidence, holding, view
from app.cases.course import CourseStep
from app.cases.locking import LockedTask
from app.cases.models import Task
from app.cases.view import View
from app.db import Session
from app.definitions.manifest import Act
from app.engine import Work
from app.errors import Refusal, Words, words
from app.limits import clocks
from app.papers.content import PaperContent
from app.people.access import Actor
from app.people.directory import Named
from app.web.case import diagram, opinions, progress
from app.web.case.diagram import CaseDiagram
from app.web.case.opinions import OpinionSheet
from app.web.case.progress import ProgressStep
from app.web.case.reader import CaseReader, reader_of
from app.web.frame import Bureau
from app.web.pieces import due_chip, due_reasons
from app.web.pieces.due_chip import DueChip, chip
from app.web.pieces.due_reasons import DueReasons
from app.web.pieces.form_island import FormTarget, ShownForm, shown_form, work_of
from app.web.texts import clauses_of, entry, named

HELD, FREE, OTHERS, DONE = "held", "free", "others", "done"


@dataclass(frozen=True)
class ParentCase:
    """The case that this one came out of, with what the reader may read of it."""

    ref: str
    number: str
    title: str
    process: str
    rows: tuple[OpinionSheet, ...]
    asks: Words
    """The step that was done there last, from which this task came."""


@dataclass(frozen=True)
class TaskPane:
    """Everything that the work pane shows of a task."""

    ref: str
    revision: int
    step: str
    process: str
    state: str
    seen: View
    status: str
    asks: Words
    basis: tuple[str, ...]
    due: DueChip
    why: DueReasons | None
    form: ShownForm | None
    note: Words | None
    rows: tuple[OpinionSheet, ...]
    parent: ParentCase | None
    rungs: tuple[ProgressStep, ...]
    drawings: tuple[CaseDiagram, ...]
    may_release: bool
    acts: tuple[Act, ...] = ()
    """Acts that are open beside it, such as asking for a later date."""
    may_take_back: bool = False
    paper: PaperContent | None = None
    """The draft that the task is about: nobody checks, signs or seals a text that they have not seen (2.4.20)."""
    nameable: tuple[Named, ...] | None = None
    """Persons whom this reader may name for a task that has lost its own; None where there is nothing to name."""


@dataclass(frozen=True)
class _Opened:
    """The rows that all parts of the pane are made from."""

    task: Task
    seen: View
    steps: Sequence[CourseStep]
    reader: CaseReader
    bureau: Bureau
    at: datetime


def task_pane(db: Session, task_ref: str, *, by: Actor, bureau: Bureau) -> TaskPane:
    """The pane of a task, for one who may see its case. Raises NotFound."""
    task, case = view.case_of_task(db, task_ref, by=by)
    seen = view.view(db, case.ref, by=by)
    steps = course.steps(db, case.id)
    opened = _Opened(task, seen, steps, reader_of(seen, by), bureau, bureau.at)
    return _pane(db, opened, by)


@dataclass(frozen=True)
class Standing:
    """Whether this person can still send the task, and if not, who ended or took it and when."""

    open: bool
    words: Words | None


def standing(db: Session, task_ref: str, *, by: Actor, bureau: Bureau) -> Standing:
    """How the task stands for a page that was opened before. Raises NotFound."""
    task, case = view.case_of_task(db, task_ref, by=by)
    seen = view.view(db, case.ref, by=by)
    reader = reader_of(seen, by)
    state, note = _state(db, _Opened(task, seen, course.steps(db, case.id), reader, bureau, bureau.at), by)
    return Standing(state in (HELD, FREE), note)


def _pane(db: Session, opened: _Opened, by: Actor) -> TaskPane:
    task, seen, steps, reader, bureau = opened.task, opened.seen, opened.steps, opened.reader, opened.bureau
    step = seen.pack.step(task.process, task.element)
    state, note = _state(db, opened, by)
    parent = _parent(db, opened, by)
    address = bureau.address("cases.diagram", ref=seen.case.ref, process="PROCESS").replace("PROCESS", "{process}")
    work = work_of(seen.pack, seen.case, task) if state != DONE else None
    drafted = drafting.drafted(db, work) if work is not None else None
    return TaskPane(
        ref=task.ref,
        revision=task.revision,
        step=named(step),
        process=named(seen.pack.process(seen.case.process)),
        state=state,
        seen=seen,
        status=entry(seen.pack.statuses, seen.case.status),
        asks=_asks(seen, steps, opened, reader) if steps[0].ref != task.ref or not parent else parent.asks,
        basis=clauses_of(seen.pack.basis_of(task.process, task.element)),
        due=_due(opened) if state != DONE else chip(None, bureau.today, bureau.calendar),
        why=due_reasons.due_reasons(seen, bureau.rules, task, db),
        form=_form(db, opened, by, work, drafted) if work is not None and state in (HELD, FREE) else None,
        note=note,
        rows=tuple(opinions.opinion_sheets(seen, steps, reader, evidence.of_case(db, seen, by=by))),
        parent=parent,
        rungs=tuple(progress.progress_steps(seen, steps, reader, bureau)),
        drawings=tuple(diagram.case_diagrams(seen, steps, reader, bureau, address)),
        may_release=state == HELD and not task.named and task.holder_id is not None,
        acts=tuple(_acts(db, opened, by)) if state in (HELD, FREE) else (),
        paper=drafted.content if drafted is not None else None,
        may_take_back=state == OTHERS and task.holder_id is not None and absence.may_take_back(by, task),
        nameable=_nameable(db, opened, by) if state == OTHERS else None,
    )


def _nameable(db: Session, opened: _Opened, by: Actor) -> tuple[Named, ...] | None:
    task = opened.task
    if not absence.may_take_back(by, task) or not absence.is_unmanned(db, task):
        return None
    return tuple(absence.nameable(db, opened.seen.case, task))


def _acts(db: Session, opened: _Opened, by: Actor) -> list[Act]:
    seen, process = opened.seen, opened.task.process
    return actions.offered(db, seen.case, seen.pack, by=by, settings=seen.settings, at=opened.at, process=process)


def _due(opened: _Opened) -> DueChip:
    task, case, bureau = opened.task, opened.seen.case, opened.bureau
    since = clocks.since(case.facts, case.parties, task.organisation_id) if task.due is None else None
    return due_chip.stopped_chip(since) if since else chip(task.due, bureau.today, bureau.calendar)


def _parent(db: Session, opened: _Opened, by: Actor) -> ParentCase | None:
    """The linked case before this one; the oldest of the linked cases is the one that started it."""
    seen = opened.seen
    if seen.case.parent_id is None or not seen.linked:
        return None
    before = view.view(db, seen.linked[0].ref, by=by)
    steps, sent, reader = course.steps(db, before.case.id), evidence.of_case(db, before, by=by), reader_of(before, by)
    process = named(before.pack.process(before.case.process))
    rows = tuple(opinions.opinion_sheets(before, steps, reader, sent))
    asks = _asks(before, steps, opened, reader)
    return ParentCase(before.case.ref, before.case.number, before.case.title, process, rows, asks)


def _state(db: Session, opened: _Opened, by: Actor) -> tuple[str, Words | None]:
    """Whether this reader may act on the task, and if not, why in words."""
    task = opened.task
    if task.closed_at is not None:
        return DONE, _ended(opened)
    try:
        holding.refuse_unless_offered(db, LockedTask(opened.seen.case, "", "", {}, task), by)
    except Refusal as refusal:
        return OTHERS, refusal.words
    return (HELD if task.holder_id == by.id or task.named else FREE), None


def _ended(opened: _Opened) -> Words:
    task = opened.task
    step = next(one for one in opened.steps if one.ref == task.ref)
    at = task.closed_at
    if task.ending == "cancelled":
        return words("This step ended by itself at {when}, because the case moved on.", when=at)
    return words("{who} completed this step at {when}.", who=opened.reader.name(step), when=at)


def _form(db: Session, opened: _Opened, by: Actor, work: Work, drafted: drafting.Drafted | None) -> ShownForm:
    task, seen = opened.task, opened.seen
    form = seen.pack.form_of(task.process, task.element)
    address = opened.bureau.address
    names = ("tasks.complete", "tasks.draft", "tasks.standing")
    action, draft, watch = (address(name, ref=task.ref) for name in names)
    target = FormTarget(action, draft, watch=watch)
    kept = drafts.of_task(db, task.id, by.id)
    typed = kept.answers or (drafted.opening() if drafted is not None else {})
    facts = {**seen.case.facts, **work.data}
    shown = shown_form(db, form, facts, target, by=by, at=opened.at, typed=typed, case=seen.case)
    shown.island.update(revision=task.revision, draft=kept.revision)
    return shown


def _asks(seen: View, steps: Sequence[CourseStep], opened: _Opened, reader: CaseReader) -> Words:
    """Says whence this step comes: the step before it, here or in the case before, as far as the reader may know."""
    task = opened.task
    name = named(opened.seen.pack.step(task.process, task.element))
    before = [one for one in steps if one.closed_at is not None and one.closed_at <= task.opened_at]
    last = max(before, key=lambda one: (one.closed_at, one.work_id), default=None)
    if last is None or not (reader.sees(last) or reader.knows_author):
        return words("You are asked for “{name}”.", name=name)
    if not reader.sees(last):
        return words("After {place}, you are asked for “{name}”.", place=reader.place(last), name=name)
    done = named(seen.pack.step(last.process, last.element))
    who = reader.name(last)
    return words("{who} completed “{done}”; now “{name}” is asked for.", who=who, done=done, name=name)
