"""A person's tokens as their page shows them: what each may do, until when, and when it was last used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.db import Session
from app.errors import Invalid, Refusal, Words, words
from app.people import tokens
from app.people.access import Actor
from app.people.tokens import Token
from app.web.texts import day, tell

DAYS: Mapping[str, Words] = {
    "30": words("30 days"),
    "90": words("90 days"),
    "180": words("180 days"),
    "365": words("one year, the longest"),
}
USUAL = "90"


@dataclass(frozen=True)
class TokenRow:
    """A token of the list."""

    ref: str
    name: str
    may: Words
    made: str
    until: str
    ended: bool
    used: str


@dataclass(frozen=True)
class TokensPage:
    """The whole page. `name`, `days`, `read_only`: what was sent and refused, else the usual."""

    rows: tuple[TokenRow, ...]
    choices: Mapping[str, Words]
    name: str
    days: str
    read_only: bool
    faults: Mapping[str, str]
    refused: str


def tokens_page(
    db: Session, actor: Actor, sent: Mapping[str, str], refusal: Refusal | None, at: datetime
) -> TokensPage:
    """The page of this person; one statement."""
    faults = refusal.findings if isinstance(refusal, Invalid) else ()
    return TokensPage(
        rows=tuple(_row(one, at) for one in tokens.tokens_of(db, actor)),
        choices=DAYS,
        name=sent.get("name", "")[: tokens.LONGEST_NAME],
        days=sent.get("days", USUAL),
        read_only="read_only" in sent,
        faults={one.field: tell(one.words) for one in faults if one.field},
        refused=tell(refusal.words) if refusal is not None and not faults else "",
    )


def _row(token: Token, at: datetime) -> TokenRow:
    ended = token.expires_at <= at
    return TokenRow(
        ref=token.ref,
        name=token.name,
        may=words("read only") if token.read_only else words("all that I may do"),
        made=day(token.made_at.date()),
        until=day(token.expires_at.date()),
        ended=ended,
        used=day(token.last_used_on) if token.last_used_on else tell(words("never yet")),
    )
