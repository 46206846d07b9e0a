"""People at their desks: they send what their inbox holds, and send it again until it is answered; all is listed."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from app.cases.inbox import receipt_key
from tests.prove.office import SUPERVISORS
from tests.web.world import PASSWORD

PATIENCE = 180.0
"""Seconds after which a request that nobody answers is a fault of its own; a machine may be very busy."""
ITEM = re.compile(r'<a href="/tasks/([\w-]+)".*?class="queue-step">(\w+)<', re.DOTALL)
REVISION = re.compile(r'"revision": (\d+)')
LOST = (OSError, http.client.HTTPException)


@dataclass
class Request:
    """One thing that a person sent, under one key, until it was answered."""

    who: str
    key: str
    address: str
    body: dict[str, Any]
    tries: int = 0
    status: int = 0
    """0 while nobody has answered."""
    answer: dict[str, Any] = field(default_factory=dict)
    echoes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """What the same request got when it was sent again after its answer."""

    @property
    def task(self) -> str | None:
        """The ref of the task; None for a start."""
        return self.address.split("/")[2] if self.address.startswith("/tasks/") else None

    @property
    def receipt(self) -> str | None:
        """What the completed task remembers of the key."""
        return receipt_key(self.key, "task" if self.task else "start", self.address.split("/")[2])


class Unanswered(Exception):
    """Nobody answered for so long that a person would have given up."""


class Browser:
    """One signed-in session over real connections, which may break at any time."""

    def __init__(self, port: int, who: str) -> None:
        self._port, self._who = port, who
        self._connection = self._new()
        self._cookie = self._token = ""

    def sign_in(self) -> None:
        """Raises OSError or HTTPException while nobody listens."""
        self._token = self._read_token()
        form = urlencode({"username": self._who, "password": PASSWORD, "csrf_token": self._token, "next": "/"})
        status, _ = self._ask("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303, status
        self._token = self._read_token()

    def get(self, address: str) -> str:
        """A page."""
        status, page = self._ask("GET", address, None, {"Accept": "text/html"})
        if status >= 500:
            raise http.client.HTTPException(f"{status} at {address}")
        return page

    def send(self, address: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """JSON as the form island sends it."""
        headers = {"X-CSRFToken": self._token, "Accept": "application/json", "Content-Type": "application/json"}
        status, text = self._ask("POST", address, json.dumps(body), headers)
        return status, json.loads(text)

    def _read_token(self) -> str:
        page = self._ask("GET", "/no-such-page", None, {"Accept": "text/html"})[1]
        return page.partition('name="csrf-token" content="')[2].partition('"')[0]

    def _ask(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        try:
            self._connection.request(method, address, body, {**headers, "Cookie": self._cookie})
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except LOST:
            self._connection.close()
            self._connection = self._new()
            raise
        self._seen(answer)
        if kept := answer.getheader("Set-Cookie"):
            self._cookie = kept.partition(";")[0]
        return answer.status, text

    def _seen(self, answer: http.client.HTTPResponse) -> None:
        """What a benchmark reads of an answer."""

    def _new(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)


@dataclass
class Goal:
    """How much is to be done, shared by all clients; a start completes its first task."""

    completions: int
    done: int = 0
    starts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def reached(self) -> bool:
        """Whether enough has been acknowledged."""
        return self.done >= self.completions

    def count(self) -> None:
        """One more was acknowledged."""
        with self.lock:
            self.done += 1


class Client:
    """One person at one desk; `sent` is the list of what was asked and what was acknowledged."""

    def __init__(self, port: int, who: str, goal: Goal, seed: int, *, patience: float = PATIENCE) -> None:
        self.who, self.sent, self.seen = who, list[Request](), Counter[str]()
        self.longest = 0.0
        self._browser, self._goal = Browser(port, who), goal
        self._dice = random.Random(f"{who} {seed}")
        self._prefix, self._patience = f"{who}-{seed}", patience

    def work(self) -> None:
        """Until enough is done; then every request of this client has been answered."""
        self._insist(self._browser.sign_in)
        while not self._goal.reached:
            found = ITEM.findall(self._insist(lambda: self._browser.get("/inbox/todo")))
            self._dice.shuffle(found)
            for ref, step in found[:8]:
                self._complete(ref, step)
            if self.who in SUPERVISORS and len(found) < 5:
                self._start()

    def echo(self, share: float) -> None:
        """Send some of what was acknowledged again, as it was: the answers must be the same."""
        for request in [one for one in self.sent if one.status == 200 and self._dice.random() < share]:
            self._again(request)

    def _complete(self, ref: str, step: str) -> None:
        key = f"{self._prefix}-{len(self.sent)}"
        answers = {
            "check": {"outcome": "done" if self._dice.random() < 0.12 else "again", "note": key},
            "rewrite": {"words": key},
            "file": {"remark": key},
        }[step]
        body = {"answers": answers, "revision": self._revision(ref), "key": key}
        self._send(Request(self.who, key, f"/tasks/{ref}/complete", body))

    def _start(self) -> None:
        key = f"{self._prefix}-{len(self.sent)}"
        self._send(Request(self.who, key, "/start/loop", {"answers": {"title": key}, "key": key}))

    def _revision(self, ref: str) -> int:
        """Of every eighth task as its page says it; nobody claims here, so that the others are at their first."""
        if self._dice.random() < 7 / 8:
            return 1
        said = REVISION.search(self._insist(lambda: self._browser.get(f"/tasks/{ref}")))
        return int(said[1]) if said else 1

    def _send(self, request: Request) -> None:
        self.sent.append(request)
        with suppress(Unanswered):
            self._insist(lambda: self._try(request))
        self.seen[str(request.status)] += 1
        if request.status == 200:
            self._goal.count()
            if self._dice.random() < 0.03:
                self._again(request)

    def _try(self, request: Request) -> None:
        request.tries += 1
        status, answer = self._browser.send(request.address, request.body)
        if status >= 500 or status == 429:
            raise http.client.HTTPException(f"{status} at {request.address}")
        request.status, request.answer = status, answer

    def _again(self, request: Request) -> None:
        request.echoes.append(self._insist(lambda: self._browser.send(request.address, request.body)))

    def _insist(self, act: Any) -> Any:
        """Do it until it is answered, as a person does who sees no answer."""
        begun = time.monotonic()
        while True:
            try:
                return act()
            except LOST as lost:
                kind = str(lost)[:3] if isinstance(lost, http.client.HTTPException) and str(lost)[:1] == "5" else "lost"
                self.seen[kind] += 1
                if time.monotonic() - begun > self._patience:
                    raise Unanswered from lost
                time.sleep(self._dice.uniform(0.01, 0.1))
            finally:
                self.longest = max(self.longest, time.monotonic() - begun)
