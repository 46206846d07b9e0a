"""The database's role and connection: a superuser, the schema's owner, a weak password, plain text on the way."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.errors import Finding, words
from app.production.keys import WAY, is_guessable, is_sample
from app.production.setup import Setup, finding

LEAST_PASSWORD = 12
SUPERUSERS = frozenset({"postgres", "root", "admin", "sa", "superuser"})
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


def weak_database(setup: Setup) -> Iterator[Finding]:
    """What is wrong with the database that the settings name, as far as its URL tells."""
    try:
        url, owner = make_url(setup.database_url), make_url(setup.migrate_url)
    except ArgumentError:
        yield finding(
            "database.unreadable", words("DUBAN_DATABASE_URL and DUBAN_MIGRATE_URL must be URLs of a database.")
        )
        return
    if url.get_backend_name() == "sqlite":
        if not str(url.database or "").startswith("/"):
            text = words(
                "DUBAN_DATABASE_URL must name the production database: PostgreSQL, or SQLite with its whole path."
            )
            yield finding("database.relative", text)
    else:
        yield from _weak_role(url, owner, same=setup.database_url == setup.migrate_url)
        for one in (url, owner):
            if one is url or setup.database_url != setup.migrate_url:
                yield from _weak_connection(one)


def _weak_role(url: URL, owner: URL, *, same: bool) -> Iterator[Finding]:
    if (url.username or "").lower() in SUPERUSERS:
        text = words(
            "DUBAN_DATABASE_URL signs in as {role}, who may do anything: use a role that owns nothing.",
            role=url.username,
        )
        yield finding("database.superuser", text)
    if not same and url.username == owner.username:
        text = words(
            "DUBAN_DATABASE_URL and DUBAN_MIGRATE_URL sign in as the same role: only the owner may change the schema."
        )
        yield finding("database.owner", text)


def _weak_connection(url: URL) -> Iterator[Finding]:
    role = url.username or ""
    password = str(url.password or "")
    short = len(password) < LEAST_PASSWORD or password in (role, url.database)
    if password and (short or is_sample(password) or is_guessable(password)):
        text = words(
            "The password of the database's role {role} is short, a sample or can be guessed: make one with `{way}`.",
            role=role,
            way=WAY,
        )
        yield finding("database.password", text)
    if not _is_near(url) and url.query.get("sslmode") not in ENCRYPTED:
        text = words(
            "The database at {host} is spoken to in plain text: add ?sslmode=verify-full to the URL.",
            host=", ".join(_hosts(url)),
        )
        yield finding("database.plain", text)


def _hosts(url: URL) -> list[str]:
    named = url.query.get("host", ())
    listed = [named] if isinstance(named, str) else list(named)
    return [one for host in (url.host or "", *listed) for one in host.split(",") if one]


def _is_near(url: URL) -> bool:
    """Whether the database is on this machine: a socket, or the loopback."""
    return all(host.startswith("/") or host in NEAR for host in _hosts(url))
