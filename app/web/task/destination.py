"""Where a completed step went, in the words that its sender reads."""

from __future__ import annotations

from collections.abc import Sequence

from app.cases import course
from app.cases.inbox import Sent
from app.db import Session
from app.definitions.releases import open_release
from app.engine import Work
from app.errors import Words, words
from app.people.access import Actor
from app.web.case.reader import OUTSIDE
from app.web.texts import entry, listed


def destination_words(db: Session, task_ref: str, sent: Sent, by: Actor) -> Words:
    """The organisations and offices that got new steps; a statement only where the case left the sender's own."""
    if sent.over:
        return words("Sent. The case is closed.")
    lanes = open_release(db, sent.release_id).lanes
    places = None if sent.repeated else _at_home(sent.opened, by)
    if places is None:
        places = [(one.organisation, one.lane) for one in course.after(db, task_ref)]
    texts = dict.fromkeys(_text(organisation, lane, entry(lanes, lane)) for organisation, lane in places)
    return words("Sent to {places}.", places=listed(list(texts))) if texts else words("Sent.")


def _at_home(opened: Sequence[Work], by: Actor) -> list[tuple[str, str]] | None:
    """Organisations and lanes of the opened tasks where all are the sender's own; None where one is not."""
    names = {post.organisation_ref: post.organisation_name for post in by.posts}
    bureau = next((post.organisation_name for post in by.posts if post.organisation_id == by.bureau_id), None)
    organisations = [names.get(work.org) if work.org else bureau for work in opened]
    if any(organisation is None for organisation in organisations):
        return None
    return [(str(organisation), work.lane or "") for organisation, work in zip(organisations, opened, strict=True)]


def _text(organisation: str, lane: str, name: str) -> str:
    return name if lane in OUTSIDE else f"{organisation} {name}"
