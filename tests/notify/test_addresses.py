"""Where messages may go: SSRF is refused by name, by number, by whatever form the number is written in."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.config import Settings
from app.errors import Invalid
from app.notify import mail, robots, wire
from app.notify.addresses import Refused, Walls, closed
from app.notify.channels import Channels, channels_of
from app.notify.networks import SPECIAL, special_network
from app.notify.robots import OutgoingMessage
from tests.notify.desk import SECRET, TEN, Desk
from tests.notify.receivers import webhook

OPEN = Walls(frozenset({"oa.example.org"}), frozenset({"oa.inner"}))


SPECIAL_ADDRESSES = [
    ("0.0.0.0", "this network"), ("0.1.2.3", "this network"), ("10.1.2.3", "private use"),  # noqa: S104
    ("10.255.255.255", "private use"), ("100.64.0.1", "shared between a carrier's customers"),
    ("100.127.255.254", "shared between a carrier's customers"), ("127.0.0.1", "loopback"), ("127.255.0.1", "loopback"),
    ("169.254.169.254", "link-local"), ("172.16.0.1", "private use"), ("172.31.255.255", "private use"),
    ("192.0.0.1", "protocol assignments"), ("192.0.0.8", "protocol assignments"),
    ("192.0.0.9", "protocol assignments"), ("192.0.0.170", "protocol assignments"), ("192.0.2.1", "documentation"),
    ("192.31.196.1", "AS112"), ("192.52.193.1", "automatic multicast tunnels"), ("192.88.99.1", "6to4 relays"),
    ("192.168.1.1", "private use"), ("192.175.48.1", "AS112"), ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"), ("198.51.100.7", "documentation"), ("203.0.113.7", "documentation"),
    ("224.0.0.1", "multicast"), ("239.255.255.250", "multicast"), ("240.0.0.1", "reserved"),
    ("255.255.255.255", "broadcast"), ("::", "unspecified"), ("::1", "loopback"), ("::7f00:1", "IPv4-compatible"),
    ("::127.0.0.1", "IPv4-compatible"), ("::ffff:127.0.0.1", "IPv4-mapped"), ("::ffff:10.0.0.1", "IPv4-mapped"),
    ("::ffff:8.8.8.8", "IPv4-mapped"), ("::ffff:0:127.0.0.1", "IPv4-translated"), ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::10.0.0.1", "private use"), ("64:ff9b::169.254.169.254", "link-local"),
    ("64:ff9b:1::1", "local NAT64"), ("64:ff9b:1:ffff::7272:7272", "local NAT64"), ("100::1", "discard"),
    ("100:0:0:1::1", "dummy prefix"), ("2001::1", "Teredo"), ("2001:0:7f00:1::", "Teredo"),
    ("2001:1::1", "protocol assignments"), ("2001:2::1", "benchmarks"), ("2001:3::1", "automatic multicast tunnels"),
    ("2001:4:112::1", "AS112"), ("2001:10::1", "ORCHID"), ("2001:20::1", "ORCHIDv2"),
    ("2001:30::1", "drones' identities"), ("2001:db8::1", "documentation"), ("2002:7f00:1::", "6to4"),
    ("2002:808:808::1", "6to4"), ("2620:4f:8000::1", "AS112"), ("3ffe::1", "6bone, returned"),
    ("3fff::1", "documentation"), ("5f00::1", "segment routing"), ("fc00::1", "unique local"),
    ("fdff::1", "unique local"), ("fe80::1", "link-local"), ("fe80::1%eth0", "link-local"),
    ("fec0::1", "site-local"), ("ff02::1", "multicast"), ("ff0e::1", "multicast"), ("200::1", "not handed out"),
    ("4000::1", "not handed out"), ("e000::1", "not handed out"), ("nonsense", "no address"), ("", "no address"),
    ("0x7f000001", "no address"), ("127.1", "no address"), ("2130706433", "no address"),
]  # fmt: skip
OPEN_ADDRESSES = [
    "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "114.114.114.114", "126.255.255.255",
    "128.0.0.1", "172.15.255.255", "172.32.0.1", "191.255.255.255", "192.0.1.1", "192.88.98.1", "198.17.255.255",
    "198.20.0.1", "223.255.255.255", "2001:200::1", "2001:da8::1", "2400:3200::1", "2408:8000::1", "2606:4700::1111",
    "64:ff9b::7272:7272", "3ffd::1",
]  # fmt: skip


@pytest.mark.parametrize(("address", "name"), SPECIAL_ADDRESSES)
def test_no_special_address_is_sent_to_and_its_network_is_named(address: str, name: str) -> None:
    assert closed(address) == name
    walls = Walls(frozenset({"oa.example.org"}), resolve=lambda host, port: [address])
    with pytest.raises(Refused, match="private:oa.example.org") as refusal:
        walls.place("oa.example.org", 443)
    assert name in str(refusal.value)


@pytest.mark.parametrize("address", OPEN_ADDRESSES)
def test_addresses_of_the_open_network_are(address: str) -> None:
    assert closed(address) == ""


def test_each_line_of_the_table_refuses_something_that_no_other_does() -> None:
    """The more exact network stands before the wider one, so that none is hidden."""
    for one in SPECIAL:
        assert one in (special_network(str(one.network[0])), special_network(str(one.network[-1]))), one


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "100.64.0.1", "127.0.0.1", "172.16.9.9", "192.168.0.9", "::1", "fd00::9"]
)
def test_an_inner_host_may_lead_inside(address: str) -> None:
    walls = Walls(inner=frozenset({"oa.inner"}), resolve=lambda host, port: [address])
    assert walls.place("oa.inner", 443) == address


@pytest.mark.parametrize("address", ["0.0.0.0", "169.254.169.254", "224.0.0.1", "::7f00:1", "fe80::1", "64:ff9b:1::1"])
def test_an_inner_host_leads_nowhere_else(address: str) -> None:
    walls = Walls(inner=frozenset({"oa.inner"}), resolve=lambda host, port: ["10.0.0.1", address])
    with pytest.raises(Refused):
        walls.place("oa.inner", 443)


@pytest.mark.parametrize(
    ("kind", "port", "sound"),
    [
        ("webhook", 443, True), ("webhook", 8443, True), ("webhook", 9443, True), ("wecom", 443, True),
        ("mail", 25, True), ("mail", 465, True), ("mail", 587, True), ("mail", 9443, True),
        ("webhook", 0, False), ("webhook", 22, False), ("webhook", 25, False), ("webhook", 80, False),
        ("webhook", 6379, False), ("feishu", 8080, False), ("mail", 443, False), ("mail", 22, False),
    ],
)  # fmt: skip
def test_a_message_goes_to_a_port_of_the_web_or_of_mail_or_one_that_is_named(kind: str, port: int, sound: bool) -> None:
    walls = Walls(inner=frozenset({"oa.inner"}), ports=frozenset({9443}))
    if sound:
        walls.refuse_port(kind, "oa.inner", port)
    else:
        with pytest.raises(Invalid, match=f"port {port}; allowed are"):
            walls.refuse_port(kind, "oa.inner", port)


def test_the_ports_are_those_of_the_settings() -> None:
    walls = channels_of(Settings(send_ports="9443, 10443")).walls
    assert walls.ports == {9443, 10443}
    with pytest.raises(ValidationError):
        Settings(send_ports="9443;x")


def test_a_port_that_is_not_allowed_is_refused_at_the_form(desk: Desk) -> None:
    """Outside production a host of the inner network may have any port; every other one may not."""
    desk.channels = Channels(Walls(inner=frozenset({"127.0.0.1"})))
    with pytest.raises(Invalid) as web_refusal:
        desk.open_hook("https://127.0.0.1:6379/in")
    assert [(one.rule, one.field) for one in web_refusal.value.findings] == [("address", "address")]
    with pytest.raises(Invalid) as mail_refusal:
        desk.open("mail", host="127.0.0.1", port="22", security="tls", sender="duban@bureau.example")
    assert [(one.rule, one.field) for one in mail_refusal.value.findings] == [("address", "port")]


def test_a_channel_that_the_settings_allow_no_longer_sends_nothing() -> None:
    mail_server = {"host": "127.0.0.1", "port": 1, "sender": "duban@bureau.example", "security": "none"}
    with pytest.raises(wire.Failed, match="walls"):
        mail.send(Walls(), mail_server, MESSAGE)
    with pytest.raises(wire.Failed, match="walls"):
        wire.post(Walls(), "webhook", "https://127.0.0.1/in", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://oa.example.org/x", "https://elsewhere.example.org/", "file:///etc/passwd", "https://127.0.0.1/",
        "https://0x7f.1/", "https://[::ffff:127.0.0.1]/", "https://user:pw@oa.example.org/", "gopher://oa.example.org/",
        "https://oa.example.org:99999/", "https://oa.example.org /", "https://", "", "https://oa.example.org/#x",
        "https://oа.example.org/",
    ],
)  # fmt: skip
def test_only_named_hosts_over_https(url: str) -> None:
    with pytest.raises(Invalid):
        OPEN.refuse_url("webhook", url)


def test_the_public_hosts_of_the_chats_are_known_to_their_own_kind() -> None:
    address = "https://oapi.dingtalk.com/robot/send?access_token=x"
    assert OPEN.refuse_url("dingtalk", address) == ("oapi.dingtalk.com", 443)
    with pytest.raises(Invalid, match="list of hosts"):
        OPEN.refuse_url("wecom", address)


def test_http_goes_to_inner_hosts_and_never_in_production() -> None:
    with pytest.raises(Invalid, match="https"):
        OPEN.refuse_url("webhook", "http://oa.inner/")
    loose = Walls(inner=frozenset({"oa.inner"}), strict=False)
    assert loose.refuse_url("webhook", "http://oa.inner:8080/") == ("oa.inner", 8080)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["114.114.114.114", "10.0.0.1"], ["::ffff:192.168.0.1"], []])
def test_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    walls = Walls(frozenset({"oa.example.org"}), resolve=lambda host, port: found)
    with pytest.raises(Refused):
        walls.place("oa.example.org", 443)


def test_the_name_is_looked_up_once_and_that_number_is_connected_to() -> None:
    """DNS that answers otherwise the second time finds nobody who asks."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.255.255.1"]

    with webhook() as hook:
        walls = Walls(inner=frozenset({"oa.inner"}), strict=False, resolve=resolve)
        wire.post(walls, "webhook", f"http://oa.inner:{hook.port}/in", b"{}", {})
    assert asked == ["oa.inner"] and hook.headers[0]["Host"] == f"oa.inner:{hook.port}"


