"""A trial message: an administrator sees at once whether a channel works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Invalid, words
from app.notify import composing
from app.notify.administration import find
from app.notify.channels import Channels, opened
from app.notify.choices import ADDRESS
from app.notify.composing import Envelope
from app.notify.robots import OutgoingMessage
from app.notify.wire import Failed
from app.people.access import Actor
from app.people.models import Organisation, new_ref


@dataclass(frozen=True)
class Trial:
    """Everything that is needed to send it once the transaction is over."""

    kind: str
    target: Mapping[str, object]
    message: OutgoingMessage


def prepare(db: Session, ref: str, to: str, *, by: Actor, at: datetime) -> Trial:
    """The trial message of a channel; for mail `to` is the address. Raises NotAllowed, NotFound, Invalid."""
    channel = find(db, ref, by=by)
    if channel.kind == "mail" and not ADDRESS.fullmatch(to.strip()):
        raise Invalid(words("Enter the mail address that the trial message goes to."), fields=["to"])
    bureau = db.scalar(select(Organisation.name).where(Organisation.id == by.bureau_id)) or ""
    message = composing.trial(Envelope(new_ref(), to.strip(), "", bureau, at))
    return Trial(channel.kind, opened(db, channel), message)


def send(trial: Trial, channels: Channels) -> str | None:
    """One attempt, with no transaction open: the code of what went wrong, or None."""
    try:
        channels.send(trial.kind, trial.target, trial.message)
    except Failed as cause:
        return cause.code
    return None
