"""Claiming deliveries that are due, with a lease; rights are read again and words made before anything leaves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, text, update
from sqlalchemy.orm import Session

from app.db import Database
from app.failpoints import failpoint
from app.notify import composing
from app.notify.channels import GROUPS, Channels, opened
from app.notify.choices import Choices, choices_of
from app.notify.composing import Envelope, RecipientNotice
from app.notify.models import Channel, Delivery
from app.notify.outbox import NoticeRow
from app.notify.quiet import MOST_TRIES
from app.notify.robots import OutgoingMessage
from app.notify.spreading import quiet_of
from app.notify.subjects import subject_of
from app.people.access import Actor, Post, actor_of
from app.people.models import Account, Organisation

LEASE = timedelta(minutes=2)
MOST_IN_DIGEST = 200
ASKING = frozenset({"assigned", "due_soon", "urged"})
"""Kinds that ask for a work; once it is done they need not go out."""
PROBE = 1
"""A channel that has rested is tried with one message first."""


@dataclass(frozen=True)
class Parcel:
    """A message with the deliveries that it carries out: one, or all of a person's digest."""

    ids: tuple[int, ...]
    claim: int
    tries: int
    message: OutgoingMessage


@dataclass(frozen=True)
class Claimed:
    """Parcels of one channel, ready to go, and what the channel needs for it."""

    channel_id: int
    kind: str
    target: Mapping[str, object]
    failures: int
    rested: bool
    """Whether it had been left alone for a while, and this is the attempt after it."""
    parcels: tuple[Parcel, ...] = ()
    found: int = 0
    """How many deliveries were due, those included that will not go out."""


