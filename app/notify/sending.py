"""Sending what is due: claimed in one transaction, sent with none open, marked in another; failures wait and end."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update

from app.db import Database, Session
from app.failpoints import failpoint
from app.notify.channels import Channels
from app.notify.claiming import Claimed, Parcel, claim, due_channels, unhurried
from app.notify.models import MOST_FAULT, Channel, Delivery
from app.notify.quiet import MOST_TRIES, pause_after
from app.notify.spreading import spread
from app.notify.wire import Failed

log = logging.getLogger(__name__)
BATCH = 10
LONGEST_RUN = 60.0
"""Seconds after which a run claims nothing more; the next run goes on."""
BREATH = 0.02
"""Seconds between two messages of one sender: who works at a desk comes first, and 50 a second are enough."""
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=5)
SILENCES, TOO_MANY_FAILURES = 2, 10
"""So often in a row may nobody answer, or a message not be taken, until a channel is left alone for a while."""


def send_due(database: Database, now: datetime, channels: Channels, *, limit: int = 100) -> int:
    """Deal out new notices, then send what is due at `now`; returns how many attempts were made.

    Channels take turns, and one whose server is silent is left alone for the rest of the run: it holds nobody up.
    """
    spread(database, now)
    run = _Run(database, channels, now, limit)
    while ids := run.open_channels():
        for channel_id in ids:
            run.serve(channel_id)
    return run.attempts


@dataclass
class _Run:
    """One round of sending."""

    database: Database
    channels: Channels
    now: datetime
    limit: int
    attempts: int = 0
    tired: set[int] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    @property
    def at(self) -> datetime:
        """The instant of the run, moved on by the time that it has taken so far."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def open_channels(self) -> list[int]:
        """Channels that still have something due; none once the run has done its share."""
        if self.attempts >= self.limit or time.monotonic() - self.began > LONGEST_RUN:
            return []
        return [one for one in due_channels(self.database, self.at) if one not in self.tired]

    def serve(self, channel_id: int) -> None:
        """Send one batch of a channel; after a silence or a rest it has no second one in this run."""
        most = min(BATCH, self.limit - self.attempts)
        claimed = claim(self.database, channel_id, self.channels, at=self.at, most=most) if most > 0 else None
        if claimed is None or not claimed.found:
            self.tired.add(channel_id)
            return
        failures = claimed.failures
        for number, parcel in enumerate(claimed.parcels):
            fault = self._send(claimed, parcel)
            failures = self._mark(claimed, parcel, fault, failures)
            if fault and (fault.silent or _resting(failures, silent=fault.silent)):
                self.tired.add(channel_id)
                self._give_back(claimed.parcels[number + 1 :])
                return

    def _send(self, claimed: Claimed, parcel: Parcel) -> Failed | None:
        """One attempt, with no transaction open; whatever goes wrong is the message's fault and nobody else's."""
        self.attempts += 1
        time.sleep(BREATH)
        try:
            self.channels.send(claimed.kind, claimed.target, parcel.message)
        except Failed as cause:
            return cause
        except Exception as cause:
            log.exception("delivery %s", parcel.message.ref)
            return Failed(f"error:{type(cause).__name__}")
        failpoint("after_send")
        return None

    def _mark(self, claimed: Claimed, parcel: Parcel, fault: Failed | None, failures: int) -> int:
        """Write what became of it; who has lost the claim meanwhile writes nothing. Gives the channel's failures."""
        with self.database.transaction() as db:
            unhurried(db)
            if fault is None:
                _settle(db, parcel, state="sent", sent_at=self.at, fault="")
            else:
                _settle(db, parcel, **_retried(parcel, fault, self.at))
            if fault is not None or failures:
                failures = _note(db, claimed, fault, failures, at=self.at)
        failpoint("after_mark_sent")
        return failures

    def _give_back(self, parcels: tuple[Parcel, ...]) -> None:
        """What was claimed and not tried waits again, without a try counted."""
        if parcels:
            with self.database.transaction() as db:
                for parcel in parcels:
                    _settle(db, parcel, state="waiting", tries=Delivery.tries - 1)


def _settle(db: Session, parcel: Parcel, **values: object) -> None:
    mine = Delivery.id.in_(parcel.ids), Delivery.claim == parcel.claim, Delivery.state == "sending"
    kept = db.execute(update(Delivery).where(*mine).values(lease_until=None, **values))
    if kept.rowcount != len(parcel.ids):  # type: ignore[attr-defined]
        log.warning("delivery %s was claimed by another sender meanwhile", parcel.message.ref)


def _retried(parcel: Parcel, fault: Failed, at: datetime) -> dict[str, object]:
    """The tenth failure is the last; before it the pauses grow."""
    text = fault.code[:MOST_FAULT]
    if parcel.tries >= MOST_TRIES:
        return {"state": "dead", "fault": text}
    pause = pause_after(parcel.tries, chance=random.SystemRandom())
    return {"state": "waiting", "next_try": at + pause, "fault": text}


def _resting(failures: int, *, silent: bool) -> bool:
    return failures >= (SILENCES if silent else TOO_MANY_FAILURES)


def _note(db: Session, claimed: Claimed, fault: Failed | None, failures: int, *, at: datetime) -> int:
    """Count a channel's failures in a row, and let it rest; the first good message wakes all that waited for it."""
    if fault is None:
        values: dict[str, object] = {"failures": 0, "resting_until": None, "fault": ""}
        db.execute(update(Channel).where(Channel.id == claimed.channel_id).values(**values))
        if claimed.rested:
            waiting = Delivery.channel_id == claimed.channel_id, Delivery.state == "waiting", Delivery.tries > 0
            db.execute(update(Delivery).where(*waiting, Delivery.next_try > at).values(next_try=at))
        return 0
    failures += 1
    values = {"failures": failures, "fault": fault.code[:MOST_FAULT]}
    if _resting(failures, silent=fault.silent):
        values["resting_until"] = at + min(FIRST_REST * 2 ** min(failures - SILENCES, 8), LONGEST_REST)
    db.execute(update(Channel).where(Channel.id == claimed.channel_id).values(**values))
    return failures
