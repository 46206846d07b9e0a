"""Scripts of people: a token each, and requests that carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from app.people import tokens
from app.people.access import actor_of
from app.people.tokens import Wish
from tests.web.world import World

PLENTY = 1_000_000


def token_of(world: World, who: str, *, days: int = 30, read_only: bool = False) -> str:
    """A new token of that person."""
    with world.database.transaction() as db:
        by = actor_of(db, world.people[who])
        return tokens.make(db, Wish(f"of {who}", days, read_only), by=by, at=world.clock.now())[1]


@dataclass
class Script:
    """What a program of somebody's does."""

    world: World
    token: str
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.world.app.test_client()

    def ask(self, method: str, address: str, body: Any = None, key: str | None = None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language, **self.headers}
        if key is not None:
            headers["Idempotency-Key"] = key
        given = {"json": body} if body is not None else {}
        whole = address if address.startswith("/") else f"/api/v1/{address}"
        return self.client.open(whole, method=method, headers=headers | more.pop("headers", {}), **given, **more)

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.ask("GET", address, **more)

    def post(self, address: str, body: Any = None, key: str | None = None, **more: Any) -> TestResponse:
        return self.ask("POST", address, body, key, **more)

    def put(self, address: str, body: Any) -> TestResponse:
        return self.ask("PUT", address, body)


def script(world: World, who: str, **wish: Any) -> Script:
    """A program of that person with a token of its own."""
    return Script(world, token_of(world, who, **wish))


def first_task(one: Script) -> str:
    """The task that stands first in the box of whoever's program it is."""
    return str(one.get("tasks").json["items"][0]["ref"])
