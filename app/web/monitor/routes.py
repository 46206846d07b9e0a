"""The monitor: board, diagrams with counts, incidents, lateness, rates and times, for managers only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.cases import lifecycle
from app.errors import Conflict, Words, words
from app.monitor.incidents import MOST, standing_still
from app.web.delivery import resume
from app.web.frame import house_of
from app.web.guard import actor, audience, now, reading, writing
from app.web.monitor import diagrams as monitor_map
from app.web.monitor import exports, reports
from app.web.monitor import incidents as monitor_incidents
from app.web.monitor import page as shown
from app.web.monitor.filters import LONGEST, address, asked_of, period_of
from app.web.rendering import page
from app.web.texts import tell

bp = Blueprint("monitor", __name__, url_prefix="/monitor")


@bp.get("")
@audience("managers")
def board() -> Any:
    asked = asked_of(request.args)
    with reading() as db:
        house = house_of(db, actor(), now())
        found = shown.board(db, actor(), house, asked)
        return page("monitor/board.html", db, actor(), house, board=found, address=address)


@bp.get("/cases.csv")
@audience("managers")
def cases_csv() -> Response:
    asked = asked_of(request.args)
    with reading() as db:
        house = house_of(db, actor(), now())
        return exports.cases(db, actor(), house, asked)


@bp.get("/diagrams")
@bp.get("/diagrams/<process>")
@audience("managers")
def diagrams(process: str | None = None) -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        found = monitor_map.map_of(db, actor(), house, process)
        return page("monitor/diagrams.html", db, actor(), house, map=found)


@bp.get("/diagrams/<process>/xml")
@audience("managers")
def diagram(process: str) -> Response:
    with reading() as db:
        xml = monitor_map.xml_of(house_of(db, actor(), now()), process)
    return Response(xml, mimetype="application/xml")


@bp.get("/incidents")
@audience("managers")
def incidents() -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        found = monitor_incidents.stopped(db, actor())
        return page("monitor/incidents.html", db, actor(), house, stopped=found)


@bp.post("/incidents/retry")
@audience("managers")
def retry() -> Any:
    """One case by its button, or all that the page has shown; each in a transaction of its own."""
    refs = request.form.getlist("case") or request.form.getlist("shown")
    with reading() as db:
        found = standing_still(db, actor(), refs[:MOST])
    tried = [case_id for case_id in found if _retried(case_id)]
    if not tried:
        with writing():
            raise Conflict(words("None of these cases stands still any more."))
    resume({case_id: found[case_id] for case_id in tried})
    with reading() as db:
        left = standing_still(db, actor(), refs[:MOST])
    flash(tell(_result(len(tried), sum(case_id in left for case_id in tried))))
    return redirect(url_for("monitor.incidents"), 303)


def _retried(case_id: int) -> bool:
    """False where somebody else was faster."""
    try:
        with writing() as (db, by):
            lifecycle.retry(db, case_id, by=by, at=now())
    except Conflict:
        return False
    return True


def _result(tried: int, left: int) -> Words:
    if not left:
        return words("Tried again: {count}. They go on.", count=tried)
    return words("Tried again: {count}. {left} failed again; the system tries them twice more.", count=tried, left=left)


@bp.get("/overdue")
@audience("managers")
def overdue() -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        found = reports.lateness(db, actor(), house)
        return page("monitor/overdue.html", db, actor(), house, late=found)


@bp.get("/overdue.csv")
@audience("managers")
def overdue_csv() -> Response:
    with reading() as db:
        return exports.overdue(db, actor(), house_of(db, actor(), now()))


@bp.get("/rates")
@audience("managers")
def rates() -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        table = reports.rate_table(db, actor(), house, period_of(request.args, reports.this_year(house)))
        return page("monitor/rates.html", db, actor(), house, table=table)


@bp.get("/rates.csv")
@audience("managers")
def rates_csv() -> Response:
    with reading() as db:
        house = house_of(db, actor(), now())
        return exports.rates(db, actor(), house, period_of(request.args, reports.this_year(house)))


@bp.get("/times")
@audience("managers")
def times() -> Any:
    with reading() as db:
        house = house_of(db, actor(), now())
        asked = period_of(request.args, reports.this_year(house)), request.args.get("agency", "")[:LONGEST]
        return page("monitor/times.html", db, actor(), house, times=reports.times(db, actor(), house, *asked))


@bp.get("/times.csv")
@audience("managers")
def times_csv() -> Response:
    with reading() as db:
        house = house_of(db, actor(), now())
        asked = period_of(request.args, reports.this_year(house)), request.args.get("agency", "")[:LONGEST]
        return exports.times(db, actor(), house, *asked)
