"""What runs beside the pages or in a worker: the clockwork and the sending of notices, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from app.clock import Clock
from app.db import Database
from app.jobs.clockwork import Clockwork

log = logging.getLogger(__name__)
Send = Callable[[datetime], int]
"""Sends what is due at an instant; returns how many attempts were made."""


@contextmanager
def running(database: Database, clock: Clock, kind: str, *, sweep_seconds: float, send: Send) -> Iterator[Clockwork]:
    """Keep the clockwork going meanwhile; at the end both threads finish what they are at.

    Sending has a thread of its own: a mail server that does not answer must not hold up a deadline.
    """
    clockwork = Clockwork(database, clock, kind, sweep_seconds=sweep_seconds)
    over = threading.Event()
    threads = [
        threading.Thread(target=clockwork.run, name="clockwork"),
        threading.Thread(target=_keep_sending, args=(send, clock, sweep_seconds, over), name="sending", daemon=True),
    ]
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
