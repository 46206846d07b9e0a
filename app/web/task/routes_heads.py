"""What the head of a group does with its tasks: take a held one back, name somebody for one that has nobody."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.cases import absence
from app.web.errors import wants_json
from app.web.guard import audience, now, writing

bp = Blueprint("task_heads", __name__, url_prefix="/tasks")


@bp.post("/<ref>/take-back")
@audience("workers")
def take_back(ref: str) -> ResponseReturnValue:
    with writing() as (db, by):
        absence.take_back(db, ref, request.form.get("reason", ""), by=by, at=now())
    return _shown(ref)


@bp.post("/<ref>/name")
@audience("workers")
def name(ref: str) -> ResponseReturnValue:
    with writing() as (db, by):
        absence.name_anew(db, ref, request.form.get("person", ""), by=by, at=now())
    return _shown(ref)


def _shown(ref: str) -> ResponseReturnValue:
    target = url_for("tasks.show", ref=ref)
    return jsonify({"location": target}) if wants_json() else redirect(target, 303)
