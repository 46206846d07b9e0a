"""Definitions for process owners: what is in force, its diagrams, and proposing something else."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from app import deployment
from app.db import Session
from app.deployment import proposing
from app.deployment.checking import errors_in
from app.deployment.proposing import Checked as Laid
from app.errors import Invalid, words
from app.people.access import Actor
from app.web.api import definition_shapes
from app.web.api.definition_shapes import Changes, Checked, Definitions, ProcessShown, Proposal
from app.web.api.once import Done, once
from app.web.guard import actor, audience, now, reading, writing
from app.web.rendering import bureau_here

bp = APIBlueprint("api_definitions", __name__, tag="definitions", url_prefix="/api/v1/definitions")


@bp.get("")
@bp.output(Definitions)
@audience("owners")
def index() -> Any:
    """Definitions in force."""
    with reading() as db:
        return Definitions(items=[definition_shapes.definition_of(one) for one in deployment.definitions(db, actor())])


@bp.get("/<key>")
@bp.output(ProcessShown)
@audience("owners")
def show(key: str) -> Any:
    """A process in force: its XML and steps."""
    with reading() as db:
        return definition_shapes.process_of(bureau_here(db).pack.process(key))


@bp.post("/check")
@bp.input(Changes, arg_name="given")
@bp.output(Checked)
@audience("owners")
def check(given: Changes) -> Any:
    """Check changes over the current release; nothing is kept."""
    with reading() as db:
        found = list(proposing.check(db, given.as_bytes(), by=actor()).findings)
    with writing():  # the rights of now; what takes long was done before, while others could write
        pass
    return Checked(fit=not errors_in(found), findings=definition_shapes.findings_of(found))


@bp.post("")
@bp.input(Changes, arg_name="given")
@bp.output(Proposal, status_code=201)
@audience("owners")
def propose(given: Changes) -> Any:
    """Propose changes over the current release; a second owner approves them.

    Refused (422) with every finding where one is an error; then nothing is kept.
    """

    def prepare() -> Laid:
        with reading() as db:
            return refuse_errors(proposing.check(db, given.as_bytes(), by=actor()))

    def work(db: Session, by: Actor, laid: Laid) -> Done:
        made = hand_in(db, laid, by=by, note=given.note)
        where = url_for("api_deployments.show", ref=made.ref)
        return Done(definition_shapes.proposal_of(made), 201, where)

    return once(work, prepare)


def refuse_errors(laid: Laid) -> Laid:
    """What is wrong stops a proposal before anything is written."""
    if errors := errors_in(list(laid.findings)):
        raise Invalid(words("What is wrong must be put right before it can be proposed."), errors)
    return laid


def hand_in(db: Session, laid: Laid, *, by: Actor, note: str) -> deployment.Proposed:
    """Keep what was checked as a proposal that waits for the second owner."""
    ref = proposing.draft(db, laid, by=by, at=now(), note=note)
    proposing.submit(db, ref, by=by, at=now())
    db.flush()
    return proposing.proposal(db, ref, by=by)
