"""Messages from outside a case, handed in by a person: only what the pack names, from the lanes that it names.

Messages between cases are the engine's own and nobody's to send: whoever could send `review_concluded` would close a
case that nobody has reviewed. So nothing is open unless `messages` of pack.yaml says so (deny by default), and then
only with the fields that it lists, typed, since they enter the case unseen by any form:

    messages:
      objection_filed: {lanes: bureau_clerk, key: publicity_id, fields: {publicity_id: text, objection_kind: text}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app import journal
from app.cases.lifecycle import office_of
from app.definitions.releases import open_release
from app.errors import Finding, Invalid, NotAllowed, Words, words
from app.journal import Note
from app.people.access import Actor

LONGEST = 2_000
MOST_NUMBER = 10**12


def accept(db: Session, message: str, data: Mapping[str, object], *, by: Actor, at: datetime) -> dict[str, Any]:
    """What of the message may enter cases, with a note of who handed it in.

    Raises NotAllowed (the pack does not open the message to a lane of this person; whether it exists is not said) or
    Invalid (each field).
    """
    pack = open_release(db, office_of(db, by.bureau_id).release_id)
    declared = pack.manifest.messages.get(message)
    if declared is None or not set(declared.lanes.split()) & by.lanes:
        raise NotAllowed(words("This message is not yours to send."), clauses=["permission"])
    faults = list(_faults(declared.fields, declared.key, data))
    if faults:
        raise Invalid(words("The message is not complete or not right."), faults)
    note = Note("message.received", data={"message": message, "from": "outside"})
    journal.record_outside(db, by.bureau_id, [note], at=at, by=by.id)
    return dict(data)


def _faults(fields: Mapping[str, str], key: str, data: Mapping[str, object]) -> Iterator[Finding]:
    for name in data:
        if name not in fields:
            yield Finding(words("This message has no such field."), rule="message", field=name)
    if key and not data.get(key):
        yield Finding(words("This says which case is meant."), rule="message", field=key)
    for name, kind in fields.items():
        fault = _fault(kind, data[name]) if name in data else None
        if fault is not None:
            yield Finding(fault, rule="message", field=name)


def _fault(kind: str, value: Any) -> Words | None:
    match kind:
        case "text":
            good = isinstance(value, str) and 0 < len(value) <= LONGEST
        case "number":
            good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER
        case "boolean":
            good = isinstance(value, bool)
        case "date":
            good = isinstance(value, str) and _is_date(value)
        case _:
            good = False
    return None if good else words("This is not a value of the kind “{kind}”.", kind=kind)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
