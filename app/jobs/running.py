"""What runs beside the pages or in a worker: the clockwork and the sending of notices, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.clock import Clock
from app.db import Database
from app.jobs.clockwork import Clockwork
from app.jobs.tidying import keep_tidy

log = logging.getLogger(__name__)
Send = Callable[[datetime], int]
"""Sends what is due at an instant; returns how many attempts were made."""


@contextmanager
def running(  # noqa: PLR0913 - what one process keeps going
    database: Database, clock: Clock, kind: str, *, sweep_seconds: float, send: Send, folder: Path | None = None
) -> Iterator[Clockwork]:
    """Keep the clockwork going meanwhile; at the end the threads finish what they are at.

    `folder`: where uploaded files lie; with it they are kept tidy.

    Sending has a thread of its own: a mail server that does not answer must not hold up a deadline.
    """
    clockwork = Clockwork(database, clock, kind, sweep_seconds=sweep_seconds)
    over = threading.Event()
    threads = [
        threading.Thread(target=clockwork.run, name="clockwork"),
        threading.Thread(target=_keep_sending, args=(send, clock, sweep_seconds, over), name="sending", daemon=True),
    ]
    if folder is not None:
        tidying = (database, folder, clock, over)
        threads.append(threading.Thread(target=keep_tidy, args=tidying, name="tidying", daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield clockwork
    finally:
        over.set()
        clockwork.stop()
        threads[0].join()
        threads[1].join(timeout=5)  # what it has claimed is claimed anew when its lease ends


def _keep_sending(send: Send, clock: Clock, pause: float, over: threading.Event) -> None:
    while not over.is_set():
        try:
            sent = send(clock.now())
        except Exception:
            log.exception("notices could not be sent")
            sent = 0
        if not sent:
            over.wait(pause)
