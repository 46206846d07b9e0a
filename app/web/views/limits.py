"""The owner's table of limits: what applies, and a new value from now on with its reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.cases import policies
from app.errors import NotFound, words
from app.web.guard import actor, audience, now, reading, writing
from app.web.shown import limits as shown
from app.web.shown.frame import house_of, page
from app.web.shown.written import named, tell

bp = Blueprint("limits", __name__, url_prefix="/limits")


@bp.get("")
@audience("owners")
def index() -> Any:
    with reading() as db:
        by, house = actor(), house_of(db, actor(), now())
        table = shown.table(db, by, house)
        return page("limits/table.html", db, by, house, table=table, said=shown.said, fixed_value=shown.fixed_value)


@bp.get("/<policy>")
@audience("owners")
def show(policy: str) -> Any:
    with reading() as db:
        by, house = actor(), house_of(db, actor(), now())
        found = policies.limits(db, by.bureau_id, house.pack, house.office.settings)
        limit = next((one for one in found if one.policy.id == policy), None)
        if limit is None:
            raise NotFound(words("There is no such limit."))
        history = policies.history(db, by.bureau_id, policy=policy)
        content = {"limit": limit, "history": history, "unit": shown.unit(limit)}
        return page("limits/one.html", db, by, house, **content)


@bp.post("/<policy>")
@audience("owners")
def change(policy: str) -> Any:
    form = request.form
    amount, why, before = form.get("amount", ""), form.get("why", ""), form.get("before", "")
    with writing() as (db, by):
        pack = house_of(db, by, now()).pack
        set_to = policies.change(db, pack, policy, amount, why, before=before, by=by, at=now())
    text = words("“{name}” is {amount} from now on. Running deadlines keep the value they were counted by.",
                 name=named(pack.policies[policy]), amount=set_to.amount)  # fmt: skip
    flash(tell(text))
    return redirect(url_for("limits.index", _anchor=policy), 303)
