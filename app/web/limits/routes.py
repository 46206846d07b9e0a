"""The owner's table of limits: what applies, and a new value from now on with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.cases.running import running_by_limit
from app.db import Session
from app.errors import Invalid, NotFound, words
from app.limits import policies
from app.limits.policies import Limit
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.guard import actor, audience, now, reading, writing
from app.web.limits import page
from app.web.rendering import bureau_here, render_page
from app.web.texts import named, tell

bp = Blueprint("limits", __name__, url_prefix="/limits")


@bp.get("")
@audience("owners")
def index() -> Any:
    with reading() as db:
        by, bureau = actor(), bureau_here(db)
        table = page.limits_table(db, by, bureau)
        return render_page(
            "limits/table.html", db, by, bureau, table=table, said=page.amount_words, fixed_value=page.fixed_value
        )


@bp.get("/<policy>")
@audience("owners")
def show(policy: str) -> Any:
    return _one(policy)


@bp.post("/<policy>")
@audience("owners")
def change(policy: str) -> Any:
    form = request.form
    amount, why, before = form.get("amount", ""), form.get("why", ""), form.get("before", "")
    try:
        with writing() as (db, by):
            pack = bureau_here(db, by).pack
            set_to = policies.change(db, pack, policy, amount, why, before=before, by=by, at=now())
    except Invalid as refused:
        return _one(policy, refused, typed={"amount": amount, "why": why}), 422
    text = words(
        "“{name}” is {amount} from now on. Running deadlines keep the value they were counted by.",
        name=named(pack.policies[policy]),
        amount=set_to.amount,
    )
    flash(tell(text))
    return redirect(url_for("limits.index", _anchor=policy), 303)


def _one(policy: str, refused: Invalid | None = None, typed: Mapping[str, str] | None = None) -> str:
    """The page of one limit; with a refusal, what was typed and what is wrong with it."""
    with reading() as db:
        by, bureau = actor(), bureau_here(db)
        limit = next((one for one in _limits(db, by, bureau) if one.policy.id == policy), None)
        if limit is None:
            raise NotFound(words("There is no such limit."))
        history = policies.history(db, by.bureau_id, policy=policy)
        faults = {one.field or "amount": one.words for one in refused.findings} if refused else {}
        if refused and not faults:
            faults = {"amount": refused.words}
        content = {"limit": limit, "history": history, "unit": page.unit_words(limit), "faults": faults}
        return render_page(
            "limits/one.html", db, by, bureau, **content, typed=typed or {"amount": limit.amount, "why": ""}
        )


def _limits(db: Session, by: Actor, bureau: Bureau) -> list[Limit]:
    running = running_by_limit(db, by.bureau_id)
    return policies.limits(db, by.bureau_id, bureau.pack, bureau.office.settings, running=running)
