"""The right to enter: each view declares its audience; rights are read once a request, again in what writes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, session
from flask_security import current_user
from werkzeug.exceptions import TooManyRequests

from app.clock import Clock
from app.config import Settings
from app.db import Database, Session
from app.errors import Invalid, NotAllowed, Refusal, words
from app.failpoints import failpoint
from app.people import tokens
from app.people.access import AUDIENCES, Actor, account_and_actor, admit
from app.people.models import Account
from app.people.tokens import Bearer
from app.web.credentials import PresentedToken, on_api, presented_token

log = logging.getLogger("duban.web")
View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANYONE = "anyone"
MOST_DEPTH = 32
SESSION_KEY = "_user_id"  # where Flask-Login keeps the account's uniquifier


class SignInNeeded(NotAllowed):
    """Nobody is signed in, or the session has ended."""


def audience(name: str) -> Callable[[View], View]:
    """Declare who may enter a view; the name is one of `app.people.access.AUDIENCES`."""
    if name not in AUDIENCES:
        raise KeyError(name)

    def declare(view: View) -> View:
        view.audience = name  # type: ignore[attr-defined]
        return view

    return declare


def refuse_undeclared(app: Flask) -> None:
    """A route whose view names no audience stops the start."""
    bare = sorted({rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None})
    if bare:
        raise LookupError(f"no audience is declared for: {', '.join(bare)}")


def audience_of(app: Flask, endpoint: str | None) -> str | None:
    """The audience of an endpoint; None where it has none."""
    return getattr(app.view_functions.get(endpoint or ""), "audience", None)


def watch(app: Flask) -> None:
    """Admit each request before its body is read, and see that whoever wrote has been admitted in the transaction."""
    app.before_request(_admit)
    app.after_request(_refuse_unadmitted)


def _admit() -> None:
    name = audience_of(current_app, request.endpoint)
    if name is None or name == ANYONE or (request.method == "OPTIONS" and on_api()):
        return
    if (shown := presented_token()) is not None:
        g.bearer = _bearer(shown)
        admit(name, actor())
        return
    if SESSION_KEY not in session:
        raise sign_in_needed()
    if request.method in SAFE:
        admit(name, actor())


def _bearer(shown: PresentedToken) -> Bearer:
    """Returns the bearer of the token where it may be used so often and for this; remembers its day of use."""
    with reading() as db:
        found = tokens.bearer(db, shown.secret, username=shown.username, at=now())
    calls = current_app.extensions["calls"]
    if found is None:
        if not calls.wrong(request.remote_addr or ""):
            raise TooManyRequests
        raise sign_in_needed()
    if not calls.right(found.token.ref):
        raise TooManyRequests
    if found.token.read_only and request.method not in SAFE:
        raise NotAllowed(words("This token may only read."), clauses=["permission"])
    if found.token.last_used_on != now().date():
        _remember(found)
    return found


def _remember(found: Bearer) -> None:
    """The day of use, once a day; whoever only reads is not turned away because nothing can be written."""
    try:
        with database().transaction() as db:
            tokens.used(db, found.token, on=now().date())
    except Exception:
        log.exception("the day of use of a token")


def _refuse_unadmitted(response: Any) -> Any:
    """A view that changes something without `writing()` would rest on rights that nobody has read."""
    name = audience_of(current_app, request.endpoint)
    if request.method not in SAFE and name not in (None, ANYONE) and response.status_code < 400:
        assert g.get("admitted") or g.get("turned_away"), f"{request.endpoint} did not go through writing()"
        failpoint("before_answer")
    return response


def actor() -> Actor:
    """The signed-in person with the rights of this request. Raises SignInNeeded."""
    if "bearer" in g:
        by: Actor = g.bearer.by
        return by
    if not current_user.is_authenticated:
        raise sign_in_needed()
    found: Actor = current_user.actor
    return found


def sign_in_needed() -> SignInNeeded:
    """The refusal that leads to the sign-in page."""
    g.turned_away = True
    return SignInNeeded(words("Please sign in again. What you typed is still on your screen."))


@contextmanager
def reading() -> Iterator[Session]:
    """A session for what a page shows."""
    with database().reading() as db:
        yield db


@contextmanager
def writing() -> Iterator[tuple[Session, Actor]]:
    """A transaction with the person's rights as they are now; everything in it is kept, or nothing."""
    with database().transaction() as db:
        account, by = _account(db)
        g.account = account
        admit(audience_of(current_app, request.endpoint) or "", by)
        g.admitted = True
        yield db, by


def _account(db: Session) -> tuple[Account, Actor]:
    if (shown := presented_token()) is not None:
        held = tokens.bearer(db, shown.secret, username=shown.username, at=now())
        if held is None:
            raise sign_in_needed()
        return held.account, held.by
    found = account_and_actor(db, uniquifier=str(session.get(SESSION_KEY, "")))
    if found is None or not found[0].active:
        raise sign_in_needed()
    return found


def database() -> Database:
    """The database of this application."""
    found: Database = current_app.extensions["duban"].database
    return found


def clock() -> Clock:
    """The clock of this application."""
    found: Clock = current_app.extensions["duban"].clock
    return found


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["duban"].settings
    return found


def now() -> datetime:
    """The present instant, once a request."""
    if "now" not in g:
        g.now = clock().now()
    instant: datetime = g.now
    return instant


def body() -> dict[str, Any]:
    """The JSON object of the request. Raises Refusal for anything else."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refusal(words("The request is no JSON object."))
    if is_deeper(given, MOST_DEPTH):
        raise Invalid(words("The request is nested too deeply."))
    return given


def is_deeper(value: object, most: int) -> bool:
    """Whether JSON lies deeper than that; without recursion, which depth itself would break."""
    level = [value]
    for _ in range(most + 1):
        parts = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [part for each in parts for part in each]
        if not level:
            return False
    return True
