"""Tasks for scripts: the boxes, one task with its form, its draft, taking, giving back and completing."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.cases import absence, drafts, holding, inbox, lists, view
from app.db import Session
from app.errors import NotFound, Refusal
from app.people.access import Actor
from app.web import passwords, submissions
from app.web.api import paging, task_shapes
from app.web.api.once import Done, domain_key, once
from app.web.api.task_shapes import (
    Completion,
    Draft,
    Holding,
    NamedPerson,
    Reason,
    Saved,
    Sent,
    Task,
    Tasks,
    TasksQuery,
)
from app.web.guard import SignInNeeded, actor, audience, now, reading, writing
from app.web.rendering import bureau_here
from app.web.task import destination
from app.web.task import page as task_page
from app.web.texts import tell

bp = APIBlueprint("api_tasks", __name__, tag="tasks", url_prefix="/api/v1/tasks")


@bp.get("")
@bp.input(TasksQuery, location="query", arg_name="asked")
@bp.output(Tasks)
@audience("workers")
def index(asked: TasksQuery) -> Any:
    """Tasks of a box."""
    with reading() as db:
        by = actor()
        bureau = bureau_here(db)
        binding = paging.bind(by, "tasks", box=asked.box, search=asked.search, process=asked.process)
        after = paging.opened(db, asked.cursor, binding)
        found = lists.tasks(
            db, by, asked.box, search=asked.search, process=asked.process, size=asked.limit + 1, after=after
        )
        rows, following = paging.following(db, binding, found, asked.limit)
        return Tasks(items=[task_shapes.listed(db, one, bureau, by) for one in rows], next=following)


@bp.get("/<ref>")
@bp.output(Task)
@audience("workers")
def show(ref: str) -> Any:
    """One task with its form and what this person may know."""
    with reading() as db:
        task, _case = view.case_of_task(db, ref, by=actor())
        shown = task_page.task_pane(db, ref, by=actor(), bureau=bureau_here(db))
        return task_shapes.task_of(shown, task)


@bp.put("/<ref>/draft")
@bp.input(Draft, arg_name="given")
@bp.output(Saved)
@audience("workers")
def draft(ref: str, given: Draft) -> Any:
    """Keep a draft. Written on an older one than is kept: 409, with the one that is kept."""
    with writing() as (db, by):
        answers = submissions.without_secrets(given.answers)
        kept = drafts.save(db, ref, answers, by=by, at=now(), revision=given.revision)
    return Saved(saved_at=now(), revision=kept.revision)


@bp.post("/<ref>/claim")
@bp.output(Holding)
@audience("workers")
def claim(ref: str) -> Any:
    """Take a task from its lane."""

    def work(db: Session, by: Actor) -> Done:
        holding.claim(db, ref, by=by, at=now())
        return Done(_held(db, ref, by))

    return once(work)


@bp.post("/<ref>/release")
@bp.output(Holding)
@audience("workers")
def release(ref: str) -> Any:
    """Give a task back to its lane."""

    def work(db: Session, by: Actor) -> Done:
        holding.release(db, ref, by=by, at=now())
        return Done(_held(db, ref, by))

    return once(work)


@bp.post("/<ref>/take-back")
@bp.input(Reason, arg_name="given")
@bp.output(Holding)
@audience("workers")
def take_back(ref: str, given: Reason) -> Any:
    """Take a task back from who holds it, as the head of its group."""

    def work(db: Session, by: Actor) -> Done:
        absence.take_back(db, ref, given.reason, by=by, at=now())
        return Done(_held(db, ref, by))

    return once(work)


@bp.post("/<ref>/name")
@bp.input(NamedPerson, arg_name="given")
@bp.output(Holding)
@audience("workers")
def name(ref: str, given: NamedPerson) -> Any:
    """Name somebody for a task that has lost the one who was named."""

    def work(db: Session, by: Actor) -> Done:
        absence.name_anew(db, ref, given.person, by=by, at=now())
        return Done(_held(db, ref, by))

    return once(work)


def _held(db: Session, ref: str, by: Actor) -> Holding:
    task, _case = view.case_of_task(db, ref, by=by)
    return Holding(ref=ref, revision=task.revision, mine=task.holder_id == by.id)


@bp.post("/<ref>/complete")
@bp.input(Completion, arg_name="given")
@bp.output(Sent)
@audience("workers")
def complete(ref: str, given: Completion) -> Any:
    """Complete a task with answers."""

    def work(db: Session, by: Actor) -> Done:
        sent = inbox.submit(
            db, ref, given.answers, by=by, at=now(), revision=given.revision, key=domain_key(),
            settle=submissions.checks(db, by),
        )  # fmt: skip
        said = tell(destination.destination_words(db, ref, sent, by))
        body = Sent(case=sent.case_ref, over=sent.over, repeated=sent.repeated, said=said)
        return Done(body, letters=sent.messages)

    try:
        return once(work)
    except Refusal as refusal:
        if not isinstance(refusal, NotFound | SignInNeeded):
            _note(ref, refusal)
        raise
    finally:
        passwords.count_wrong()


def _note(ref: str, refusal: Refusal) -> None:
    """The journal says that answers were refused, as it does for the page."""
    with writing() as (db, by):
        holding.note_refusal(db, ref, refusal, by=by, at=now())
