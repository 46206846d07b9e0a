"""Proposals and releases for process owners: whoever proposed something does not approve it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app import deployment
from app.db import Session
from app.deployment import proposing, shelf
from app.people.access import Actor
from app.web.api import definition_shapes
from app.web.api.definition_shapes import Approval, Proposal, Proposals, Refused, Releases, ReleaseShown
from app.web.api.once import Done, once
from app.web.guard import actor, audience, now, reading

bp = APIBlueprint("api_deployments", __name__, tag="deployments", url_prefix="/api/v1")


@bp.get("/deployments")
@bp.output(Proposals)
@audience("owners")
def index() -> Any:
    """Proposals, the latest first."""
    with reading() as db:
        return Proposals(items=[definition_shapes.proposal_of(one) for one in deployment.proposals(db, actor())])


@bp.get("/deployments/<ref>")
@bp.output(Proposal)
@audience("owners")
def show(ref: str) -> Any:
    """One proposal."""
    with reading() as db:
        return definition_shapes.proposal_of(proposing.proposal(db, ref, by=actor()))


@bp.post("/deployments")
@bp.input(Approval, arg_name="given")
@bp.output(ReleaseShown, status_code=201)
@audience("owners")
def approve(given: Approval) -> Any:
    """Approve a proposal of another owner: it becomes the current release."""

    def work(db: Session, by: Actor) -> Done:
        release = deployment.approve(db, given.proposal, by=by, at=now())
        made = next(one for one in shelf.shelf(db, by=by).issues if one.number == release.number)
        return Done(definition_shapes.release_of(made, release.number), 201)

    return once(work)


@bp.post("/deployments/<ref>/reject")
@bp.input(Refused, arg_name="given")
@bp.output(Proposal)
@audience("owners")
def reject(ref: str, given: Refused) -> Any:
    """Reject a proposal of another owner, with a reason."""

    def work(db: Session, by: Actor) -> Done:
        deployment.reject(db, ref, by=by, at=now(), why=given.why)
        db.flush()
        return Done(definition_shapes.proposal_of(proposing.proposal(db, ref, by=by)))

    return once(work)


@bp.get("/releases")
@bp.output(Releases)
@audience("owners")
def releases() -> Any:
    """Releases, the latest first."""
    with reading() as db:
        found = shelf.shelf(db, by=actor())
        issues = [definition_shapes.release_of(one, found.current.number) for one in reversed(found.issues)]
        return Releases(items=issues)
