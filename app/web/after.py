"""What the request that committed still does: messages between cases are delivered at once, the sweep is the net."""

from __future__ import annotations

import logging

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
