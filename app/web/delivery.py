"""Work of a request after its commit: messages between cases are delivered at once, the sweep is the net."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from app import jobs
from app.web import guard

log = logging.getLogger("duban.web")


def deliver(letters: int) -> None:
    """Deliver what the turn has thrown; a failure is the next sweep's business, not the sender's."""
    if not letters:
        return
    try:
        jobs.deliver_all(guard.database(), guard.now())
    except Exception:
        log.exception("delivery after a commit")


def resume(due: Mapping[int, datetime | None]) -> None:
    """Let retried cases go on now, by their id and earliest timer; what fails again is an incident again."""
    for case_id, instant in due.items():
        if instant is not None and instant <= guard.now():
            jobs.fire(guard.database(), case_id, instant, now=guard.now())
    deliver(len(due))
