"""The networks in which no public receiver is: IANA's registries of special-purpose addresses as one table."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Number = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Special:
    """A network that serves a purpose of its own; `inside`: one that an office may use in its own building."""

    network: IPv4Network | IPv6Network
    name: str
    source: str
    inside: bool = False


def _special(network: str, name: str, source: str, *, inside: bool = False) -> Special:
    return Special(ip_network(network), name, source, inside)


SPECIAL = (
    _special("0.0.0.0/8", "this network", "RFC 791"),
    _special("10.0.0.0/8", "private use", "RFC 1918", inside=True),
    _special("100.64.0.0/10", "shared between a carrier's customers", "RFC 6598", inside=True),
    _special("127.0.0.0/8", "loopback", "RFC 1122", inside=True),
    _special("169.254.0.0/16", "link-local", "RFC 3927"),
    _special("172.16.0.0/12", "private use", "RFC 1918", inside=True),
    _special("192.0.0.0/24", "protocol assignments", "RFC 6890"),
    _special("192.0.2.0/24", "documentation", "RFC 5737"),
    _special("192.31.196.0/24", "AS112", "RFC 7535"),
    _special("192.52.193.0/24", "automatic multicast tunnels", "RFC 7450"),
    _special("192.88.99.0/24", "6to4 relays", "RFC 7526"),
    _special("192.168.0.0/16", "private use", "RFC 1918", inside=True),
    _special("192.175.48.0/24", "AS112", "RFC 7534"),
    _special("198.18.0.0/15", "benchmarks", "RFC 2544"),
    _special("198.51.100.0/24", "documentation", "RFC 5737"),
    _special("203.0.113.0/24", "documentation", "RFC 5737"),
    _special("224.0.0.0/4", "multicast", "RFC 5771"),
    _special("255.255.255.255/32", "broadcast", "RFC 919"),
    _special("240.0.0.0/4", "reserved", "RFC 1112"),
    _special("::/128", "unspecified", "RFC 4291"),
    _special("::1/128", "loopback", "RFC 4291", inside=True),
    _special("::/96", "IPv4-compatible", "RFC 4291"),
    _special("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
    _special("::ffff:0:0:0/96", "IPv4-translated", "RFC 7915"),
    _special("64:ff9b:1::/48", "local NAT64", "RFC 8215"),
    _special("100::/64", "discard", "RFC 6666"),
    _special("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
    _special("2001::/32", "Teredo", "RFC 4380"),
    _special("2001:2::/48", "benchmarks", "RFC 5180"),
    _special("2001:3::/32", "automatic multicast tunnels", "RFC 7450"),
    _special("2001:4:112::/48", "AS112", "RFC 7535"),
    _special("2001:10::/28", "ORCHID", "RFC 4843"),
    _special("2001:20::/28", "ORCHIDv2", "RFC 7343"),
    _special("2001:30::/28", "drones' identities", "RFC 9374"),
    _special("2001::/23", "protocol assignments", "RFC 2928"),
    _special("2001:db8::/32", "documentation", "RFC 3849"),
    _special("2002::/16", "6to4", "RFC 7526"),
    _special("2620:4f:8000::/48", "AS112", "RFC 7534"),
    _special("3ffe::/16", "6bone, returned", "RFC 3701"),
    _special("3fff::/20", "documentation", "RFC 9637"),
    _special("5f00::/16", "segment routing", "RFC 9602"),
    _special("fc00::/7", "unique local", "RFC 4193", inside=True),
    _special("fe80::/10", "link-local", "RFC 4291"),
    _special("fec0::/10", "site-local", "RFC 3879"),
    _special("ff00::/8", "multicast", "RFC 4291"),
)
"""The more exact network stands before the wider one that holds it."""
UNICAST = IPv6Network("2000::/3")
"""All that is handed out of IPv6 (RFC 4291); what lies outside leads nowhere or somewhere special."""
NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it; the last 32 bits are the IPv4 address that counts (RFC 6052)."""


def special_network(address: str) -> Special | None:
    """The special network that a numeric address belongs to; None for one of the open network.

    Raises ValueError where it is no address; a zone (`%eth0`) is part of link-local addresses only and is left out.
    """
    number: Number = ip_address(address.partition("%")[0])
    if number in NAT64:
        number = IPv4Address(int(number) & 0xFFFFFFFF)
    for one in SPECIAL:
        if number in one.network:
            return one
    if isinstance(number, IPv6Address) and number not in UNICAST:
        return Special(IPv6Network(number), "not handed out", "RFC 4291")
    return None
