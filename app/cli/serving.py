"""`duban serve`: the whole system in one process, pages and clockwork."""

from __future__ import annotations

import signal
import sys

import click
from waitress import serve as serve_forever

from app.cli.installation import opened
from app.cli.saying import language, spoken, tell
from app.cli.upkeep import bring_up
from app.cli.working import clockwork, listen_to_log
from app.clock import SystemClock
from app.config import Settings, read_settings
from app.db import Database
from app.errors import NotAllowed, words
from app.jobs import beats
from app.production.database import NEAR
from app.rehearsal import demonstration

THREADS = 8


@click.command()
@click.option("--demo", is_flag=True, help="Load invented people, cases and sign-ins; refused in production.")
@click.option("--host", default=None, help="Address to listen on; default: DUBAN_HOST.")
@click.option("--port", type=int, default=None, help="Port to listen on; default: DUBAN_PORT.")
@click.option("--open-to-network", is_flag=True, help="With --demo: listen on an address that other machines reach.")
@spoken
def serve(*, demo: bool, host: str | None, port: int | None, open_to_network: bool) -> None:
    """Run the web pages and the clockwork in one process, on the database of the settings."""
    settings = read_settings()
    if demo and settings.environment == "production":
        raise NotAllowed(words("Demonstration data has no place in production."))
    host = host or settings.host
    if demo and host not in NEAR:
        _warn_of_the_network(host, wanted=open_to_network)
    listen_to_log()
    if settings.database_url.startswith("sqlite"):
        bring_up(settings)
    with opened(settings) as database:
        if demo:
            _demonstrate(settings, database)
        _run(settings, database, host, port or settings.port)


def _warn_of_the_network(host: str, *, wanted: bool) -> None:
    """Raises NotAllowed unless it is `wanted` that other machines sign in as invented people."""
    if not wanted:
        text = words(
            "On {host} everybody in the network could sign in as any of the invented people: "
            "say --open-to-network if that is wanted, or leave --host out.",
            host=host,
        )
        raise NotAllowed(text)
    tell(words("Everybody in the network can sign in here as any of the invented people; enter nothing that is real."))


def _demonstrate(settings: Settings, database: Database) -> None:
    password = demonstration.password_in(settings.data_dir)
    demonstration.prepare(settings, database, password, at=SystemClock().now())
    tell(words("Sign in as any of these, with the password {password}:", password=password))
    for username, name, lanes in demonstration.sign_ins(settings, language()):
        click.echo(f"  {username:20} {name}  {lanes}")


def _run(settings: Settings, database: Database, host: str, port: int) -> None:
    """Serve until the process is stopped; the clockwork stops with it."""
    from app.web.factory import create_app  # noqa: PLC0415 - no other command needs the pages

    app = create_app(settings, database)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as by Ctrl-C: the turn that is being done is finished
    with clockwork(settings, database, beats.SERVE):
        tell(words("Duban listens on http://{host}:{port}", host=host, port=port))
        serve_forever(app, host=host, port=port, threads=THREADS, ident=None)