def test_a_redirect_inside_is_not_followed(desk: Desk) -> None:
    with webhook() as inside, webhook(answer=lambda number: (302, {"Location": inside.address}, b"")) as outside:
        desk.open_hook(outside.address)
        desk.tell_person("clerk")
        desk.send()
    assert (outside.asked, inside.asked) == (1, 0)


MESSAGE = OutgoingMessage("ref", "", "主题", "正文", {"type": "x"}, TEN)


def test_signatures_as_the_chats_describe_them() -> None:
    """Reference values computed by hand from the formulas of the two documentations."""
    ding = robots.request_for("dingtalk", "https://h/robot/send?access_token=t", "SEC1", MESSAGE)
    assert ding.url.startswith("https://h/robot/send?access_token=t&timestamp=1772503200000&sign=")
    feishu = robots.request_for("feishu", "https://h/hook/t", "s1", MESSAGE)
    assert b'"timestamp": "1772503200"' in feishu.body and b'"sign": ' in feishu.body
    assert b"s1" not in feishu.body and "SEC1" not in ding.url
    wecom = robots.request_for("wecom", "https://h/cgi-bin/webhook/send?key=k", "", MESSAGE)
    assert wecom.url.endswith("key=k") and "正文".encode() in wecom.body


@pytest.mark.parametrize(
    ("kind", "body", "against"),
    [
        ("wecom", b'{"errcode":0,"errmsg":"ok"}', None),
        ("wecom", b'{"errcode":45009,"errmsg":"x"}', "answer:45009"),
        ("feishu", b'{"code":0}', None),
        ("feishu", b'{"StatusCode":0}', None),
        ("dingtalk", b'{"errcode":310000}', "answer:310000"),
        ("dingtalk", b"<html>", "answer:unreadable"),
        ("feishu", b"[]", "answer:unreadable"),
        ("webhook", b"anything", None),
    ],
)
def test_a_chat_that_says_no_with_status_200_has_not_taken_it(kind: str, body: bytes, against: str | None) -> None:
    assert robots.taken(kind, body) == against


def test_secrets_and_addresses_are_encrypted(desk: Desk) -> None:
    with webhook() as hook:
        desk.open_hook(hook.address)
    channel = desk.channel()
    assert SECRET not in channel.target and "127.0.0.1" not in channel.target and channel.host == "127.0.0.1"
