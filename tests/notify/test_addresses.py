"""Where messages may go: SSRF is refused by name, by number, by whatever form the number is written in."""

from __future__ import annotations

import pytest

from app.errors import Invalid
from app.notify import robots, wire
from app.notify.addresses import Refused, Walls, is_public
from app.notify.robots import OutgoingMessage
from tests.notify.desk import SECRET, TEN, Desk
from tests.notify.receivers import webhook

OPEN = Walls(frozenset({"oa.example.org"}), frozenset({"oa.inner"}))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "224.0.0.1", "255.255.255.255", "nonsense", "192.0.2.1", "::",
    ],
)  # fmt: skip
def test_no_address_of_a_closed_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "64:ff9b::7272:7272"])
def test_addresses_of_the_open_network_are(address: str) -> None:
    assert is_public(address)


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


def test_an_inner_host_may_lead_inside() -> None:
    walls = Walls(inner=frozenset({"oa.inner"}), resolve=lambda host, port: ["10.0.0.1"])
    assert walls.place("oa.inner", 443) == "10.0.0.1"


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
