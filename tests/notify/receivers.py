"""Receivers that behave as badly as real ones: a mail server and a webhook that fail, hang, drop, redirect, flood."""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

Answerer = Callable[[int], tuple[int, dict[str, str], bytes]]
GOOD: tuple[int, dict[str, str], bytes] = (204, {}, b"")


@dataclass
class Hook:
    """A webhook receiver: what came, by id; `answer` says what the next request is told."""

    port: int = 0
    answer: Answerer = lambda number: GOOD
    hang: float = 0
    asked: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"


def failing(rate: float, seed: int) -> Answerer:
    """Three in ten, say, are told 500, in an order that the seed decides."""
    dice = random.Random(seed)  # noqa: S311 - a test's luck
    return lambda number: (500, {}, b"") if dice.random() < rate else GOOD


@contextmanager
def webhook(**more: Any) -> Iterator[Hook]:
    """A receiver on a port of its own."""
    hook = Hook(**more)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with hook.lock:
                hook.asked += 1
                number = hook.asked
                status, headers, answer = hook.answer(number)
                hook.bodies.append(body)
                hook.headers.append(dict(self.headers))
                hook.paths.append(self.path)
                if 200 <= status < 300:
                    hook.taken[self.headers.get("webhook-id", "")] += 1
            if hook.hang:
                hook.release.wait(hook.hang)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] - clients that hang up are part of it
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.release.set()
        server.shutdown()
        server.server_close()


@dataclass
class Mailbox:
    """A mail server: what it was given; `say` answers each message."""

    port: int = 0
    say: Callable[[int], str] = lambda number: "250 OK"
    drop: Callable[[int], bool] = lambda number: False
    """Whether the connection is cut after DATA, without a word."""
    asked: int = 0
    contents: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        said = self.say(self.asked)
        if said.startswith("2") or self.drop(self.asked):
            self.contents.append(envelope.content)
            self.to += envelope.rcpt_tos
        if self.drop(self.asked):
            server.transport.abort()
        return said


@contextmanager
def mail_server(**more: Any) -> Iterator[Mailbox]:
    """A mail server on a port of its own."""
    box = Mailbox(**more)
    box.port = box.port or free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes connections and never says a word; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
