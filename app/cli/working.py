"""`duban worker` and `duban wake`: the clockwork as a process of its own, and one look for what is due."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.cli.installation import opened
from app.cli.saying import as_json, print_json, spoken, tell
from app.clock import SystemClock
from app.config import Settings, read_settings
from app.db import Database
from app.errors import Conflict, words
from app.jobs import beats, wakeups
from app.jobs.clockwork import Clockwork, look_by_hand
from app.jobs.running import running
from app.notify.channels import channels_of
from app.notify.sending import send_due


@click.command()
@spoken
def worker() -> None:
    """Fire timers, deliver messages and send notices, on PostgreSQL; as many workers at once as you like."""
    settings = read_settings()
    if settings.database_url.startswith("sqlite"):
        raise Conflict(words("On SQLite `duban serve` does this work itself; workers need PostgreSQL."))
    listen_to_log()
    with opened(settings) as database, clockwork(settings, database, beats.WORKER) as going:
        wakeups.clear(database)
        tell(words("The worker is at work."))
        wakeups.listen(settings.database_url, going.wake)


@contextmanager
def clockwork(settings: Settings, database: Database, kind: str) -> Iterator[Clockwork]:
    """Keep timers, messages and notices going meanwhile."""
    channels, clock = channels_of(settings), SystemClock()
    with running(
        database,
        clock,
        kind,
        sweep_seconds=settings.sweep_seconds,
        send=lambda now: send_due(database, now, channels),
        folder=settings.data_dir,
    ) as going:
        yield going


def listen_to_log() -> None:
    """One line an event; what libraries say of every step is left out."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@click.command()
@click.option("--clock-is-right", is_flag=True, help="Go on after a month's pause, or after the clock has jumped.")
@as_json
@spoken
def wake(*, as_json: bool, clock_is_right: bool) -> None:
    """Look once for what is due: messages are delivered, timers fire, in due order."""
    with opened() as database:
        done = look_by_hand(database, SystemClock(), confirmed=clock_is_right)
    if as_json:
        print_json({"done": done})
    else:
        tell(words("{count} things were due and have been done.", count=done))
