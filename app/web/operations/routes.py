"""Operations: the administrator's page of what runs by itself, and of what it had to give up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app import schema
from app.errors import Invalid, NotFound, words
from app.jobs import clockwork, giving_up, health
from app.jobs.clockwork import present
from app.web.guard import actor, audience, clock, database, now, reading, settings, writing
from app.web.operations import page
from app.web.rendering import bureau_here_or_none, render_page
from app.web.texts import tell

bp = Blueprint("operations", __name__, url_prefix="/operations")


@bp.get("")
@audience("administrators")
def index() -> Any:
    return _page()


@bp.post("/letters/<case>/<sequence>/retry")
@audience("administrators")
def retry(case: str, sequence: str) -> Any:
    with writing() as (db, by):
        giving_up.retry_message(db, case, _number(sequence), by=by, at=now())
    return _back(tell(words("The message will be tried again within seconds.")))


@bp.post("/letters/<case>/<sequence>/discard")
@audience("administrators")
def discard(case: str, sequence: str) -> Any:
    try:
        with writing() as (db, by):
            giving_up.discard_message(db, case, _number(sequence), request.form.get("why", ""), by=by, at=now())
    except Invalid as refusal:
        return _page(refused=(case, _number(sequence), tell(refusal.findings[0].words))), 422
    return _back(tell(words("The message is discarded; the journal says why.")))


@bp.post("/clock")
@audience("administrators")
def confirm() -> Any:
    at = present(database(), clock())
    with writing() as (db, by):
        clockwork.confirm(db, by=by, at=at)
    return _back(tell(words("The clock is confirmed. What is due happens within seconds.")))


def _number(written: str) -> int:
    if not written.isdecimal() or len(written) > 9:
        raise NotFound(words("There is no such message here any more."))
    return int(written)


def _page(refused: tuple[str, int, str] | None = None) -> str:
    at = present(database(), clock())
    with reading() as db:
        figures = health.measure(db, at)
        return render_page(
            "operations/page.html", db, actor(), bureau_here_or_none(db),
            lines=page.worker_rows(figures), figures=page.operation_figures(figures),
            deliveries=page.deliveries(figures),
            held=page.is_held(figures), dead=health.dead_messages(db, actor().bureau_id), refused=refused,
            database=health.database_of(db), schema=schema.revision_of(database().engine),
            disk=page.disk_of(settings().data_dir), backup=page.last_backup(settings().data_dir), at=at,
        )  # fmt: skip


def _back(said: str) -> Any:
    flash(said)
    return redirect(url_for("operations.index"), 303)
