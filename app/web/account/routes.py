"""Signing in and out, and what a reader has chosen for their eyes: language, light or dark."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf.csrf import generate_csrf

from app.errors import words
from app.languages import LANGUAGES
from app.web import security
from app.web.errors import answered, wants_json
from app.web.guard import audience
from app.web.texts import tell

bp = Blueprint("account", __name__)
YEAR = 365 * 24 * 3600
CHOICES = {"language": LANGUAGES, "theme": ("light", "dark")}


@bp.get("/sign-in")
@audience("anyone")
def sign_in_page() -> Any:
    if current_user.is_authenticated:
        return redirect(_safe(request.args.get("next", "/")))
    return render_template("account/sign_in.html", next=_safe(request.args.get("next", "/")), username="", fault="")


@bp.post("/sign-in")
@audience("anyone")
def sign_in() -> Any:
    username, target = request.form.get("username", ""), _safe(request.form.get("next", "/"))
    if security.sign_in(username, request.form.get("password", "")):
        return session_here() if wants_json() else redirect(target, 303)
    fault = words(
        "User name or password is not right, or the account is locked. "
        "After five failed attempts it is locked for ten minutes."
    )
    if wants_json():
        return answered(422, fault)
    return render_template("account/sign_in.html", next=target, username=username[:64], fault=tell(fault)), 422


@bp.get("/session")
@audience("anyone")
def session_here() -> Response:
    """Who is signed in in this browser now, and the token of that session: for a page that outlived its own."""
    by = current_user.actor if current_user.is_authenticated else None
    person, name = (by.ref, by.name) if by else ("", "")
    return jsonify({"person": person, "name": name, "token": generate_csrf()})


@bp.post("/sign-out")
@audience("signed_in")
def sign_out() -> Any:
    security.sign_out()
    flash(tell(words("You are signed out on all devices.")))
    return redirect(url_for("account.sign_in_page"), 303)


@bp.post("/preferences")
@audience("anyone")
def preferences() -> Any:
    response = redirect(_safe(request.form.get("next", "/")), 303)
    for name, allowed in CHOICES.items():
        chosen = request.form.get(name)
        if chosen in allowed:
            secure = request.is_secure
            response.set_cookie(name, chosen, max_age=YEAR, samesite="Lax", secure=secure)
    return response


def _safe(target: str) -> str:
    """A path of this site only, so that nobody is sent elsewhere after signing in."""
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and target.isprintable() else "/"
