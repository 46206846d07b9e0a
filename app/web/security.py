"""Signing in and the walls of every answer: sessions, tokens against forged requests, limits, headers."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, current_app, g, request, session
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security, UserDatastore, UserMixin, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.db import Database
from app.errors import NotAllowed, words
from app.people import accounts
from app.people.access import Actor, account_and_actor
from app.people.accounts import Passwords
from app.people.models import Account
from app.web import guard, problems
from app.web.credentials import presented_token

LONGEST_SESSION = timedelta(hours=8)
MOST_BODY = 1024 * 1024
MOST_UPLOAD = 51 * 1024 * 1024
UPLOADS = {"files.upload": MOST_UPLOAD, "studio_proposals.take": 20 * 1024 * 1024}
UPLOADS |= {"api_files.upload": MOST_UPLOAD, "calendar.preview": MOST_UPLOAD}
UPLOADS |= dict.fromkeys(("api_modeler.deploy", "api_definitions.propose", "api_definitions.check"), 9 * 1024 * 1024)
MOST_WRONG = 60
DESKTOP = "file://"
"""The origin of a desktop modeler's window."""
SINCE = "since"
ASKED_BY_ITSELF = frozenset({"tasks.standing"})
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""The same on every page: the islands draw by the style object, which no policy hinders."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SignedIn(UserMixin):  # type: ignore[misc]
    """The account of a session with its person's rights, in the form that Flask-Security expects."""

    def __init__(self, account: Account, actor: Actor) -> None:
        self.id, self.username, self.password = account.id, account.username, account.password
        self.active, self.fs_uniquifier = account.active, account.uniquifier
        self.roles: list[object] = []
        self.actor = actor

    fs_uniquifier = ""


class Accounts(UserDatastore):  # type: ignore[misc]
    """Flask-Security's way to the accounts: one statement in a reading session that is closed at once."""

    def __init__(self, database: Database) -> None:
        super().__init__(SignedIn, SimpleNamespace)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **key: Any) -> SignedIn | None:
        """The account by `fs_uniquifier`, which is all that a session names."""
        with self._database.reading() as db:
            found = account_and_actor(db, uniquifier=str(key.get("fs_uniquifier", "")))
        return SignedIn(*found) if found else None

    def put(self, model: object) -> object:
        """Nothing of an account is changed through here; app.people.accounts does that in `transaction()`."""
        return model

    def commit(self) -> None:
        """There is nothing to commit."""


class Json(DefaultJSONProvider):
    """JSON as it is written here, and read by a reader that bounds depth and refuses what is no JSON (NaN)."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value; ValueError for anything else."""
        return orjson.loads(s)


class Csrf(CSRFProtect):  # type: ignore[misc]
    """The token of the page, asked of everybody whose browser sends a session by itself; a token is none."""

    def protect(self, *given: Any, **named: Any) -> None:
        """Refuse a request that a foreign page may have sent."""
        if presented_token() is None:
            super().protect(*given, **named)


class Sessions(SecureCookieSessionInterface):
    """Sessions that a person keeps alive by working: what a page asks by itself while nobody is there does not."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer gives the session its full time again."""
        return super().should_set_cookie(app, session) and (session.modified or request.endpoint not in ASKED_BY_ITSELF)


class Calls:
    """How often a token may be used in a minute, and how often one address may show a wrong one; per process."""

    def __init__(self, most: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._right, self._wrong = RateLimitItemPerMinute(most), RateLimitItemPerMinute(MOST_WRONG)

    def right(self, ref: str) -> bool:
        """Count a call of that token; False where it is one too many."""
        return self._limiter.hit(self._right, "right", ref)

    def wrong(self, address: str) -> bool:
        """Count a wrong token from that address."""
        return self._limiter.hit(self._wrong, "wrong", address)


def protect(app: Flask, settings: Settings, database: Database) -> None:
    """Put sessions, tokens and headers in place; `guard.watch` must come before the tokens read a body."""
    app.config.update(_config(settings))
    app.session_interface = Sessions()
    near = settings.proxies
    if near:  # else nobody's X-Forwarded headers are believed: a caller could write them itself
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=near, x_proto=near, x_host=near)  # type: ignore[method-assign]
    app.json_provider_class = Json  # Flask-Security builds its own upon it
    app.extensions["calls"] = Calls(settings.api_calls_a_minute)
    app.before_request(problems.choose_language)
    app.before_request(_bound_body)
    app.before_request(_end_long_session)
    guard.watch(app)
    Csrf(app)
    app.before_request(_refuse_foreign_origin)
    security = Security(app, Accounts(database), register_blueprint=False)
    security.principal.identity_loaders.clear()  # audiences decide here; roles would cost each request a statement
    app.extensions["passwords"] = Passwords(settings.password_salt.get_secret_value())
    app.after_request(_set_headers)


def limit_sign_in(app: Flask, settings: Settings, endpoint: str) -> None:
    """So many attempts a minute from one address; the limiter's wrapper must take the view's place."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=False)
    limited = limiter.limit(f"{settings.sign_ins_a_minute}/minute", methods=["POST"])
    app.view_functions[endpoint] = limited(app.view_functions[endpoint])


def sign_in(username: str, password: str) -> bool:
    """Open a new session for who knows the password; unknown, wrong and locked cost the same and say the same."""
    database, at = guard.database(), guard.now()
    with database.reading() as db:
        found = account_and_actor(db, username=accounts.named(username))
    known = passwords().matches(password, found[0].password if found else None)
    good = known and found is not None and found[0].active and not accounts.is_locked(found[0], at)
    with database.transaction() as db:
        if good and found is not None:
            accounts.succeeded(db, found[0].id)
        else:
            accounts.failed(db, username, at=at)
    if good and found is not None:
        session.clear()
        session.permanent = True
        session[SINCE] = int(time.time())
        login_user(SignedIn(*found), authn_via=["password"])
    return bool(good)


def sign_out() -> None:
    """End every session of the account, so that a copied cookie is worth nothing."""
    with guard.writing() as (db, _by):
        accounts.end_sessions(db, g.account.id)
    logout_user()
    session.clear()


def passwords() -> Passwords:
    """The hashes of this installation."""
    found: Passwords = current_app.extensions["passwords"]
    return found


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": "__Host-duban" if settings.secure_cookies else "duban",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.session_minutes),
        "MAX_CONTENT_LENGTH": MOST_BODY,
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": settings.password_salt.get_secret_value(),
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": accounts.named}}],
        "SECURITY_SEND_REGISTER_EMAIL": False,
    }


def _bound_body() -> None:
    request.max_content_length = UPLOADS.get(request.endpoint or "", MOST_BODY)


def _end_long_session() -> None:
    """Eight hours after sign-in a session ends, however busy; by the machine's clock, like the cookie's own age."""
    if SINCE in session and time.time() - session[SINCE] > LONGEST_SESSION.total_seconds():
        session.clear()


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    if (shown := presented_token()) is not None and (shown.username is None or origin == DESKTOP):
        return
    if request.method not in guard.SAFE and origin and urlsplit(origin).netloc != request.host:
        raise NotAllowed(words("This request came from another site."))


def _set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.vary.add("Cookie")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
