"""Channels: the administrator's page of the ways by which messages leave the bureau."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.errors import Invalid, NotFound, words
from app.notify import administration, trials
from app.notify.channels import KINDS, channels_of
from app.web.channels import page
from app.web.guard import actor, audience, now, reading, settings, writing
from app.web.rendering import bureau_here_or_none, render_page
from app.web.texts import tell

bp = Blueprint("channels", __name__, url_prefix="/channels")


@bp.get("")
@audience("administrators")
def index() -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        rows = page.channel_rows(db, actor(), now())
        return render_page("channels/list.html", db, actor(), bureau, rows=rows, kinds=KINDS)


@bp.get("/new/<kind>")
@audience("administrators")
def new(kind: str) -> Any:
    if kind not in KINDS:
        raise NotFound(words("There is no such kind of channel."))
    return _form(kind, None)


@bp.post("/new/<kind>")
@audience("administrators")
def add(kind: str) -> Any:
    walls = channels_of(settings()).walls
    try:
        with writing() as (db, by):
            administration.add(db, kind, request.form, walls, by=by, at=now())
    except Invalid as refusal:
        return _form(kind, None, refusal), 422
    return _back(tell(words("The channel is open. Send a trial message to see whether it works.")))


@bp.get("/<ref>")
@audience("administrators")
def show(ref: str) -> Any:
    with reading() as db:
        kind = administration.find(db, ref, by=actor()).kind
    return _form(kind, ref)


@bp.post("/<ref>")
@audience("administrators")
def change(ref: str) -> Any:
    walls = channels_of(settings()).walls
    try:
        with writing() as (db, by):
            kind = administration.find(db, ref, by=by).kind
            administration.change(db, ref, request.form, walls, by=by, at=now())
    except Invalid as refusal:
        return _form(kind, ref, refusal), 422
    return _back(tell(words("The channel has been changed.")))


@bp.post("/<ref>/switch")
@audience("administrators")
def switch(ref: str) -> Any:
    on = request.form.get("on") == "yes"
    with writing() as (db, by):
        administration.switch(db, ref, on=on, by=by, at=now())
    return _back(tell(words("The channel is open.") if on else words("The channel is closed.")))


@bp.post("/<ref>/revive")
@audience("administrators")
def revive(ref: str) -> Any:
    with writing() as (db, by):
        count = administration.revive(db, ref, by=by, at=now())
    return _back(tell(words("{count} messages will be tried again.", count=count)))


@bp.post("/<ref>/trial")
@audience("administrators")
def trial(ref: str) -> Any:
    """A trial message, sent after the transaction in which it was allowed."""
    with writing() as (db, by):
        prepared = trials.prepare(db, ref, request.form.get("to", ""), by=by, at=now())
    fault = trials.send(prepared, channels_of(settings()))
    if fault is None:
        return _back(tell(words("The trial message was taken.")))
    return _back(tell(words("The trial message was not taken: {fault}", fault=page.fault_words(fault))))


def _form(kind: str, ref: str | None, refusal: Invalid | None = None) -> Any:
    with reading() as db:
        by = actor()
        bureau = bureau_here_or_none(db)
        form = page.channel_form(db, kind, ref, by, sent=request.form if refusal else None, refusal=refusal)
        return render_page("channels/form.html", db, by, bureau, form=form)


def _back(said: str) -> Any:
    flash(said)
    return redirect(url_for("channels.index"), 303)
