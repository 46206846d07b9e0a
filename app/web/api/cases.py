"""Cases for scripts: starting, the list, one case, its log, diagrams and papers, and the acts on it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from app.cases import actions, course, drafts, lifecycle, lists
from app.db import Session
from app.people.access import Actor
from app.web import passwords, submissions
from app.web.api import case_shapes, paging, starting_shapes
from app.web.api.case_shapes import Acted, Acting, Beginning, Begun, Case, Cases, CasesQuery, Drawings, Papers, Timeline
from app.web.api.once import Done, domain_key, once
from app.web.api.starting_shapes import ActAsked
from app.web.case import page as case_page
from app.web.guard import actor, audience, now, reading
from app.web.pieces.form_island import FormTarget, shown_form
from app.web.rendering import bureau_here

bp = APIBlueprint("api_cases", __name__, tag="cases", url_prefix="/api/v1/cases")
STATES = {"running": True, "closed": False}


@bp.get("")
@bp.input(CasesQuery, location="query", arg_name="asked")
@bp.output(Cases)
@audience("workers")
def index(asked: CasesQuery) -> Any:
    """Cases that I may see."""
    with reading() as db:
        by = actor()
        bureau = bureau_here(db)
        binding = paging.bind(by, "cases", search=asked.search, state=asked.state, process=asked.process)
        found = lists.cases(
            db, by, search=asked.search, running=STATES.get(asked.state), process=asked.process,
            size=asked.limit + 1, after=paging.opened(db, asked.cursor, binding),
        )  # fmt: skip
        rows, following = paging.following(db, binding, found, asked.limit)
        return Cases(items=[case_shapes.listed(db, one, bureau, by) for one in rows], next=following)


@bp.post("")
@bp.input(Beginning, arg_name="given")
@bp.output(Begun, status_code=201)
@audience("workers")
def begin(given: Beginning) -> Any:
    """Start a case.

    With `answers` its first form is sent in the same transaction; without, it is a draft with one open task.
    """

    def work(db: Session, by: Actor) -> Done:
        sent = lifecycle.start(
            db, given.process, given.answers, by=by, at=now(), key=domain_key(), settle=submissions.checks(db, by)
        )
        task = course.first_ref(db, sent.case_ref) if given.answers is None else None
        if task:
            drafts.save(db, task, {}, by=by, at=now())
        body = Begun(case=sent.case_ref, task=task, over=sent.over, repeated=sent.repeated)
        return Done(body, 201, url_for("api_cases.show", ref=sent.case_ref), sent.messages)

    try:
        return once(work)
    finally:
        passwords.count_wrong()


@bp.get("/<ref>")
@bp.output(Case)
@audience("workers")
def show(ref: str) -> Any:
    """One case."""
    with reading() as db:
        return case_shapes.case_of(_dossier(db, ref))


@bp.get("/<ref>/timeline")
@bp.output(Timeline)
@audience("workers")
def timeline(ref: str) -> Any:
    """What happened in a case."""
    with reading() as db:
        lines = _dossier(db, ref).log
        return Timeline(items=[case_shapes.Entry(at=one.at, text=one.text, automatic=one.quiet) for one in lines])


@bp.get("/<ref>/diagram")
@bp.output(Drawings)
@audience("workers")
def diagram(ref: str) -> Any:
    """The diagrams of a case, with where it stands."""
    with reading() as db:
        page = _dossier(db, ref)
        processes = page.seen.pack.diagram.processes
        return Drawings(items=[case_shapes.drawing_of(one, processes[one.process].xml) for one in page.drawings])


@bp.get("/<ref>/documents")
@bp.output(Papers)
@audience("workers")
def documents(ref: str) -> Any:
    """The papers issued in a case."""
    with reading() as db:
        page = _dossier(db, ref)
        return Papers(items=[case_shapes.paper_of(one, page.reader) for one in page.papers])


@bp.get("/<ref>/acts/<act>")
@bp.output(ActAsked)
@audience("workers")
def act_form(ref: str, act: str) -> Any:
    """The form of an act that I may do to a case now."""
    with reading() as db:
        seen, declared = case_page.act_of(db, ref, act, by=actor(), at=now())
        form = seen.pack.form(declared.process, declared.form)
        asked = shown_form(db, form, seen.case.facts, FormTarget(""), by=actor(), at=now(), case=seen.case)
        return starting_shapes.act_asked(declared, asked.island)


@bp.post("/<ref>/acts/<act>")
@bp.input(Acting, arg_name="given")
@bp.output(Acted)
@audience("workers")
def do_act(ref: str, act: str, given: Acting) -> Any:
    """Do an act to a case: withdraw, escalate, and what else its pack declares."""

    def work(db: Session, by: Actor) -> Done:
        actions.act(db, ref, act, given.answers, by=by, at=now(), settle=submissions.checks(db, by))
        return Done(Acted(case=ref, act=act), letters=1)

    try:
        return once(work)
    finally:
        passwords.count_wrong()


def _dossier(db: Session, ref: str) -> case_page.CasePage:
    by = actor()
    return case_page.case_page(db, ref, by=by, bureau=bureau_here(db))
