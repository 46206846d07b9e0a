"""The monitor: board, diagrams with counts, incidents, lateness, rates and times, for managers only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.cases import failing
from app.errors import Conflict, Words, words
from app.monitor.board import BoardQuery
from app.monitor.incidents import MOST, standing_still
from app.web import downloads
from app.web.delivery import resume
from app.web.guard import actor, audience, now, reading, writing
from app.web.monitor import diagrams as diagram_pages
from app.web.monitor import exports, page, reports
from app.web.monitor import incidents as incident_pages
from app.web.monitor.filters import LONGEST, board_query, period_of, query_of
from app.web.rendering import bureau_here, render_page
from app.web.texts import tell

bp = Blueprint("monitor", __name__, url_prefix="/monitor")


def _list_address(asked: BoardQuery, endpoint: str = "monitor.board", **changes: Any) -> str:
    """The address of the same list with some of it changed."""
    return url_for(endpoint, **query_of(asked, **changes))


@bp.get("")
@audience("managers")
def board() -> Any:
    asked = board_query(request.args)
    with reading() as db:
        bureau = bureau_here(db)
        found = page.board(db, actor(), bureau, asked)
        return render_page("monitor/board.html", db, actor(), bureau, board=found, address=_list_address)


@bp.get("/cases.csv")
@audience("managers")
def cases_csv() -> Response:
    asked = board_query(request.args)
    with reading() as db:
        bureau = bureau_here(db)
        return downloads.csv(exports.cases_csv(db, actor(), bureau, asked))


@bp.get("/diagrams")
@bp.get("/diagrams/<process>")
@audience("managers")
def diagrams(process: str | None = None) -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        found = diagram_pages.diagram_page(db, actor(), bureau, process)
        return render_page("monitor/diagrams.html", db, actor(), bureau, map=found)


@bp.get("/diagrams/<process>/xml")
@audience("managers")
def diagram(process: str) -> Response:
    with reading() as db:
        xml = diagram_pages.xml_of(bureau_here(db), process)
    return Response(xml, mimetype="application/xml")


@bp.get("/incidents")
@audience("managers")
def incidents() -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        found = incident_pages.incident_list(db, actor())
        return render_page("monitor/incidents.html", db, actor(), bureau, stopped=found)


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
            failing.retry(db, case_id, by=by, at=now())
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
        bureau = bureau_here(db)
        found = reports.overdue_report(db, actor(), bureau)
        return render_page("monitor/overdue.html", db, actor(), bureau, late=found)


@bp.get("/overdue.csv")
@audience("managers")
def overdue_csv() -> Response:
    with reading() as db:
        return downloads.csv(exports.overdue_csv(db, actor(), bureau_here(db)))


@bp.get("/rates")
@audience("managers")
def rates() -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        table = reports.rate_table(db, actor(), bureau, period_of(request.args, reports.this_year(bureau)))
        return render_page("monitor/rates.html", db, actor(), bureau, table=table)


@bp.get("/rates.csv")
@audience("managers")
def rates_csv() -> Response:
    with reading() as db:
        bureau = bureau_here(db)
        return downloads.csv(exports.rates_csv(db, actor(), bureau, period_of(request.args, reports.this_year(bureau))))


@bp.get("/times")
@audience("managers")
def times() -> Any:
    with reading() as db:
        bureau = bureau_here(db)
        asked = period_of(request.args, reports.this_year(bureau)), request.args.get("agency", "")[:LONGEST]
        return render_page("monitor/times.html", db, actor(), bureau, times=reports.times(db, actor(), bureau, *asked))


@bp.get("/times.csv")
@audience("managers")
def times_csv() -> Response:
    with reading() as db:
        bureau = bureau_here(db)
        asked = period_of(request.args, reports.this_year(bureau)), request.args.get("agency", "")[:LONGEST]
        return downloads.csv(exports.times_csv(db, actor(), bureau, *asked))