def unhurried(db: Session) -> None:
    """This commit need not wait for the disk, nor make those wait who work: if the server dies, it is done again.

    What is lost then is a mark, and the message goes out a second time under the same id, as after any kill.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL synchronous_commit = off"))


def due(at: datetime) -> ColumnElement[bool]:
    """Deliveries that wait no longer, and those whose sender has been silent for longer than its lease."""
    waiting = and_(Delivery.state == "waiting", Delivery.next_try <= at)
    return or_(waiting, and_(Delivery.state == "sending", Delivery.lease_until <= at))


def due_channels(database: Database, at: datetime) -> list[int]:
    """Channels with something due that are open and not resting."""
    rested = or_(Channel.resting_until.is_(None), Channel.resting_until <= at)
    waiting = select(Delivery.id).where(Delivery.channel_id == Channel.id, due(at)).exists()
    with database.reading() as db:
        return list(db.scalars(select(Channel.id).where(Channel.active, rested, waiting).order_by(Channel.id)))


def claim(database: Database, channel_id: int, channels: Channels, *, at: datetime, most: int) -> Claimed | None:
    """Take up to `most` deliveries of a channel; None where it has been closed meanwhile."""
    with database.transaction() as db:
        unhurried(db)
        channel = db.get(Channel, channel_id)
        if channel is None or not channel.active:
            return None
        rested = channel.resting_until is not None
        desk = _Desk(db, channel, channels, at)
        rows = desk.take(PROBE if rested else most)
        parcels = tuple(desk.parcels(rows))
        failpoint("after_claim")
    return Claimed(channel.id, channel.kind, desk.target, channel.failures, rested, parcels, len(rows))


@dataclass
class _Desk:
    """One claim within its transaction."""

    db: Session
    channel: Channel
    channels: Channels
    at: datetime
    number: int = field(default_factory=lambda: secrets.randbelow(2**31))
    people: dict[int, Actor | None] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    """Persons whose account is open."""
    choices: dict[int, Choices] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.target = opened(self.db, self.channel)
        place = select(Organisation.name, Organisation.settings).where(Organisation.id == self.channel.bureau_id)
        self.bureau, settings = self.db.execute(place).one()
        self.quiet = quiet_of(settings or {})

    def take(self, most: int) -> list[tuple[Delivery, NoticeRow]]:
        """Rows that nobody else holds, marked as being sent."""
        query = self._rows().where(Delivery.channel_id == self.channel.id, due(self.at))
        rows = self._locked(query.order_by(Delivery.next_try, Delivery.id).limit(most))
        if persons := {delivery.person_id for delivery, _ in rows if delivery.digest}:
            ids = [delivery.id for delivery, _ in rows]
            same = (Delivery.channel_id == self.channel.id, Delivery.digest, Delivery.person_id.in_(persons))
            query = self._rows().where(*same, due(self.at), Delivery.id.not_in(ids))
            rows += self._locked(query.order_by(Delivery.id).limit(MOST_IN_DIGEST))
        people = [row.person_id for row, _ in rows if row.person_id]
        self.choices = choices_of(self.db, people)
        self.people = dict.fromkeys(people)
        active = select(Account.person_id).where(Account.person_id.in_(people), Account.active)
        self.active = set(self.db.scalars(active))
        self._set([row.id for row, _ in rows], state="sending", lease_until=self.at + LEASE, claim=self.number)
        return rows

    def _rows(self) -> Any:
        return select(Delivery, NoticeRow).join(NoticeRow, NoticeRow.id == Delivery.notice_id)

    def _locked(self, query: Any) -> list[tuple[Delivery, NoticeRow]]:
        return [(row[0], row[1]) for row in self.db.execute(query.with_for_update(skip_locked=True, of=Delivery))]

    def _set(self, ids: Sequence[int], **values: Any) -> None:
        if ids:
            if values["state"] == "sending":
                values["tries"] = Delivery.tries + 1
            self.db.execute(
                update(Delivery).where(Delivery.id.in_(ids)).values(**values),
                execution_options={"synchronize_session": False},
            )

    def parcels(self, rows: Sequence[tuple[Delivery, NoticeRow]]) -> list[Parcel]:
        """What goes out; what must not is void, what comes in quiet hours waits for their end."""
        made, bundles = [], dict[int, list[tuple[Delivery, RecipientNotice]]]()
        for delivery, notice in rows:
            told = self._told(delivery, notice)
            if told is None:
                continue
            if delivery.digest and delivery.person_id:
                bundles.setdefault(delivery.person_id, []).append((delivery, told))
            else:
                message = composing.single(self.channels, self._envelope(delivery), told)
                made.append(Parcel((delivery.id,), self.number, delivery.tries + 1, message))
        return made + [self._bundle(sorted(held, key=lambda one: one[0].id)) for held in bundles.values()]

    def _bundle(self, held: Sequence[tuple[Delivery, RecipientNotice]]) -> Parcel:
        first = held[0][0]
        message = composing.digest(self.channels, self._envelope(first), [told for _, told in held])
        return Parcel(tuple(row.id for row, _ in held), self.number, first.tries + 1, message)

    def _told(self, delivery: Delivery, notice: NoticeRow) -> RecipientNotice | None:
        """The notice as its recipient may know it now; None where it does not go out, or not yet."""
        if delivery.tries >= MOST_TRIES:
            self._set([delivery.id], state="dead", lease_until=None)
            return None
        actor = self._recipient(delivery, notice)
        matter = subject_of(self.db, actor, notice) if actor and notice.case_id else None
        if actor is None or (notice.case_id and matter is None):
            self._void(delivery, "right")
            return None
        if matter is not None and matter.settled and notice.about in ASKING:
            self._void(delivery, "settled")
            return None
        if not self._wanted(delivery, notice):
            self._void(delivery, "unwanted")
            return None
        opens = self._chosen(delivery).quiet.open_at(self.at)
        if opens > self.at:
            self._set([delivery.id], state="waiting", lease_until=None, next_try=opens, tries=delivery.tries)
            return None
        return RecipientNotice(notice, matter)

    def _void(self, delivery: Delivery, why: str) -> None:
        self._set([delivery.id], state="void", lease_until=None, fault=why)

    def _chosen(self, delivery: Delivery) -> Choices:
        return self.choices.get(delivery.person_id or 0) or Choices(quiet=self.quiet)

    def _wanted(self, delivery: Delivery, notice: NoticeRow) -> bool:
        chosen = self._chosen(delivery)
        if self.channel.kind in GROUPS:
            return True
        return chosen.mode(self.channel.kind, notice.about) != "off" and (
            self.channel.kind != "mail" or bool(chosen.mail)
        )

    def _recipient(self, delivery: Delivery, notice: NoticeRow) -> Actor | None:
        """Who would read it, with today's rights; None where they may no longer."""
        if delivery.person_id is None:
            return self._group(notice)
        actor = self._person(delivery.person_id)
        if actor and notice.person_id is None and not actor.serves(notice.lane or "", notice.organisation_id):
            return None
        return actor

    def _person(self, person_id: int) -> Actor | None:
        if person_id in self.active and self.people.get(person_id) is None:
            self.people[person_id] = actor_of(self.db, person_id)
        return self.people.get(person_id)

    def _group(self, notice: NoticeRow) -> Actor:
        """Everybody in an organisation's chat: they know what whoever serves that lane there knows."""
        place = self.channel.organisation_id or 0
        lane = notice.lane or ("bureau_clerk" if place == self.channel.bureau_id else "agency_liaison")
        return Actor(0, "", "", self.channel.bureau_id, (Post(place, "", "", lane),))

    def _envelope(self, delivery: Delivery) -> Envelope:
        person = self.people.get(delivery.person_id or 0)
        address = self._chosen(delivery).mail if self.channel.kind == "mail" else ""
        return Envelope(delivery.ref, address, person.ref if person else "", self.bureau, self.at)
