"""Tasks as the API shows them: the same projection as the work pane, without its looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from app.cases import confidential, models
from app.cases.lists import ListedTask
from app.db import Session
from app.definitions.releases import open_release
from app.people.access import Actor
from app.web.api.case_shapes import Sheet, sheet_of
from app.web.api.shapes import Answers, Given, Page, Ref, Search, Shape
from app.web.frame import Bureau
from app.web.task.page import TaskPane
from app.web.texts import entry, named, tell

Box = Literal["todo", "mine", "done", "drafts"]


class TasksQuery(Page):
    """Which tasks."""

    box: Box = Field("todo", description="todo: open to me; mine: taken by me; done: completed by me; drafts.")
    search: Search = Field("", description="Part of the case's title or number.")
    process: Ref | None = Field(None, description="The key of the case's process.")


class OfCase(Shape):
    """The case of a task."""

    ref: str
    number: str
    title: str
    status: str
    status_name: str


class TaskListed(Shape):
    """A task in a box. `due`: its last day, which ends at 24:00."""

    ref: str
    element: str
    step: str
    process: str
    process_name: str
    lane: str
    organisation: str
    due: date | None
    late: bool
    opened_at: datetime | date
    closed_at: datetime | None
    mine: bool
    case: OfCase


class Tasks(Shape):
    """A page of tasks: what is due first stands first, in `done` what was done last."""

    items: list[TaskListed]
    next: str | None


class FormShown(Shape):
    """The form as form-js takes it, in the reader's language, and the data that it opens with: facts and draft."""

    definition: dict[str, Any] = Field(alias="schema", serialization_alias="schema")
    data: dict[str, Any]
    submit: str
    draft: int | None = Field(None, description="The revision of the draft in the data; 0 where there is none.")


class Task(Shape):
    """A task as this person may see it.

    `state`: free (to be taken), held (by me), others, done. `revision` goes back with the answers, so that a stale one
    is refused. `version` is the digest of the case's release, which never changes under it.
    """

    ref: str
    revision: int
    version: str
    state: Literal["free", "held", "others", "done"]
    note: str | None
    element: str
    step: str
    process: str
    due: date | None
    limit: str | None
    basis: list[str]
    asks: str
    form: FormShown | None
    sheets: list[Sheet]
    case: OfCase


class Draft(Given):
    """What has been typed so far; nothing of it is checked yet.

    `revision`: that of the draft on which it was written, 0 where there was none; without it, what is kept is written
    over.
    """

    answers: Answers
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Completion(Given):
    """The answers to a task's form, by field. `revision`: the one that the answers were written on."""

    answers: Answers
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class Saved(Shape):
    """That a draft is kept. `revision` goes back with the next one."""

    saved_at: datetime
    revision: int


class Holding(Shape):
    """A task after it was taken or given back."""

    ref: str
    revision: int
    mine: bool


class Reason(Shape):
    """Why a task is taken back; the journal keeps it."""

    reason: str


class NamedPerson(Shape):
    """Whom a task is put to, by ref."""

    person: str


class Sent(Shape):
    """What became of the answers. `repeated`: this request had been done before."""

    case: str
    over: bool
    repeated: bool
    said: str


def listed(db: Session, one: ListedTask, bureau: Bureau, by: Actor) -> TaskListed:
    """A row of a box; no statement once the release is in memory."""
    pack = open_release(db, one.release_id)
    late = one.closed_at is None and one.due is not None and one.due < bureau.today
    status = entry(pack.statuses, one.case_status)
    case = OfCase(
        ref=one.case_ref, number=one.case_number, title=one.case_title, status=one.case_status, status_name=status
    )
    return TaskListed(
        ref=one.ref,
        element=one.element,
        step=named(pack.step(one.process, one.element)),
        process=one.process,
        process_name=named(pack.process(one.process)),
        lane=one.lane,
        organisation=one.organisation,
        due=one.due,
        late=late,
        opened_at=one.opened_at if by.learns_instants else confidential.day_of(one.opened_at),
        closed_at=one.closed_at,
        mine=one.holder_id == by.id,
        case=case,
    )


def task_of(pane: TaskPane, task: models.Task) -> Task:
    """The task behind a work pane."""
    case = pane.seen.case
    return Task(
        ref=pane.ref,
        revision=pane.revision,
        version=pane.seen.pack.digest,
        state=pane.state,
        note=tell(pane.note) if pane.note else None,
        element=task.element,
        step=pane.step,
        process=task.process,
        due=pane.due.day,
        limit=pane.why.limit if pane.why else None,
        basis=list(pane.basis),
        asks=tell(pane.asks),
        form=form_of(pane.form.island) if pane.form else None,
        sheets=[sheet_of(row) for row in (*(pane.parent.rows if pane.parent else ()), *pane.rows)],
        case=OfCase(ref=case.ref, number=case.number, title=case.title, status=case.status, status_name=pane.status),
    )


def form_of(island: dict[str, Any]) -> FormShown:
    """The form of an island."""
    return FormShown(schema=island["schema"], data=island["data"], submit=island["submit"], draft=island.get("draft"))
