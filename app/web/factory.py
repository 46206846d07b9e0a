"""The web application put together: settings, database and clock come in, a guarded Flask application goes out."""

from __future__ import annotations

from dataclasses import dataclass

from apiflask import APIFlask
from flask import Flask

from app.clock import Clock, SystemClock
from app.config import Settings
from app.db import Database
from app.papers.rendering import Press
from app.web import errors, guard, measuring, rendering, security
from app.web.account import routes as account
from app.web.account import routes_tokens as tokens
from app.web.api import spec
from app.web.api.door import open_to_scripts
from app.web.calendar import routes as calendar
from app.web.case import routes as cases
from app.web.case import routes_files as files
from app.web.case import routes_papers as papers
from app.web.case import routes_starting as starting
from app.web.channels import routes as channels
from app.web.health import routes as health
from app.web.inbox import routes as inbox
from app.web.limits import routes as limits
from app.web.monitor import routes as monitor
from app.web.notices import routes as notices
from app.web.notices import routes_choices as choices
from app.web.operations import routes as operations
from app.web.registers import routes as registers
from app.web.studio import routes as studio
from app.web.studio import routes_deciding as deciding
from app.web.studio import routes_proposals as studio_proposals
from app.web.task import routes as tasks
from app.web.task import routes_heads as heads

SCREENS = (
    account.bp,
    inbox.bp,
    tasks.bp,
    heads.bp,
    starting.bp,
    cases.bp,
    papers.bp,
    files.bp,
    studio.bp,
    studio_proposals.bp,
    monitor.bp,
    registers.bp,
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
    """The settings, database and clock that this application stands on."""

    settings: Settings
    database: Database
    clock: Clock


def create_app(settings: Settings, database: Database, clock: Clock | None = None) -> Flask:
    """A Flask application over one database; refuses to start when a route declares no audience (LookupError)."""
    app = APIFlask(
        "app.web", title=spec.TITLE, version=spec.VERSION, spec_path=spec.PATH, docs_path=None, json_errors=False,
        static_folder="static",
    )  # fmt: skip
    app.extensions["duban"] = Foundation(settings, database, clock or SystemClock())
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR
    app.config["PROPAGATE_EXCEPTIONS"] = False
    rendering.speak_to_reader(app)
    app.extensions["press"] = Press(settings.fonts_dir)
    security.protect(app, settings, database)
    errors.listen(app)
    measuring.measure(app)
    for blueprint in SCREENS:
        app.register_blueprint(blueprint)
    guard.audience("anyone")(app.view_functions["static"])
    open_to_scripts(app)
    security.limit_sign_in(app, settings, "account.sign_in")
    rendering.furnish(app)
    guard.refuse_undeclared(app)
    return app
