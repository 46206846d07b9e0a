"""What a person has chosen about notices, with what holds for those who have chosen nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db import keys_of
from app.errors import Finding, Invalid, words
from app.notify.models import MAIL_PLACE, Preference
from app.notify.outbox import ABOUT
from app.notify.quiet import Quiet

Mode = Literal["now", "digest", "off"]
MODES: tuple[Mode, ...] = ("now", "digest", "off")
PERSONAL = ("mail", "webhook")
"""Kinds of channel that reach each person for themselves."""
BY_DIGEST = frozenset({"copied", "evaluation_opens", "meeting_due", "term_60"})
"""What nobody has to act on at once; the rest goes out at once."""
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
LONGEST_ADDRESS = 254
EARLIEST_DIGEST, LATEST_DIGEST = 8, 20


@dataclass(frozen=True)
class Choices:
    """One person's choices; hours are hours of the office's day."""

    mail: str = ""
    modes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    digest_hour: int = 9
    quiet: Quiet = Quiet()

    def mode(self, kind: str, about: str) -> str:
        """How this kind of notice goes out by this kind of channel."""
        usual = "digest" if about in BY_DIGEST else "now"
        return str(self.modes.get(kind, {}).get(about, usual))


def choices_of(db: Session, persons: list[int]) -> dict[int, Choices]:
    """The choices of these persons; who has chosen nothing is left out. One statement."""
    rows = db.scalars(select(Preference).where(Preference.person_id.in_(persons)))
    return {row.person_id: _choices(db, row) for row in rows}


def _choices(db: Session, row: Preference) -> Choices:
    mail = keys_of(db).decrypt(row.mail, MAIL_PLACE) if row.mail else ""
    return Choices(mail, row.choices, row.digest_hour, Quiet(row.quiet_from, row.quiet_to))


def keep(db: Session, person_id: int, chosen: Choices) -> None:
    """Keep a person's choices. Raises Invalid with every field that is wrong; then nothing has changed."""
    faults = list(_faults(chosen))
    if faults:
        raise Invalid(words("These choices are not complete or not right."), faults)
    sealed = keys_of(db).encrypt(chosen.mail, MAIL_PLACE) if chosen.mail else ""
    row: dict[str, Any] = {
        "mail": sealed,
        "choices": {kind: dict(modes) for kind, modes in chosen.modes.items()},
        "digest_hour": chosen.digest_hour,
        "quiet_from": chosen.quiet.start,
        "quiet_to": chosen.quiet.end,
    }
    kept = db.execute(update(Preference).where(Preference.person_id == person_id).values(**row))
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        db.execute(insert(Preference).values(person_id=person_id, read_up_to=0, **row))


def _faults(chosen: Choices) -> list[Finding]:
    faults = []
    if chosen.mail and (len(chosen.mail) > LONGEST_ADDRESS or not ADDRESS.fullmatch(chosen.mail)):
        faults.append(Finding(words("This is no mail address."), rule="mail", field="mail"))
    if not EARLIEST_DIGEST <= chosen.digest_hour <= LATEST_DIGEST:
        text = words("A digest comes between {first} and {last} o'clock.", first=EARLIEST_DIGEST, last=LATEST_DIGEST)
        faults.append(Finding(text, rule="digest", field="digest_hour"))
    if not (0 <= chosen.quiet.start <= 23 and 0 <= chosen.quiet.end <= 23):
        faults.append(Finding(words("An hour lies between 0 and 23."), rule="quiet", field="quiet_from"))
    known = all(
        kind in PERSONAL and about in ABOUT and mode in MODES
        for kind, modes in chosen.modes.items()
        for about, mode in modes.items()
    )
    if not known:
        faults.append(Finding(words("At once, in the digest, or not at all."), rule="mode", field="modes"))
    return faults
