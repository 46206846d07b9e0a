"""Dealing notices out: each one, once, to the channels that its recipients have open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.calendar import Calendar, state_council
from app.db import Database, insert_rows
from app.notify.channels import GROUPS
from app.notify.choices import Choices, choices_of
from app.notify.models import Channel, Delivery
from app.notify.outbox import NoticeRow
from app.notify.quiet import Quiet, next_digest
from app.people.models import Account, Membership, Organisation, new_ref

BATCH = 200
OUTSIDE = frozenset({"supervisor", "applicant", "recommending_unit", "public"})
"""Lanes of people who belong to no house: what they are told is not said in the house's chat."""


def spread(database: Database, now: datetime) -> int:
    """Deal out every notice that has not been; a batch a transaction. Returns how many deliveries it made."""
    made = 0
    while _waits(database):
        with database.transaction() as db:
            made += _batch(db, now)
    return made


def _waits(database: Database) -> bool:
    with database.reading() as db:
        return db.scalar(select(NoticeRow.id).where(NoticeRow.spread_at.is_(None)).limit(1)) is not None


def _batch(db: Session, now: datetime) -> int:
    query = select(NoticeRow).where(NoticeRow.spread_at.is_(None)).order_by(NoticeRow.id).limit(BATCH)
    notices = list(db.scalars(query.with_for_update(skip_locked=True)))
    if not notices:
        return 0
    by_bureau = defaultdict(list)
    for notice in notices:
        by_bureau[notice.bureau_id].append(notice)
    rows = [row for bureau, told in by_bureau.items() for row in _of_bureau(db, bureau, told, now)]
    insert_rows(db, Delivery, rows)
    ids = [notice.id for notice in notices]
    db.execute(update(NoticeRow).where(NoticeRow.id.in_(ids)).values(spread_at=now))
    return len(rows)


@dataclass(frozen=True)
class House:
    """What is needed of a bureau to deal its notices out."""

    now: datetime
    quiet: Quiet
    calendar: Calendar
    serving: Mapping[tuple[int, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    """Persons with an account by organisation and lane."""
    places: Mapping[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The organisations that a person works for."""
    choices: dict[int, Choices] = field(default_factory=dict)

    def persons(self, notice: NoticeRow) -> set[int]:
        """Whom a notice is for."""
        if notice.person_id is not None:
            return {notice.person_id} if notice.person_id in self.places else set()
        return self.serving.get((notice.organisation_id or 0, notice.lane or ""), set())

    def chosen(self, person: int) -> Choices:
        """The person's choices, with the bureau's quiet hours for who has made none."""
        return self.choices.get(person) or Choices(quiet=self.quiet)


def _of_bureau(db: Session, bureau_id: int, notices: list[NoticeRow], now: datetime) -> Iterator[dict[str, Any]]:
    channels = db.scalars(select(Channel).where(Channel.bureau_id == bureau_id, Channel.active).order_by(Channel.id))
    open_ones = list(channels)
    if not open_ones:
        return
    house = _house(db, bureau_id, notices, now)
    for notice in notices:
        for channel in open_ones:
            if channel.since <= notice.at:
                yield from _deliveries(house, channel, notice)


def _house(db: Session, bureau_id: int, notices: Sequence[NoticeRow], now: datetime) -> House:
    settings = db.scalar(select(Organisation.settings).where(Organisation.id == bureau_id)) or {}
    house = House(now, quiet_of(settings), calendar_of(settings))
    persons = {notice.person_id for notice in notices if notice.person_id}
    places = {notice.organisation_id for notice in notices if notice.organisation_id and not notice.person_id}
    served = (
        select(Membership.person_id, Membership.organisation_id, Membership.lane)
        .join(Account, Account.person_id == Membership.person_id)
        .where(Account.active, or_(Membership.organisation_id.in_(places), Membership.person_id.in_(persons)))
    )
    for person, place, lane in db.execute(served):
        house.serving[place, lane].add(person)
        if lane not in OUTSIDE:
            house.places[person].add(place)
        else:
            house.places[person]  # noqa: B018 - known, and belongs to no house
    house.choices.update(choices_of(db, list(house.places)))
    return house


def quiet_of(settings: Mapping[str, Any]) -> Quiet:
    """The bureau's quiet hours; local policy, 21:00 to 08:00 where it has set none."""
    own = settings.get("profile", {}).get("quiet_hours")
    return Quiet(int(own[0]), int(own[1])) if own else Quiet()


def calendar_of(settings: Mapping[str, Any]) -> Calendar:
    """The bureau's working days, for the digest."""
    days = {date.fromisoformat(day): worked for day, worked in settings.get("calendar", {}).items()}
    return state_council().changed(days, settings.get("announced", []))


def _deliveries(house: House, channel: Channel, notice: NoticeRow) -> Iterator[dict[str, Any]]:
    if channel.kind in GROUPS:
        if channel.organisation_id in _groups(house, notice):
            yield _row(notice, channel, None, house.quiet.open_at(house.now))
        return
    for person in sorted(house.persons(notice)):
        chosen = house.chosen(person)
        mode = chosen.mode(channel.kind, notice.about)
        if mode == "off" or (channel.kind == "mail" and not chosen.mail):
            continue
        if mode == "digest":
            at = next_digest(house.now, chosen.digest_hour, works=house.calendar.is_working_day)
            yield _row(notice, channel, person, at, digest=True)
        else:
            yield _row(notice, channel, person, chosen.quiet.open_at(house.now))


def _groups(house: House, notice: NoticeRow) -> set[int | None]:
    """The organisations in whose chat a notice is said: its own, or the one that its person works for."""
    if notice.person_id is not None:
        return {*house.places.get(notice.person_id, ())}
    return set() if notice.lane in OUTSIDE else {notice.organisation_id}


def _row(
    notice: NoticeRow, channel: Channel, person: int | None, at: datetime, *, digest: bool = False
) -> dict[str, Any]:
    return {
        "ref": new_ref(),
        "notice_id": notice.id,
        "channel_id": channel.id,
        "person_id": person,
        "digest": digest,
        "state": "waiting",
        "tries": 0,
        "next_try": at,
        "claim": 0,
        "fault": "",
    }
