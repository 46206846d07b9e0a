"""Messages from outside: what a pack lets its clerks hand in for cases that wait, or that begin with it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from app import jobs
from app.cases import incoming
from app.db import Session
from app.people.access import Actor
from app.web.api.once import Done, once
from app.web.api.shapes import Answers, Given, Ref, Shape
from app.web.guard import audience, now

bp = APIBlueprint("api_messages", __name__, tag="messages", url_prefix="/api/v1/messages")


class Message(Given):
    """A message with its fields; one of them says which case is meant."""

    message: Ref
    data: Answers = Field(default_factory=dict)


class Taken(Shape):
    """How many cases took it."""

    taken: int


@bp.post("")
@bp.input(Message, arg_name="given")
@bp.output(Taken)
@audience("workers")
def send(given: Message) -> Any:
    """Hand in a message from outside.

    Only messages that the pack opens to a lane of mine; every other is refused (403), also one that does not exist.
    """

    def work(db: Session, by: Actor) -> Done:
        data = incoming.accept(db, given.message, given.data, by=by, at=now())
        return Done(Taken(taken=jobs.hand_in(db, by.bureau_id, given.message, data, at=now())), letters=1)

    return once(work)
