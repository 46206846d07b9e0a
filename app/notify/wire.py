"""One request to a webhook: to the address that was looked up, no redirect followed, little read, soon given up."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import Invalid
from app.notify.addresses import Refused, Walls

PATIENCE = 5.0
"""Seconds for connecting and for each read."""
LONGEST = 8.0
"""Seconds for the whole exchange, however it drips."""
MOST_READ = 64 * 1024


class Failed(Exception):
    """A message that was not taken; the text is a short code with a detail, never what was sent.

    `silent`: nobody answered at all, which says something of the server and nothing of the message.
    """

    def __init__(self, code: str, *, silent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.silent = silent


@dataclass(frozen=True)
class HttpAnswer:
    """What came back: the status, and at most 64 KB."""

    status: int
    body: bytes


def post(walls: Walls, kind: str, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
    """Send `body` by POST. Raises Failed for whatever is not a good answer."""
    parts = urlsplit(url)
    try:
        host, port = walls.refuse_url(kind, url)
        numeric = walls.place(host, port)
    except Invalid:
        raise Failed("walls") from None
    except Refused as cause:
        raise Failed(str(cause)) from None
    connection = _Fixed(host, port, numeric, secure=parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(LONGEST, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target, body, {**headers, "Connection": "close", "User-Agent": "Duban"})
        return _read(connection)
    except TimeoutError:
        raise Failed("timeout", silent=True) from None
    except (OSError, http.client.HTTPException) as cause:
        code = "timeout" if connection.late else f"broken:{type(cause).__name__}"
        raise Failed(code, silent=True) from None
    finally:
        watch.cancel()
        connection.close()


def _read(connection: _Fixed) -> HttpAnswer:
    response = connection.getresponse()
    body = response.read(MOST_READ + 1)
    if not 200 <= response.status < 300:
        raise Failed(f"status:{response.status}")
    if len(body) > MOST_READ:
        raise Failed("huge")
    return HttpAnswer(response.status, body)


class _Fixed(http.client.HTTPConnection):
    """A connection to a numeric address that speaks for a host; with TLS the host's certificate is checked."""

    def __init__(self, host: str, port: int, numeric: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self._numeric = numeric
        self._tls = ssl.create_default_context() if secure else None
        self.default_port = 443 if secure else 80
        self.late = False

    def connect(self) -> None:
        """Connect to the address that was looked up, and to no other."""
        self.sock = socket.create_connection((self._numeric, self.port), PATIENCE)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End the exchange from outside, since a server that drips never runs into a timeout."""
        self.late = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
