"""The ways out: which kinds of channel there are, what the installation allows, and how a message goes by each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.config import Settings
from app.db import keys_of
from app.errors import Words, words
from app.notify import mail, robots
from app.notify.addresses import Walls
from app.notify.models import TARGET_PLACE, Channel
from app.notify.robots import OutgoingMessage
from app.notify.wire import Failed, post

KINDS: Mapping[str, Words] = {
    "mail": words("Mail"),
    "wecom": words("WeCom robot"),
    "dingtalk": words("DingTalk robot"),
    "feishu": words("Feishu robot"),
    "webhook": words("Signed webhook"),
}
GROUPS = frozenset({"wecom", "dingtalk", "feishu"})
"""Robots speak in an organisation's chat; mail and webhooks reach each person for themselves."""


@dataclass(frozen=True)
class Channels:
    """What this installation lets out, and under which address people find it (empty: messages carry no link)."""

    walls: Walls = field(default_factory=Walls)
    home: str = ""

    def link(self, case_ref: str) -> str:
        """Where the recipient reads on, after signing in."""
        return f"{self.home}/cases/{case_ref}" if self.home and case_ref else self.home

    def send(self, kind: str, target: Mapping[str, Any], message: OutgoingMessage) -> None:
        """Hand a message over. Raises Failed where it was not taken; no transaction may be open meanwhile."""
        if kind == "mail":
            mail.send(self.walls, target, message)
            return
        request = robots.request_for(kind, target["address"], target.get("secret", ""), message)
        answer = post(self.walls, kind, request.url, request.body, request.headers)
        if against := robots.taken(kind, answer.body):
            raise Failed(against)


def channels_of(settings: Settings) -> Channels:
    """The channels' limits by the settings: hosts by name, inner hosts, the address of this installation."""
    hosts, inner = _names(settings.send_hosts), _names(settings.inner_hosts)
    ports = frozenset(int(port) for port in _names(settings.send_ports))
    walls = Walls(hosts, inner, strict=settings.environment == "production", ports=ports)
    return Channels(walls, settings.public_url.rstrip("/"))


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.lower() for name in listed.replace(",", " ").split())


def opened(db: Session, channel: Channel) -> dict[str, Any]:
    """A channel's address and secrets."""
    target: dict[str, Any] = json.loads(keys_of(db).decrypt(channel.target, TARGET_PLACE))
    return target


def sealed(db: Session, target: Mapping[str, Any]) -> str:
    """Address and secrets as the database keeps them."""
    return keys_of(db).encrypt(json.dumps(dict(target)), TARGET_PLACE)
