"""Camunda 7's four addresses that a desktop modeler's deploy button speaks to; a deployment here is a proposal.

Four eyes hold: what is sent waits for a second process owner. The answer therefore names a definition of version 0,
`<process>:proposal:<ref>`; starting it is refused until it is approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, url_for

from app.cases import lifecycle
from app.db import Session
from app.definitions import releases
from app.definitions.library import manifest_of
from app.deployment import placing, proposing, shelf
from app.deployment.proposing import Checked
from app.deployment.unpacking import Upload
from app.errors import Conflict, Invalid, words
from app.people.access import AUDIENCES, Actor
from app.web import passwords, submissions
from app.web.api import modeler_shapes
from app.web.api.definitions import hand_in, refuse_errors
from app.web.api.modeler_shapes import MARK, Deployed, Deployment, Listing, Started, Starting, Version
from app.web.api.once import Done, domain_key, once
from app.web.guard import actor, audience, now, reading

bp = APIBlueprint("api_modeler", __name__, tag="modeler", url_prefix="/engine-rest")
FORM = {
    "type": "object",
    "required": ["deployment-name", "data"],
    "properties": {
        "deployment-name": {"type": "string"},
        "deployment-source": {"type": "string"},
        "enable-duplicate-filtering": {"type": "string", "enum": ["true", "false"]},
        "tenant-id": {"type": "string"},
        "data": {"type": "string", "format": "binary", "description": "A file, under whatever field name."},
    },
}


@bp.after_request
def open_to_desktops(response: Response) -> Response:
    """A desktop modeler's window has an origin of its own; without cookies, its token is all that it can show."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    return response


@bp.get("/version")
@bp.output(Version)
@audience("signed_in")
def version() -> Any:
    """The version whose addresses these are."""
    return Version(version=modeler_shapes.SPOKEN)


@bp.get("/deployment")
@bp.input(Listing, location="query", arg_name="asked")
@bp.output(list[Deployment])
@audience("owners")
def index(asked: Listing) -> Any:
    """Releases as deployments, the latest first."""
    with reading() as db:
        found = list(reversed(shelf.shelf(db, by=actor()).issues))
    part = found[asked.firstResult : asked.firstResult + asked.maxResults]
    return [modeler_shapes.deployment_of(one) for one in part]


@bp.post("/deployment/create")
@bp.output(Deployed)
@bp.doc(extensions={"x-multipart": FORM})
@audience("owners")
def deploy() -> Any:
    """Propose the files of a deployment.

    With `enable-duplicate-filtering` what is in force already, or waits already, is answered as it is.
    """
    uploads = []
    for _, one in request.files.items(multi=True):
        uploads.append(Upload(one.filename or "", one.stream.read()))
        one.stream.seek(0)
    fields = request.form
    _refuse_tenant(fields.get("tenant-id", ""))
    note = " · ".join(text for text in (fields.get("deployment-name", ""), fields.get("deployment-source", "")) if text)

    changes: dict[str, bytes] = {}

    def prepare() -> Checked | Deployed:
        with reading() as db:
            by = actor()
            current = releases.files_of(db, releases.current_id(db, by.bureau_id))
            changes.update(placing.placed(uploads, current))
            if fields.get("enable-duplicate-filtering") == "true" and (same := _same(db, by, changes, current)):
                return same
            return refuse_errors(proposing.check(db, changes, by=by))

    def work(db: Session, by: Actor, found: Checked | Deployed) -> Done:
        if isinstance(found, Deployed):
            return Done(found)
        return Done(modeler_shapes.deployed(hand_in(db, found, by=by, note=note), changes.items()))

    return once(work, prepare)


def _refuse_tenant(tenant: str) -> None:
    if tenant:
        raise Invalid(words("A bureau has no tenants; leave the tenant empty."), fields=["tenant-id"])


def _same(db: Session, by: Actor, changes: Mapping[str, bytes], current: Mapping[str, bytes]) -> Deployed | None:
    """What is in force with these very files, or what waits with them for the second owner."""
    files = {**current, **changes}
    if files == dict(current):
        return modeler_shapes.unchanged(shelf.shelf(db, by=by).current)
    manifest = manifest_of(files)
    waiting = (one for one in proposing.proposals(db, by) if one.state == "waiting" and not one.overtaken)
    found = next((one for one in waiting if one.manifest == manifest), None)
    return modeler_shapes.deployed(found, changes.items()) if found else None


@bp.post("/process-definition/<id>/start")
@bp.input(Starting, arg_name="given")
@bp.output(Started)
@audience("signed_in")
def start(id: str, given: Starting) -> Any:  # noqa: A002 - the address names it so
    """Start a case, by the lanes that may; with variables as answers, else as a draft."""
    key, _, rest = id.partition(":")
    answers = None if given.variables is None else {name: one.value for name, one in given.variables.items()}

    def work(db: Session, by: Actor) -> Done:
        _refuse_unapproved(db, rest, by)
        sent = lifecycle.start(
            db, key, answers or None, by=by, at=now(), key=domain_key(), settle=submissions.checks(db, by)
        )
        where = url_for("api_cases.show", ref=sent.case_ref, _external=True)
        links = [{"method": "GET", "href": where, "rel": "self"}]
        return Done(Started(id=sent.case_ref, definitionId=id, ended=sent.over, links=links), letters=sent.messages)

    try:
        return once(work)
    finally:
        passwords.count_wrong()


def _refuse_unapproved(db: Session, rest: str, by: Actor) -> None:
    mark, _, ref = rest.partition(":")
    if mark == MARK and AUDIENCES["owners"](by) and proposing.proposal(db, ref, by=by).state != "approved":
        raise Conflict(words("This is a proposal; it starts nothing until a second process owner has approved it."))
