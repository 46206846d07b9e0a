"""Channels as the administrator's pages show them: hosts and figures, never an address or a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db import Session
from app.errors import Invalid, Words, words
from app.notify import administration
from app.notify.administration import Shown
from app.notify.channels import GROUPS, KINDS
from app.notify.mail import SECURITY
from app.people import directory
from app.people.access import Actor
from app.people.directory import Named
from app.web.texts import tell


@dataclass(frozen=True)
class ChannelRow:
    """One channel of the list."""

    channel: Shown
    kind: Words
    state: Words
    tone: str
    fault: Words | None


@dataclass(frozen=True)
class ChannelForm:
    """The form of a channel, new or not."""

    kind: str
    ref: str | None
    name: Words
    values: Mapping[str, Any]
    faults: Mapping[str, str]
    organisations: tuple[Named, ...]
    security: tuple[tuple[str, Words], ...]
    key: str
    """A fresh signing secret to take over, for a webhook that is being opened."""


def channel_rows(db: Session, by: Actor, at: datetime) -> list[ChannelRow]:
    """The bureau's channels with how they do; one statement."""
    return [_row(one, at) for one in administration.channels(db, by.bureau_id)]


def _row(one: Shown, at: datetime) -> ChannelRow:
    state, tone = words("in use"), "good"
    if not one.active:
        state, tone = words("switched off"), "over"
    elif one.resting_until is not None and one.resting_until > at:
        state, tone = words("does not answer, tried again at {when}", when=f"{one.resting_until:%H:%M}"), "late"
    elif one.failures:
        state, tone = words("last message not taken"), "late"
    return ChannelRow(one, KINDS[one.kind], state, tone, fault_words(one.fault) if one.fault and one.failures else None)


FAULTS: Mapping[str, Words] = {
    "timeout": words("The server did not answer in time."),
    "broken": words("The connection could not be made or broke off ({detail})."),
    "status": words("The server answered with status {detail}."),
    "answer": words("The chat refused the message (code {detail})."),
    "smtp": words("The mail server refused the message (code {detail})."),
    "huge": words("The answer was larger than 64 KB."),
    "plain": words("The mail server offers no encryption, and its host is not one of the inner network."),
    "resolve": words("The host {detail} has no address."),
    "private": words("The host {detail} leads to a private or special network, which is not allowed."),
    "walls": words("The settings no longer allow this host or port."),
}


def fault_words(code: str) -> Words:
    """Says the fault of a channel, by the code that was kept."""
    name, _, detail = code.partition(":")
    known = FAULTS.get(name, words("It failed ({detail})."))
    return Words(known.msgid, {"detail": detail or name})


SECURITY_WORDS: Mapping[str, Words] = {
    "starttls": words("STARTTLS (usually port 587)"),
    "tls": words("TLS from the start (usually port 465)"),
    "none": words("none (inner network only)"),
}


def channel_form(  # noqa: PLR0913 - a page's parts
    db: Session, kind: str, ref: str | None, by: Actor, *, sent: Mapping[str, str] | None, refusal: Invalid | None
) -> ChannelForm:
    """The form with what is kept, or with what was sent and refused; secrets are never shown again."""
    bureau = Named("", "")
    places: list[Named] = []
    if kind in GROUPS:
        places = directory.organisations(db, by.bureau_id)
        own = next((post for post in by.posts if post.organisation_id == by.bureau_id), None)
        bureau = Named(own.organisation_ref, own.organisation_name) if own else bureau
    faults = {one.field: tell(one.words) for one in refusal.findings if one.field} if refusal else {}
    return ChannelForm(
        kind=kind,
        ref=ref,
        name=KINDS[kind],
        values=_values(db, ref, by, sent),
        faults=faults,
        organisations=(bureau, *places) if bureau.ref else tuple(places),
        security=tuple((one, SECURITY_WORDS[one]) for one in SECURITY),
        key=administration.new_signing_key() if kind == "webhook" and ref is None else "",
    )


def _values(db: Session, ref: str | None, by: Actor, sent: Mapping[str, str] | None) -> dict[str, Any]:
    if sent is not None:
        return {name: value for name, value in sent.items() if name not in administration.SECRETS}
    if ref is None:
        return {"port": "587", "security": "starttls"}
    channel = administration.find(db, ref, by=by)
    return {"name": channel.name, **administration.shown_target(db, channel)}
