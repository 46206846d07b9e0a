"""Which addresses messages may go to: named hosts only, resolved once, never a private or special network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.errors import Invalid, Words, words

Resolver = Callable[[str, int], list[str]]
ROBOT_HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com", "feishu": "open.feishu.cn"}
"""The public hosts of the three chats; an installation of their own is named in the settings."""


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
    go without encryption unless `strict` (production).
    """

    hosts: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    strict: bool = True
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
        self.refuse_host(kind, host)
        return host, port or (443 if parts.scheme == "https" else 80)

    def refuse_host(self, kind: str, host: str) -> None:
        """Raises Invalid for a host that nobody has named in the settings."""
        if host.lower() not in self.hosts | self.inner | {ROBOT_HOSTS.get(kind, "")}:
            text = words("The host {host} is not on the list of hosts that messages may go to.", host=host)
            raise _wrong(text)

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
        if host.lower() not in self.inner:
            for one in found:
                if not is_public(one):
                    raise Refused(f"private:{host}")
        return found[0]


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the open network, whatever form it is written in."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if number in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)))
    return number.is_global and not number.is_multicast


def _wrong(text: Words) -> Invalid:
    return Invalid(text, fields=["address"])
