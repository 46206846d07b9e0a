"""A bureau with the standard cast, accounts for everybody, and the application over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from app.clock import OFFICE_ZONE, VirtualClock
from app.config import Settings
from app.db import Database
from app.definitions import library, releases
from app.people import accounts, directory
from app.people.accounts import Passwords
from app.rehearsal import cast
from app.web.factory import create_app
from tests.builders import NOW, found_office
from tests.databases import sqlite_database

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "一个够长的口令"  # noqa: S105 - of invented people
SALT = "salt of the web tests"
START = datetime(2024, 12, 16, 10, 0, tzinfo=OFFICE_ZONE)
CHEAP = Passwords(SALT, time_cost=1, memory_kib=1024)
HASH = CHEAP.hash(PASSWORD)


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a development installation in that folder."""
    secrets = {"secret_key": SecretStr("k" * 20 + "0123456789abcdef"), "password_salt": SecretStr(SALT)}
    return Settings(data_dir=folder, sign_ins_a_minute=changes.pop("sign_ins_a_minute", 1000), **secrets, **changes)


@dataclass
class World:
    """The bureau, its application and its people."""

    app: Flask
    database: Database
    clock: VirtualClock
    bureau_id: int
    people: dict[str, int]
    names: dict[str, str]
    clients: dict[str, Browser] = field(default_factory=dict)

    def as_(self, ref: str) -> Browser:
        """A signed-in browser of that person, the same each time."""
        if ref not in self.clients:
            self.clients[ref] = Browser(self.app.test_client(), self.names.get(ref, ""))
            answer = self.clients[ref].sign_in(ref)
            assert answer.status_code == 303, answer.text
        return self.clients[ref]


@dataclass
class Browser:
    """A test client that carries the page's token, as the islands do."""

    client: FlaskClient
    name: str = ""

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, headers=headers or None)

    def token(self) -> str:
        """The token of a page that everybody gets: the one that says that there is nothing."""
        page = self.client.get("/no-such-page", headers={"Accept": "text/html"}).text
        return page.partition('name="csrf-token" content="')[2].partition('"')[0]

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        form = {"username": username, "password": password, "csrf_token": self.token(), "next": "/"}
        return self.client.post("/sign-in", data=form)

    def post(self, address: str, form: dict[str, Any] | None = None) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.token(), **(form or {})})

    def send(self, address: str, body: Any, *, method: str = "POST") -> TestResponse:
        """JSON as the form island sends it."""
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json"}
        return self.client.open(address, method=method, json=body, headers=headers)

    def sign(self) -> dict[str, str]:
        """This person's signature."""
        return {"name": self.name, "password": PASSWORD}


def founded(database: Database, at: datetime = START) -> tuple[int, dict[str, int]]:
    """Beibei's bureau with the standard cast, and a second bureau with a clerk of its own (`stranger`)."""
    files = library.read_folder(ROOT, "beibei_2024")
    with database.transaction() as db:
        bureau = directory.found_bureau(db, cast.BUREAU, "北碚区司法局", name_en="Beibei Justice Bureau")
        people = cast.add_people(db, cast.add_agencies(db, bureau), cast.STANDARD)
        usual = cast.usual_term(at.date(), at.date().replace(month=6, day=28))
        cast.appoint_all(db, bureau, {}, usual=usual)
        other = directory.found_bureau(db, "other", "外区司法局")
        people["stranger"] = directory.add_person(
            db, other, "外区经办", ref="stranger", posts=[(other, "bureau_clerk")]
        )
        for ref, person_id in people.items():
            accounts.add_account(db, person_id, ref, HASH)
        releases.load(db, bureau, files, at=at)
        releases.load(db, other, files, at=at)
    return bureau, people


def opened(database: Database, folder: Path, base: tuple[int, dict[str, int]], **settings: Any) -> World:
    """The application over a founded database."""
    clock = VirtualClock(START)
    app = create_app(settings_for(folder, **settings), database, clock)
    names = {member.id: member.name for member in cast.STANDARD}
    return World(app, database, clock, base[0], dict(base[1]), names)


def make_world(database: Database, folder: Path, **settings: Any) -> World:
    """A founded database with its application."""
    return opened(database, folder, founded(database), **settings)


def small_world(folder: Path) -> World:
    """The little office of the builders behind the web."""
    database = sqlite_database(folder)
    office = found_office(database)
    with database.transaction() as db:
        for ref in ("clerk", "sup1"):
            accounts.add_account(db, office.people[ref], ref, HASH)
    clock = VirtualClock(NOW)
    return World(
        create_app(settings_for(folder), database, clock), database, clock, office.bureau_id, office.people, {}
    )
