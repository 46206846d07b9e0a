"""A small office whose channels stand open, and notices for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import OFFICE_ZONE
from app.db import Database
from app.notify import administration, choices
from app.notify.addresses import Walls
from app.notify.channels import Channels
from app.notify.choices import Choices
from app.notify.models import Channel, Delivery
from app.notify.outbox import Notice, tell
from app.notify.sending import send_due
from app.people import accounts
from tests.builders import Office

TEN = datetime(2026, 3, 3, 10, 0, tzinfo=OFFICE_ZONE)
"""A Tuesday, ten in the morning."""
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0"
INNER = frozenset({"127.0.0.1", "localhost"})


@dataclass
class Desk:
    """The office with its channels."""

    office: Office
    channels: Channels
    now: datetime = TEN

    @property
    def database(self) -> Database:
        return self.office.database

    def open(self, kind: str, **given: str) -> str:
        """Open a channel as the administrator; its ref."""
        form = {"name": kind, "secret": SECRET, "organisation": "bureau", **given}
        at = self.now - timedelta(hours=1)
        with self.database.transaction() as db:
            return administration.add(db, kind, form, self.channels.walls, by=self.office.actor("admin"), at=at)

    def open_hook(self, address: str) -> str:
        return self.open("webhook", address=address)

    def open_mail(self, port: int) -> str:
        return self.open("mail", host="127.0.0.1", port=str(port), security="none", sender="duban@bureau.example")

    def choose(self, who: str, **chosen: Any) -> None:
        with self.database.transaction() as db:
            choices.keep(db, self.office.people[who], Choices(**chosen))

    def tell(self, *notices: Notice, case_id: int | None = None, at: datetime | None = None) -> None:
        with self.database.transaction() as db:
            tell(db, self.office.bureau_id, notices, at=at or self.now, case_id=case_id)

    def tell_person(self, who: str, about: str = "result", **more: Any) -> None:
        self.tell(Notice(about, person_id=self.office.people[who]), **more)

    def send(self, at: datetime | None = None, *, limit: int = 100) -> int:
        self.now = at or self.now
        return send_due(self.database, self.now, self.channels, limit=limit)

    def after(self, **passed: float) -> int:
        """Let time pass, then send what is due."""
        return self.send(self.now + timedelta(**passed))

    def states(self) -> list[str]:
        with self.database.reading() as db:
            return list(db.scalars(select(Delivery.state).order_by(Delivery.id)))

    def deliveries(self) -> list[Delivery]:
        with self.database.reading() as db:
            return list(db.scalars(select(Delivery).order_by(Delivery.id)))

    def channel(self) -> Channel:
        with self.database.reading() as db:
            return db.scalars(select(Channel).order_by(Channel.id)).one()


def desk_of(office: Office, **walls: Any) -> Desk:
    """Everybody of the office can sign in; messages may go to this machine."""
    with office.database.transaction() as db:
        for ref, person in office.people.items():
            accounts.add_account(db, person, ref, "x")
    return Desk(office, Channels(Walls(inner=INNER, strict=False, **walls), "https://duban.bureau.example"))
