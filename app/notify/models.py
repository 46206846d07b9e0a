"""Tables of what leaves the house: channels, deliveries on their way, what people have chosen and have read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.people.models import new_ref

STATES = ("waiting", "sending", "sent", "void", "dead")
TARGET_PLACE, MAIL_PLACE = "channel.target", "preference.mail"
MOST_FAULT = 200


class Channel(Base):
    """A way out that the administrator has opened: mail and webhooks to each person, robots to a group's chat."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose chat a robot speaks in: it is told what that organisation is told."""
    host: Mapped[str] = mapped_column(String(255))
    target: Mapped[str]
    """Address and secrets as JSON, encrypted: the address of a robot is itself a secret."""
    active: Mapped[bool]
    since: Mapped[datetime]
    """What was told before the channel was switched on does not go out by it."""
    failures: Mapped[int] = mapped_column(default=0)
    """Failed attempts since the last good one."""
    resting_until: Mapped[datetime | None]
    """Until then nobody knocks: what fails again and again is left alone for a while."""
    fault: Mapped[str] = mapped_column(String(MOST_FAULT), default="")


class Delivery(Base):
    """A notice on its way to one person, or to a group (no person), by one channel; `ref` is the message's id."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel_id", "person_id"),
        Index(
            "uq_delivery_group",
            "notice_id",
            "channel_id",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
        Index("ix_delivery_due", "channel_id", "state", "next_try"),
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'void', 'dead')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[bool]
    """Whether it waits for the day's one message."""
    state: Mapped[str] = mapped_column(String(16))
    """`void`: not sent on purpose, since the right is lost or the work is done; `dead`: given up after ten tries."""
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime]
    claim: Mapped[int] = mapped_column(default=0)
    """The number of the last claim: who was thought dead and comes back finds another one and may not mark."""
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(MOST_FAULT), default="")


class Preference(Base):
    """What a person has chosen: where mail goes (encrypted), what goes out when, and how far they have read."""

    __tablename__ = "preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(default="")
    choices: Mapped[dict[str, Any]]
    """{kind of channel: {about: now | digest | off}}; what is not there is as usual."""
    digest_hour: Mapped[int] = mapped_column(default=9)
    quiet_from: Mapped[int] = mapped_column(default=21)
    quiet_to: Mapped[int] = mapped_column(default=8)
    read_up_to: Mapped[int] = mapped_column(default=0)
    """Every notice up to this id has been read."""


class NoticeRead(Base):
    """A person has read a notice; what a lane is told, each reads for themselves."""

    __tablename__ = "notice_read"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[datetime]
