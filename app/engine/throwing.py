"""What events throw: messages go to the host, escalations and errors to the nearest around that catches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import arming
from app.engine.facts import check_facts
from app.engine.model import Event
from app.engine.spiff import Token
from app.engine.values import Message
from app.errors import Invalid, words

if TYPE_CHECKING:
    from app.engine.turn import Turn


def throw(turn: Turn, token: Token) -> None:
    """Throw what the event says; one without a definition throws nothing."""
    event = token.task_spec.node.event
    if event is None:
        return
    if event.kind == "message":
        _send(turn, token)
    elif event.kind == "escalation":
        caught = catcher(token, event.kind, event.code)
        if caught is not None:
            arming.fire(turn, caught, {})
    elif event.kind == "error":
        caught = catcher(token, event.kind, event.code)
        if caught is None:
            raise Invalid(words("nothing around catches the error {code}", code=event.code))
        arming.fire(turn, caught, {})


def catcher(token: Token, kind: str, code: str | None) -> Token | None:
    """What waits for this code or any: in the token's scope an event sub-process, at the activity around an event.

    Then the scope around that one, and so on outwards. An event sub-process does not catch what it throws itself.
    """
    inside: Token | None = token
    while inside is not None:
        host = inside.host
        standing: list[Token] = [other for other in inside.workflow.tokens() if other.is_standing]
        armed: list[Token] = [] if host is None else host.children
        for waiting in (*standing, *armed):
            if waiting.task_spec is not inside.task_spec and _fits(waiting, kind, code):
                return waiting
        inside = host
    return None


def _fits(waiting: Token, kind: str, code: str | None) -> bool:
    event: Event | None = waiting.task_spec.node.event
    return event is not None and event.kind == kind and event.code in (None, code)


def _send(turn: Turn, token: Token) -> None:
    node = token.task_spec.node
    data = {pair.name: turn.json(token, f"in.{pair.name}") for pair in node.inputs}
    key = arming.key_text(turn.json(token, "key"))
    turn.case.sequence += 1
    turn.messages.append(Message(node.event.name, key, check_facts(data), node.id, turn.case.sequence))
