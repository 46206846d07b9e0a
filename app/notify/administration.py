"""Channels as the administrator keeps them: opened, changed, tried, closed; secrets go in and never come out."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import journal
from app.errors import Finding, Invalid, NotAllowed, NotFound, words
from app.notify.addresses import Walls
from app.notify.channels import GROUPS, KINDS, opened, sealed
from app.notify.choices import ADDRESS
from app.notify.mail import SECURITY
from app.notify.models import STATES, Channel, Delivery
from app.people.access import Actor
from app.people.models import Organisation

SECRETS = ("secret", "password")
"""Fields of a form that stay as they are where they are left empty."""
WEBHOOK_PREFIX = "whsec_"
MOST_NAME, LONGEST_ADDRESS = 100, 2_000


@dataclass(frozen=True)
class Shown:
    """A channel as a page may show it: no address, no secret."""

    ref: str
    kind: str
    name: str
    host: str
    organisation_id: int | None
    active: bool
    failures: int
    resting_until: datetime | None
    fault: str
    counts: Mapping[str, int]


def channels(db: Session, bureau_id: int) -> list[Shown]:
    """The bureau's channels with how many deliveries stand where; one statement."""
    query = (
        select(Channel, Delivery.state, func.count(Delivery.id))
        .outerjoin(Delivery, Delivery.channel_id == Channel.id)
        .where(Channel.bureau_id == bureau_id)
        .group_by(Channel.id, Delivery.state)
        .order_by(Channel.id)
    )
    rows: dict[int, tuple[Channel, dict[str, int]]] = {}
    for channel, state, count in db.execute(query):
        rows.setdefault(channel.id, (channel, dict.fromkeys(STATES, 0)))[1].update({state: count} if state else {})
    return [_shown(channel, counts) for channel, counts in rows.values()]


def _shown(one: Channel, counts: Mapping[str, int]) -> Shown:
    told = (one.ref, one.kind, one.name, one.host, one.organisation_id, one.active)
    return Shown(*told, one.failures, one.resting_until, one.fault, counts)


def find(db: Session, ref: str, *, by: Actor) -> Channel:
    """The administrator's channel of that ref. Raises NotAllowed, NotFound."""
    _refuse(by)
    channel = db.scalar(select(Channel).where(Channel.ref == ref, Channel.bureau_id == by.bureau_id))
    if channel is None:
        raise NotFound(words("There is no such channel here."))
    return channel


def add(db: Session, kind: str, given: Mapping[str, str], walls: Walls, *, by: Actor, at: datetime) -> str:
    """Open a channel; returns its ref. Raises Invalid with every field that is wrong."""
    _refuse(by)
    if kind not in KINDS:
        raise NotFound(words("There is no such kind of channel."))
    name, target, place = _checked(db, kind, given, walls, by=by, before={})
    channel = Channel(
        bureau_id=by.bureau_id,
        kind=kind,
        name=name,
        organisation_id=place,
        host=_host(kind, target),
        target=sealed(db, target),
        active=True,
        since=at,
        failures=0,
        fault="",
    )
    db.add(channel)
    db.flush()
    _note(db, channel, "opened", by, at)
    return channel.ref


def change(db: Session, ref: str, given: Mapping[str, str], walls: Walls, *, by: Actor, at: datetime) -> None:
    """Change a channel's name, address or secrets; a secret left empty stays."""
    channel = find(db, ref, by=by)
    name, target, place = _checked(db, channel.kind, given, walls, by=by, before=opened(db, channel))
    channel.name, channel.organisation_id = name, place
    channel.host, channel.target = _host(channel.kind, target), sealed(db, target)
    channel.failures, channel.resting_until, channel.fault = 0, None, ""
    db.flush()
    _note(db, channel, "changed", by, at)


def switch(db: Session, ref: str, *, on: bool, by: Actor, at: datetime) -> None:
    """Switch a channel on or off; what was told while it was off does not go out by it."""
    channel = find(db, ref, by=by)
    if channel.active == on:
        return
    channel.active = on
    channel.failures, channel.resting_until = 0, None
    if on:
        channel.since = at
    else:
        waiting = Delivery.channel_id == channel.id, Delivery.state == "waiting"
        db.execute(update(Delivery).where(*waiting).values(state="void", fault="closed"))
    db.flush()
    _note(db, channel, "switched on" if on else "switched off", by, at)


def revive(db: Session, ref: str, *, by: Actor, at: datetime) -> int:
    """Try dead deliveries of a channel again, from the first try on; returns how many."""
    channel = find(db, ref, by=by)
    dead = Delivery.channel_id == channel.id, Delivery.state == "dead"
    kept = db.execute(update(Delivery).where(*dead).values(state="waiting", tries=0, next_try=at))
    channel.failures, channel.resting_until = 0, None
    db.flush()
    _note(db, channel, "revived", by, at)
    return int(kept.rowcount)  # type: ignore[attr-defined]


def _refuse(by: Actor) -> None:
    if "sys_admin" not in by.lanes:
        raise NotAllowed(words("This is not yours to do."), clauses=["permission"])


