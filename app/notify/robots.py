"""What WeCom, DingTalk, Feishu and a signed webhook want to be sent, by their public documentation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from standardwebhooks import Webhook


@dataclass(frozen=True)
class OutgoingMessage:
    """Words ready to leave: `ref` names the delivery, the same at each try; `data` is what a machine is told."""

    ref: str
    to: str
    subject: str
    body: str
    data: Mapping[str, object]
    at: datetime


@dataclass(frozen=True)
class OutgoingRequest:
    """A request to be sent: the address with its signature, body and headers."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def request_for(kind: str, url: str, secret: str, message: OutgoingMessage) -> OutgoingRequest:
    """The request of that kind of channel; the signature holds for `message.at`."""
    return BUILDERS[kind](url, secret, message)


def taken(kind: str, body: bytes) -> str | None:
    """What a chat's answer says against the message; None where it took it. A webhook's status says all."""
    if kind == "webhook":
        return None
    try:
        answer = json.loads(body)
        code = next(answer[key] for key in ("errcode", "code", "StatusCode") if key in answer)
    except (ValueError, TypeError, StopIteration):
        return "answer:unreadable"
    return None if code == 0 else f"answer:{str(code)[:20]}"


def _wecom(url: str, secret: str, message: OutgoingMessage) -> OutgoingRequest:
    return _json(url, {"msgtype": "text", "text": {"content": _text(message)}})


def _dingtalk(url: str, secret: str, message: OutgoingMessage) -> OutgoingRequest:
    """Signed by `timestamp` (milliseconds) and `sign` in the address."""
    if secret:
        moment = str(int(message.at.timestamp() * 1000))
        sign = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
        url = f"{url}&timestamp={moment}&sign={quote_plus(base64.b64encode(sign))}"
    return _json(url, {"msgtype": "text", "text": {"content": _text(message)}})


def _feishu(url: str, secret: str, message: OutgoingMessage) -> OutgoingRequest:
    """Signed by `timestamp` (seconds) and `sign` in the body; the key is moment and secret, the text is empty."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": _text(message)}}
    if secret:
        moment = str(int(message.at.timestamp()))
        sign = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
        body |= {"timestamp": moment, "sign": base64.b64encode(sign).decode()}
    return _json(url, body)


def _webhook(url: str, secret: str, message: OutgoingMessage) -> OutgoingRequest:
    """Standard Webhooks: id, moment and signature in headers; the receiver tells a second sending by the id."""
    plain = json.dumps({"id": message.ref, **message.data}, ensure_ascii=False, separators=(",", ":"))
    moment = message.at.astimezone(UTC)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": message.ref,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message.ref, moment, plain),
    }
    return OutgoingRequest(url, plain.encode(), headers)


def _json(url: str, body: Mapping[str, object]) -> OutgoingRequest:
    plain = json.dumps(body, ensure_ascii=False).encode()
    return OutgoingRequest(url, plain, {"Content-Type": "application/json; charset=utf-8"})


def _text(message: OutgoingMessage) -> str:
    return f"{message.subject}\n{message.body}"


BUILDERS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "webhook": _webhook}
