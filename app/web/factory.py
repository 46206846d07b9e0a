"""The web application put together: settings, database and clock come in, a guarded Flask application goes out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Flask, request

from app.clock import Clock, SystemClock
from app.config import Settings
from app.db import Database
from app.papers.issue import as_written
from app.web import assets, errors, guard, measuring, security
from app.web.api import spec
from app.web.api.door import open_to_scripts
from app.web.shown import written
from app.web.shown.dossier import role_words
from app.web.views import (
    account,
    calendar,
    cases,
    channels,
    choices,
    deciding,
    files,
    health,
    inbox,
    limits,
    monitor,
    notices,
    operations,
    papers,
    starting,
    studio,
    studio_proposals,
    tasks,
    tokens,
)

BLUEPRINTS = (
    account.bp,
    inbox.bp,
    tasks.bp,
    starting.bp,
    cases.bp,
    papers.bp,
    files.bp,
    studio.bp,
    studio_proposals.bp,
    monitor.bp,
    notices.bp,
    choices.bp,
    calendar.bp,
    limits.bp,
    deciding.bp,
    channels.bp,
    tokens.bp,
    operations.bp,
    health.bp,
)
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Foundation:
    """What this application stands on."""

    settings: Settings
    database: Database
    clock: Clock


def create_app(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """A Flask application over one database; refuses to start when a route declares no audience (LookupError)."""
    app = APIFlask(
        "app.web", title=spec.TITLE, version=spec.VERSION, spec_path=spec.PATH, docs_path=None, json_errors=False,
        static_folder="static", template_folder="templates",
    )  # fmt: skip
    app.extensions["duban"] = Foundation(settings, database, clock or SystemClock())
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR
    app.config["PROPAGATE_EXCEPTIONS"] = False
    security.protect(app, settings, database)
    errors.listen(app)
    measuring.measure(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard.audience("anyone")(app.view_functions["static"])
    open_to_scripts(app)
    security.limit_sign_in(app, settings, "account.sign_in")
    _speak(app)
    guard.refuse_undeclared(app)
    return app


def _speak(app: Flask) -> None:
    """What templates may call: one place for texts, addresses of assets, the reader's choices."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "tell": written.tell,
        "day": written.day,
        "short_day": written.short_day,
        "moment": written.moment,
        "named": written.named,
        "listed": written.listed,
        "clauses": lambda basis: written.clauses_of(basis.split()),
        "role": role_words,
        "chinese_date": as_written,
    }
    app.jinja_env.globals |= {"_": written.gettext, "entry": written.entry}
    built = assets.read_assets(Path(app.static_folder or ""))
    app.context_processor(lambda: _about_reader() | {"assets": built})


def _about_reader() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    here = request.full_path.rstrip("?") if request.method in guard.SAFE else "/"
    return {
        "language": written.language(),
        "theme": theme if theme in ("light", "dark") else "",
        "here": here,
    }
