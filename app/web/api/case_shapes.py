"""Cases as the API shows them: what the page of a case shows this reader, and nothing beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from app.cases.lists import ListedCase
from app.db import Session
from app.papers.models import Paper
from app.people.access import Actor
from app.web.api.shapes import Answers, Given, Page, Query, Ref, Search, Shape
from app.web.case import page as case_page
from app.web.case.diagram import CaseDiagram
from app.web.case.opinions import OpinionSheet
from app.web.case.progress import ProgressStep
from app.web.case.reader import CaseReader
from app.web.frame import Bureau
from app.web.texts import named, tell


class CasesQuery(Page):
    """Which cases."""

    search: Search = Field("", description="Part of the title or number.")
    state: Literal["all", "running", "closed"] = "all"
    process: Ref | None = Field(None, description="The key of a process.")


class CaseListed(Shape):
    """A case in a list. `due`: the earliest last day of its open tasks."""

    ref: str
    process: str
    process_name: str
    number: str
    title: str
    status: str
    status_name: str
    due: date | None
    closed: bool
    stopped: bool = Field(description="It waits for the administrator because of a fault.")


class Cases(Shape):
    """A page of cases, the newest first."""

    items: list[CaseListed]
    next: str | None


class Attached(Shape):
    """A file that an answer names. `held`: the bureau has to release it first; `size` is null until a copy is made."""

    ref: str
    name: str
    size: int | None
    held: bool


class Line(Shape):
    """One answer: its label and its text, or its files."""

    label: str
    text: str
    files: list[Attached]


class Sheet(Shape):
    """What one person wrote in one step, as far as this reader may read it."""

    step: str
    outcome: str
    lines: list[Line]
    signer: str
    at: datetime | date


class Step(Shape):
    """A rung of the ladder: done, now, late or next; `task` where it can be opened."""

    kind: str
    name: str
    who: str
    at: datetime | date | None
    due: date | None
    task: str | None


class Link(Shape):
    """A case that this one came out of, or has started."""

    ref: str
    title: str
    process: str
    status: str


class ActShown(Shape):
    """What this person may do to the case now."""

    id: str
    name: str
    basis: list[str]


class Case(Shape):
    """A case as this person may see it. `version`: digest of the release that it runs on, for good."""

    ref: str
    process: str
    process_name: str
    number: str
    title: str
    status: str
    status_name: str
    sentence: str
    started_on: date | None
    closed_at: datetime | date | None
    version: str
    steps: list[Step]
    sheets: list[Sheet]
    acts: list[ActShown]
    links: list[Link]


class Entry(Shape):
    """A line of the log. `at` is a day where the instant could say whom the matter comes from."""

    at: datetime | date
    text: str
    automatic: bool


class Timeline(Shape):
    """The log, the newest first."""

    items: list[Entry]


class DrawingShown(Shape):
    """A diagram of the case with what is done, current, late and next, by element id; `xml` is BPMN 2.0."""

    process: str
    name: str
    current: bool
    done: list[str]
    now: list[str]
    late: list[str]
    next: list[str]
    xml: str


class Drawings(Shape):
    """The diagrams that this reader gets."""

    items: list[DrawingShown]


class PaperShown(Shape):
    """An issued paper as it was frozen, in the parts of today's version."""

    ref: str
    code: str
    number: str
    title: str
    issued_at: datetime | date
    content: dict[str, Any]


class Papers(Shape):
    """The papers that this reader may read."""

    items: list[PaperShown]


class Beginning(Given):
    """A case to start: with the answers to its first form, or without, as a draft that nobody else is told of."""

    process: Ref
    answers: Answers | None = None


class Begun(Shape):
    """A started case; `task` is its first task while it is a draft."""

    case: str
    task: str | None
    over: bool
    repeated: bool


class Acting(Given):
    """The answers to an act's form."""

    answers: Answers


class Acted(Shape):
    """That an act was done."""

    case: str
    act: str


class Nothing(Query):
    """No question."""


def listed(db: Session, one: ListedCase, bureau: Bureau, by: Actor) -> CaseListed:
    """A row of the list."""
    row = case_page.case_row(db, one, bureau)
    return CaseListed(
        ref=one.ref,
        process=one.process,
        process_name=row.process,
        number=one.number,
        title=one.title,
        status=one.status,
        status_name=row.status,
        due=one.due if one.closed_at is None else None,
        closed=one.closed_at is not None,
        stopped=one.incident is not None and by.sees_all_cases,
    )


def case_of(page: case_page.CasePage) -> Case:
    """The case behind its page."""
    case = page.seen.case
    links = [Link(ref=one.ref, title=one.title, process=one.process, status=one.status) for one in page.links]
    acts = [ActShown(id=one.id, name=named(one), basis=one.basis.split()) for one in page.acts]
    return Case(
        ref=case.ref,
        process=case.process,
        process_name=page.process,
        number=case.number,
        title=case.title,
        status=case.status,
        status_name=page.status,
        sentence=tell(page.sentence),
        started_on=page.started,
        closed_at=page.reader.when(case.closed_at) if case.closed_at else None,
        version=page.seen.pack.digest,
        steps=[_step(rung) for rung in page.rungs],
        sheets=[sheet_of(row) for row in page.rows],
        acts=acts,
        links=links,
    )


def _step(rung: ProgressStep) -> Step:
    due = rung.due.day if rung.due else None
    return Step(kind=rung.kind, name=rung.name, who=rung.who, at=rung.at, due=due, task=rung.ref)


def sheet_of(row: OpinionSheet) -> Sheet:
    """One row of the 办文单."""
    lines = [
        Line(
            label=one.label,
            text=one.text,
            files=[Attached(ref=file.ref, name=file.name, size=file.size, held=file.held) for file in one.files],
        )
        for one in row.lines
    ]
    return Sheet(step=row.step, outcome=row.outcome, lines=lines, signer=row.signer, at=row.at)


def drawing_of(one: CaseDiagram, xml: bytes) -> DrawingShown:
    """One diagram."""
    island = one.island
    return DrawingShown(
        process=one.process,
        name=one.name,
        current=one.current,
        done=island["done"],
        now=island["current"],
        late=island["late"],
        next=island["next"],
        xml=xml.decode(),
    )


def paper_of(paper: Paper, reader: CaseReader) -> PaperShown:
    """One paper."""
    known = {name: getattr(paper, name) for name in ("ref", "code", "number", "title")}
    return PaperShown(**known, issued_at=reader.when(paper.issued_at), content=paper.said.to_json())
