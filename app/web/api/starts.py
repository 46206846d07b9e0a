"""What this person may start by hand, and the first form of each: what `POST /cases` takes."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.cases import lifecycle
from app.web.api import starting_shapes
from app.web.api.starting_shapes import FirstStep, Starts
from app.web.guard import actor, audience, now, reading
from app.web.pieces.form_island import FormTarget, shown_form
from app.web.rendering import bureau_here

bp = APIBlueprint("api_starts", __name__, tag="cases", url_prefix="/api/v1/starts")


@bp.get("")
@bp.output(Starts)
@audience("workers")
def index() -> Any:
    """Processes that I may start."""
    with reading() as db:
        bureau = bureau_here(db)
        return Starts(items=[starting_shapes.start_listed(one) for one in bureau.starts(actor())])


@bp.get("/<process>")
@bp.output(FirstStep)
@audience("workers")
def show(process: str) -> Any:
    """The first form of a process."""
    with reading() as db:
        pack, work = lifecycle.first_step(db, process, by=actor(), at=now())
        form = pack.form_of(work.process, work.element)
        island = shown_form(db, form, work.data, FormTarget(""), by=actor(), at=now()).island
        return starting_shapes.first_step(pack, work, process, island)
