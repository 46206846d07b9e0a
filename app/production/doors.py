"""Doors: pages without encryption, links without it, debuggers, files that others may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import Finding, words
from app.production.setup import Setup, finding

MOST_SIGN_INS = 300
SWITCHES = ("FLASK_DEBUG", "PYTHONDEVMODE", "PYTHONINSPECT", "PYTHONASYNCIODEBUG", "WERKZEUG_RUN_MAIN")
"""Variables of the environment that open a debugger or put source text on pages."""


def weak_web(setup: Setup) -> Iterator[Finding]:
    """Pages, links and sign-ins that are open to who listens or guesses."""
    if not setup.secure_cookies:
        yield finding("web.cookies", words("DUBAN_SECURE_COOKIES must be true in production."))
    if not setup.proxies:
        text = words("Pages would go out without encryption: put a proxy with TLS in front and set DUBAN_PROXIES=1.")
        yield finding("web.plain", text)
    if setup.public_url and urlsplit(setup.public_url).scheme != "https":
        yield finding("web.links", words("DUBAN_PUBLIC_URL must begin with https, since messages carry links to it."))
    if setup.sign_ins_a_minute > MOST_SIGN_INS:
        text = words("DUBAN_SIGN_INS_A_MINUTE lets passwords be guessed: {most} at most.", most=MOST_SIGN_INS)
        yield finding("web.sign_ins", text)


def debugging(setup: Setup, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Switches that are for developers."""
    if setup.fail_at:
        text = words("DUBAN_FAIL_AT is for proofs; in production nothing may end a process on purpose.")
        yield finding("debug.fail_at", text)
    for name in SWITCHES:
        if environ.get(name, "").lower() not in ("", "0", "false", "no"):
            yield finding("debug.switch", words("{name} is for developers: take it out of the environment.", name=name))


def readable(setup: Setup, secrets_file: Path) -> Iterator[Finding]:
    """What others on the machine could read: the data folder, the database's own, the file with the settings."""
    for path in sorted({setup.data_dir, *_database_folder(setup.database_url)}):
        if _is_open_to_others(path):
            text = words("Everybody on this machine may enter {path}: run `chmod 750 {path}`.", path=str(path))
            yield finding("files.folder", text)
    if _is_open_to_others(secrets_file):
        text = words(
            "Everybody on this machine may read the settings in {path}: run `chmod 640 {path}`.", path=str(secrets_file)
        )
        yield finding("files.settings", text)


def _database_folder(url: str) -> list[Path]:
    try:
        parts = make_url(url)
    except ArgumentError:
        return []
    return [Path(parts.database).parent] if parts.get_backend_name() == "sqlite" and parts.database else []


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o007)
    except OSError:
        return False  # not there yet, or not even ours to look at
