"""Wake-ups on PostgreSQL: procrastinate's queue tells workers at once of a timer that was armed for soon.

The job is deferred by a trigger of the table of timers (migration 0007): in the turn's transaction, on its connection,
at no statement of the turn's. It carries nothing but the wake-up; what is due, the worker looks up. A job that is lost
with its worker is therefore no loss: the sweep is the net.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable

from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.db import Database
from app.schema import QUEUE

log = logging.getLogger(__name__)
POLL_SECONDS = 5.0
AGAIN_SECONDS = 2.0


def listen(url: str, wake: Callable[[], None]) -> None:
    """Call `wake` at each wake-up until SIGTERM or SIGINT; a lost connection is opened again."""
    asyncio.run(_listen(url, wake))


async def _listen(url: str, wake: Callable[[], None]) -> None:
    over = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, over.set)
    stopping = asyncio.create_task(over.wait())
    while not over.is_set():
        queue = asyncio.create_task(_work(url, wake))
        await asyncio.wait({queue, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if queue.done() and not over.is_set():
            log.error("the queue of wake-ups is lost and opened again", exc_info=queue.exception())
            await asyncio.wait({stopping}, timeout=AGAIN_SECONDS)
        queue.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await queue


async def _work(url: str, wake: Callable[[], None]) -> None:
    app = queue_of(url)

    async def look() -> None:
        wake()

    app.task(name="look", queue="duban")(look)
    async with app.open_async():
        await app.run_worker_async(
            queues=["duban"],
            fetch_job_polling_interval=POLL_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=1,
        )


def queue_of(url: str) -> App:
    """procrastinate on our database, its tables in a schema of their own."""
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    kwargs = {"options": f"-c search_path={QUEUE}"}
    return App(connector=PsycopgConnector(conninfo=conninfo, kwargs=kwargs, min_size=1, max_size=3))


def clear(database: Database) -> None:
    """Forget wake-ups that nobody has taken for an hour, or whose worker died with them."""
    if database.engine.dialect.name == "postgresql":
        with database.transaction() as db:
            db.execute(text(_CLEAR.format(queue=QUEUE)))


_CLEAR = """
DELETE FROM {queue}.procrastinate_jobs WHERE id IN (
    SELECT job_id FROM {queue}.procrastinate_events GROUP BY job_id HAVING max(at) < now() - interval '1 hour'
)
"""
