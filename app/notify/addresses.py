"""Which addresses messages may go to: named hosts, resolved once, no private or special network, few ports."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.errors import Invalid, Words, words
from app.notify.networks import special_network

Resolver = Callable[[str, int], list[str]]
ROBOT_HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com", "feishu": "open.feishu.cn"}
"""The public hosts of the three chats; an installation of their own is named in the settings."""
WEB_PORTS = frozenset({443, 8443})
MAIL_PORTS = frozenset({25, 465, 587})


class Refused(Exception):
    """An address that nothing is sent to."""


def resolved(host: str, port: int) -> list[str]:
    """The numeric addresses of a host by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Walls:
    """What the installation allows: hosts by name, and among them those of the inner network.

    `hosts` are the names that webhooks, robots and mail may use; `inner` may resolve to private addresses, and may
    go without encryption and to any port unless `strict` (production). `ports` are allowed besides those of the web
    and of mail.
    """

    hosts: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    strict: bool = True
    ports: frozenset[int] = frozenset()
    resolve: Resolver = field(default=resolved, repr=False)

    def refuse_url(self, kind: str, url: str) -> tuple[str, int]:
        """The host and port of a webhook's or robot's address. Raises Invalid in words for one that may not be."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise _wrong(words("This is no address of the web.")) from None
        if parts.scheme not in ("https", "http") or not host or parts.username is not None or parts.fragment:
            raise _wrong(words("This is no address of the web."))
        if not url.isascii() or any(letter.isspace() for letter in url):
            raise _wrong(words("This is no address of the web."))
        if parts.scheme == "http" and (self.strict or host not in self.inner):
            raise _wrong(words("The address must begin with https."))
        port = port if port is not None else (443 if parts.scheme == "https" else 80)
        self.refuse_host(kind, host)
        self.refuse_port(kind, host, port)
        return host, port

    def refuse_host(self, kind: str, host: str) -> None:
        """Raises Invalid for a host that nobody has named in the settings."""
        if host.lower() not in self.hosts | self.inner | {ROBOT_HOSTS.get(kind, "")}:
            text = words("The host {host} is not on the list of hosts that messages may go to.", host=host)
            raise _wrong(text)

    def refuse_port(self, kind: str, host: str, port: int) -> None:
        """Raises Invalid for a port at which neither the web nor mail is at home and which nobody has named."""
        if host.lower() in self.inner and not self.strict:
            return
        allowed = (MAIL_PORTS if kind == "mail" else WEB_PORTS) | self.ports
        if port not in allowed:
            listed = ", ".join(map(str, sorted(allowed)))
            raise _wrong(words("Messages do not go to port {port}; allowed are {allowed}.", port=port, allowed=listed))

    def place(self, host: str, port: int) -> str:
        """The one numeric address to connect to. Raises Refused where any of them is not to be reached.

        The name is resolved here and nowhere else, so that it cannot mean something else a moment later.
        """
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as cause:
            raise Refused(f"resolve:{host}") from cause
        if not found:
            raise Refused(f"resolve:{host}")
        inner = host.lower() in self.inner
        for one in found:
            if against := closed(one, inner=inner):
                raise Refused(f"private:{host} ({against})")
        return found[0]


def closed(address: str, *, inner: bool = False) -> str:
    """The name of the special network that forbids a numeric address; empty for one that may be connected to.

    `inner`: the host is one of the office's own, so that private networks are what is expected.
    """
    try:
        special = special_network(address)
    except ValueError:
        return "no address"
    return special.name if special and not (inner and special.inside) else ""


def _wrong(text: Words) -> Invalid:
    return Invalid(text, fields=["address"])