def _note(db: Session, channel: Channel, what: str, by: Actor, at: datetime) -> None:
    data = {"channel": channel.ref, "kind": channel.kind, "host": channel.host, "what": what}
    journal.record_outside(db, by.bureau_id, [journal.Note("channel.changed", data=data)], at=at, by=by.id)


def _host(kind: str, target: Mapping[str, Any]) -> str:
    return str(target["host"]) if kind == "mail" else urlsplit(target["address"]).hostname or ""


def _checked(  # noqa: PLR0913 - one form's parts
    db: Session, kind: str, given: Mapping[str, str], walls: Walls, *, by: Actor, before: Mapping[str, Any]
) -> tuple[str, dict[str, Any], int | None]:
    faults: list[Finding] = []
    name = given.get("name", "").strip()
    if not 0 < len(name) <= MOST_NAME:
        faults.append(Finding(words("A channel needs a name."), rule="channel", field="name"))
    place = _place(db, kind, given, by, faults)
    target = (_mail if kind == "mail" else _web)(kind, given, before, walls, faults)
    if faults:
        raise Invalid(words("The channel is not complete or not right."), faults)
    return name, target, place


def _place(db: Session, kind: str, given: Mapping[str, str], by: Actor, faults: list[Finding]) -> int | None:
    if kind not in GROUPS:
        return None
    query = select(Organisation.id).where(Organisation.bureau_id == by.bureau_id)
    found = db.scalar(query.where(Organisation.ref == given.get("organisation", "")))
    if found is None:
        text = words("Choose the organisation whose chat the robot speaks in.")
        faults.append(Finding(text, rule="channel", field="organisation"))
    return found


def _web(
    kind: str, given: Mapping[str, str], before: Mapping[str, Any], walls: Walls, faults: list[Finding]
) -> dict[str, Any]:
    address = given.get("address", "").strip()[:LONGEST_ADDRESS] or str(before.get("address", ""))
    secret = given.get("secret", "").strip() or str(before.get("secret", ""))
    try:
        walls.refuse_url(kind, address)
    except Invalid as refusal:
        faults.append(Finding(refusal.words, rule="address", field="address"))
    if kind == "webhook" and not _is_signing_key(secret):
        text = words("The signing secret is whsec_ and at least 24 bytes in base64.")
        faults.append(Finding(text, rule="channel", field="secret"))
    if kind in ("dingtalk", "feishu") and not secret:
        text = words("The robot must be set to signed messages; enter its signing secret.")
        faults.append(Finding(text, rule="channel", field="secret"))
    return {"address": address, "secret": secret}


def _is_signing_key(secret: str) -> bool:
    try:
        return len(base64.b64decode(secret.removeprefix(WEBHOOK_PREFIX), validate=True)) >= 24  # noqa: PLR2004
    except (binascii.Error, ValueError):
        return False


def new_signing_key() -> str:
    """A fresh secret for a signed webhook, to be entered here and at the receiver."""
    return WEBHOOK_PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def _port_faults(walls: Walls, host: str, port: str) -> list[Finding]:
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= 65535):  # noqa: PLR2004 - the last port
        return [Finding(words("A port is a number from 1 to 65535."), rule="channel", field="port")]
    try:
        walls.refuse_port("mail", host, int(port))
    except Invalid as refusal:
        return [Finding(refusal.words, rule="address", field="port")]
    return []


def _mail(
    kind: str, given: Mapping[str, str], before: Mapping[str, Any], walls: Walls, faults: list[Finding]
) -> dict[str, Any]:
    host, port = given.get("host", "").strip().lower(), given.get("port", "").strip()
    security, sender = given.get("security", "starttls"), given.get("sender", "").strip()
    try:
        walls.refuse_host(kind, host)
    except Invalid as refusal:
        faults.append(Finding(refusal.words, rule="address", field="host"))
    faults += _port_faults(walls, host, port)
    if security not in SECURITY or (security == "none" and (walls.strict or host not in walls.inner)):
        text = words("Mail goes without encryption only to a host of the inner network, and never in production.")
        faults.append(Finding(text, rule="channel", field="security"))
    if not ADDRESS.fullmatch(sender):
        faults.append(Finding(words("This is no mail address."), rule="channel", field="sender"))
    username = given.get("username", "").strip()
    password = given.get("password", "") or (str(before.get("password", "")) if username else "")
    return {
        "host": host,
        "port": int(port) if port.isascii() and port.isdigit() else 0,
        "security": security,
        "sender": sender,
        "username": username,
        "password": password,
    }


def shown_target(db: Session, channel: Channel) -> dict[str, Any]:
    """What a form may show again of a channel: of mail all but the password, of a chat only its host."""
    target = opened(db, channel)
    if channel.kind == "mail":
        return {key: value for key, value in target.items() if key not in SECRETS}
    place = db.scalar(select(Organisation.ref).where(Organisation.id == channel.organisation_id))
    return {"host": channel.host, "organisation": place or ""}
