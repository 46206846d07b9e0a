"""Pages of a list: a cursor that opens only for the same person, list and question, and tells nobody anything."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import orjson

from app.cases.lists import PageStart
from app.db import Session, keys_of
from app.errors import Finding, Invalid, words
from app.people.access import Actor


def bind(actor: Actor, name: str, **asked: object) -> str:
    """What a cursor belongs to: whose list it is, which, and what was looked for."""
    text = repr((actor.id, name, sorted(asked.items())))
    return f"cursor.{hashlib.sha256(text.encode()).hexdigest()}"


def opened(db: Session, cursor: str | None, binding: str) -> PageStart | None:
    """The place that a cursor names. Raises Invalid for one that is not of this list."""
    if cursor is None:
        return None
    try:
        given = orjson.loads(keys_of(db).decrypt(cursor, binding))
    except Invalid:
        fault = Finding(words("Begin again without a cursor."), rule="cursor", field="cursor")
        raise Invalid(words("This cursor does not belong to this list."), [fault]) from None
    day, at = given["day"], given["at"]
    return PageStart(given["id"], day and date.fromisoformat(day), at and datetime.fromisoformat(at))


def following(db: Session, binding: str, rows: list[Any], limit: int) -> tuple[list[Any], str | None]:
    """The rows of this page, and the cursor of the next; `rows` holds one more than `limit` where there is one."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    place = PageStart(last.id, getattr(last, "due", None), getattr(last, "closed_at", None))
    return rows[:limit], keys_of(db).encrypt(orjson.dumps(asdict(place)).decode(), binding)
