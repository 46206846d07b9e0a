"""For gunicorn: `app.web.wsgi:application()` makes the pages of this process; workers do what happens by itself."""

from __future__ import annotations

from flask import Flask

from app.assembly import open_database
from app.config import read_settings
from app.production.role import refuse_mighty_role
from app.schema import refuse_unknown
from app.web.factory import create_app


def application() -> Flask:
    """The application over the database of the settings. Raises Conflict: another version's schema."""
    settings = read_settings()
    database = open_database(settings.database_url, settings.keyring())
    if settings.environment == "production":
        refuse_mighty_role(database.engine)
    refuse_unknown(database.engine)
    return create_app(settings, database)
