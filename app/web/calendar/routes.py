"""The administrator's calendar: a year, a day, and an import that is seen before it is confirmed."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.calendar.given import Given, Line, Named, judged
from app.calendar.named import FIRST, LAST
from app.calendar.notice import read_notice
from app.calendar.table import MOST_BYTES, read_date, read_file
from app.cases import previews, recounting
from app.errors import Invalid, words
from app.limits.calendars import DayChange
from app.web.calendar import page
from app.web.guard import actor, audience, database, now, reading, writing
from app.web.rendering import bureau_here, render_page
from app.web.texts import tell

bp = Blueprint("calendar", __name__, url_prefix="/calendar")
LEAST_WHY, MOST_WHY = 4, 500
PATIENCE = 5.0
"""Seconds that a confirmation may take before the rest is left to the clockwork."""


@bp.get("")
@audience("administrators")
def index() -> Any:
    with reading() as db:
        by, bureau = actor(), bureau_here(db)
        number = request.args.get("year", bureau.today.year, type=int)
        year = page.calendar_year(db, by, bureau, min(max(number, FIRST), LAST))
        chosen = read_date(request.args.get("day", ""))
        rows = [row for row in year.rows if row.day == chosen]
        return render_page(
            "calendar/year.html", db, by, bureau, year=year, chosen=chosen, rows=rows, words_of=page.day_words
        )


@bp.post("/preview")
@audience("administrators")
def preview() -> Any:
    given, why = _given(), request.form.get("why", "").strip()
    if given.sound and (said := _why_fault(why)):
        given = Given(given.year, given.lines, (said,), given.doubts)
    with writing():
        pass  # the rights as they are now; the look through all running cases below holds no lock
    with reading() as db:
        by, bureau, seen = actor(), bureau_here(db), None
        if given.sound:
            change = DayChange(given.days, given.year if request.form.get("complete") else None, why)
            seen = previews.preview(db, change, by=by, at=now())
        view, text = page.calendar_preview(given, seen, bureau.pack), request.form.get("text", "")
        made = render_page("calendar/preview.html", db, by, bureau, shown=view, why=why, text=text)
        return made, 200 if seen else 422


@bp.post("/apply")
@audience("administrators")
def apply() -> Any:
    change, digest = _confirmed(), request.form.get("digest", "")
    with reading() as db:
        seen = previews.preview(db, change, by=actor(), at=now(), digest=digest)
    with writing() as (db, by):
        previews.lay(db, change, by=by, at=now(), seen=seen)
    _count()
    year = change.year or next((day.year for day in change.days), now().year)
    return redirect(url_for("calendar.index", year=year), 303)


@bp.post("/imports/<ref>/again")
@audience("administrators")
def again(ref: str) -> Any:
    with writing() as (db, by):
        recounting.again(db, ref, by=by)
    _count()
    return redirect(url_for("calendar.index"), 303)


def _count() -> None:
    """Count cases anew as long as a person may be kept waiting; the clockwork goes on with the rest."""
    moved, done = recounting.finish_within(database(), now(), seconds=PATIENCE)
    if done:
        text = words(
            "The days are in force. {count} deadlines have moved; whoever has such a task is told.", count=moved
        )
    else:
        text = words(
            "The days are in force. {count} deadlines have moved so far; the clockwork counts on.", count=moved
        )
    flash(tell(text))


def _given() -> Given:
    """Reads what the form brings: one day, a file, or a pasted notice."""
    form = request.form
    year = form.get("year", type=int)
    if form.get("kind") == "day":
        return _one_day(form.get("day", ""), form.get("worked", ""), form.get("name", ""))
    file = request.files.get("file")
    if file is not None and file.filename:
        return read_file(file.stream.read(MOST_BYTES + 1), file.filename, year)
    text = form.get("text", "")
    if not text.strip():
        raise Invalid(words("Choose a file, or paste the notice."), fields=["text"])
    return read_notice(text, year)


def _one_day(day: str, worked: str, name: str) -> Given:
    read = read_date(day)
    if read is None or worked not in ("yes", "no"):
        raise Invalid(words("Choose a day, and whether it is worked."), fields=["day"])
    named = Named(worked == "yes", name.strip()[:40])
    said = words("worked: {day}", day=read) if named.worked else words("free: {day}", day=read)
    return judged(None, [Line(1, read.isoformat(), {read: named}, said)], single=True)


def _confirmed() -> DayChange:
    try:
        change = page.change_of(json.loads(request.form.get("payload", "")))
    except (ValueError, RecursionError):
        change = None
    if change is None or (not change.days and change.year is None):
        raise Invalid(words("The confirmation does not carry what was previewed. Preview it again."))
    if said := _why_fault(change.why):
        raise Invalid(said, fields=["why"])
    return change


def _why_fault(why: str) -> Any:
    if LEAST_WHY <= len(why) <= MOST_WHY:
        return None
    return words("Say where the days come from: {least} to {most} characters.", least=LEAST_WHY, most=MOST_WHY)
