"""Mail by SMTP: plain text, encrypted on the way, the delivery's own id in OutgoingMessage-ID."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from typing import Any

from app.errors import Invalid
from app.notify import wire
from app.notify.addresses import Refused, Walls
from app.notify.robots import OutgoingMessage
from app.notify.wire import Failed

Target = Mapping[str, Any]
SECURITY = ("starttls", "tls", "none")


def send(walls: Walls, target: Target, message: OutgoingMessage) -> None:
    """Hand one message to the mail server. Raises Failed where the server does not take it or does not answer."""
    host, port = target["host"], int(target["port"])
    try:
        walls.refuse_host("mail", host)
        walls.refuse_port("mail", host, port)
        numeric = walls.place(host, port)
    except Invalid:
        raise Failed("walls") from None
    except Refused as cause:
        raise Failed(str(cause)) from None
    try:
        with _session(walls, target, numeric) as server, _watched(server):
            _greet(server, target)
            if target.get("username"):
                server.login(target["username"], target.get("password", ""))
            server.send_message(composed(target["sender"], message))
    except TimeoutError:
        raise Failed("timeout", silent=True) from None
    except smtplib.SMTPResponseException as cause:
        raise Failed(f"smtp:{cause.smtp_code}", silent=cause.smtp_code == 421) from None  # noqa: PLR2004 - RFC 5321
    except smtplib.SMTPRecipientsRefused as cause:
        codes = sorted({code for code, _text in cause.recipients.values()})
        raise Failed(f"smtp:{codes[0] if codes else ''}") from None
    except (OSError, smtplib.SMTPException) as cause:
        late = isinstance(cause.__context__, TimeoutError)
        raise Failed("timeout" if late else f"broken:{type(cause).__name__}", silent=True) from None


def composed(sender: str, message: OutgoingMessage) -> EmailMessage:
    """The message as it goes out; a line break in a header is a ValueError of the standard library."""
    mail = EmailMessage(policy=POLICY)
    mail["From"], mail["To"] = Address(addr_spec=sender), Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.ref}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="base64")
    return mail


def _session(walls: Walls, target: Target, numeric: str) -> smtplib.SMTP:
    """A session, not yet connected; encrypted unless the host is an inner one that cannot."""
    security = target.get("security", "starttls")
    if security == "none" and (walls.strict or target["host"] not in walls.inner):
        raise Failed("plain")
    return (_FixedTls if security == "tls" else _Fixed)(numeric, target["host"])


def _greet(server: smtplib.SMTP, target: Target) -> None:
    server.connect(target["host"], int(target["port"]))
    if target.get("security", "starttls") == "starttls":
        server.starttls(context=ssl.create_default_context())


@contextmanager
def _watched(server: smtplib.SMTP) -> Iterator[None]:
    """End the exchange from outside, since a server that drips never runs into a timeout."""

    def cut() -> None:
        if server.sock is not None:
            with suppress(OSError):
                server.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(wire.LONGEST, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


class _Fixed(smtplib.SMTP):
    """SMTP to a numeric address; certificates are checked for the name that it was looked up by."""

    def __init__(self, numeric: str, host: str) -> None:
        self._numeric = numeric
        super().__init__(local_hostname="localhost", timeout=wire.PATIENCE)
        self._host = host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._numeric, port), timeout)


class _FixedTls(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(self, numeric: str, host: str) -> None:
        self._numeric = numeric
        super().__init__(local_hostname="localhost", timeout=wire.PATIENCE, context=ssl.create_default_context())
        self._host = host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._numeric, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=self._host)
