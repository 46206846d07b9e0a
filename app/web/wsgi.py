"""For gunicorn: `app.web.wsgi:application()` makes the pages of this process; workers do what happens by itself."""

from __future__ import annotations

from flask import Flask

from app.assembly import open_database
from app.config import read_settings
from app.schema import refuse_unknown
from app.web.factory import create_app


def application() -> Flask:
    """The application over the database of the settings. Raises Conflict where the schema is another version's."""
    settings = read_settings()
    database = open_database(settings.database_url, settings.keyring())
    refuse_unknown(database.engine)
    return create_app(settings, database)
