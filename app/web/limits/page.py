"""The table of limits as its owner sees it: law and local policy apart, values with their history, what runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.cases.running import running_by_limit
from app.db import Session
from app.definitions.manifest import LegalValue
from app.errors import Words, words
from app.limits import policies
from app.limits.deadlines import LAW
from app.limits.policies import Limit, LimitChanged
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.pieces.due_reasons import amount_in_words
from app.web.texts import english, named

UNITS = {
    "working_day": words("working days"),
    "calendar_day": words("calendar days"),
    "month": words("months"),
}


@dataclass(frozen=True)
class ReadingChoice:
    """A decision on how the text is read where it is silent; shown, not changed here."""

    key: str
    name: Words
    value: Words
    clause: str


@dataclass(frozen=True)
class LimitsTable:
    """Everything on the page."""

    law: tuple[Limit, ...]
    fixed: tuple[LegalValue, ...]
    local: tuple[Limit, ...]
    choices: tuple[ReadingChoice, ...]
    history: tuple[LimitChanged, ...]
    names: Mapping[str, str]


def limits_table(db: Session, by: Actor, bureau: Bureau) -> LimitsTable:
    """The limits of the release in force with the bureau's own values."""
    running = running_by_limit(db, by.bureau_id)
    found = policies.limits(db, by.bureau_id, bureau.pack, bureau.office.settings, running=running)
    return LimitsTable(
        law=tuple(one for one in found if one.policy.source == LAW),
        fixed=tuple(sorted(bureau.pack.manifest.law.values(), key=lambda one: _article(one.basis))),
        local=tuple(one for one in found if one.policy.source != LAW),
        choices=tuple(_choices(bureau.rules.settings)),
        history=tuple(policies.history(db, by.bureau_id)),
        names={key: named(policy) for key, policy in bureau.pack.policies.items()},
    )


def _article(basis: str) -> int:
    """The number of the article, by which the law's own rows stand in order."""
    digits = re.search(r"\d+", basis)
    return int(digits[0]) if digits else 0


def unit_words(limit: Limit) -> Words:
    """The unit of a limit."""
    return UNITS[limit.policy.unit]


def amount_words(limit: Limit) -> Words:
    """The value of a limit with its unit."""
    return amount_in_words(limit.policy, limit.amount)


def fixed_value(fixed: LegalValue) -> str:
    """The value that the law fixes, in the reader's language."""
    return fixed.value_en if english() else fixed.value


_SWITCHES: tuple[tuple[str, Words, str, Mapping[object, Words]], ...] = (
    (
        "roll_to_workday",
        words("A limit in calendar days that ends on a day of rest"),
        "D-5",
        {True: words("ends on the next working day"), False: words("ends on that day")},
    ),
    (
        "term_rule",
        words("Last day of a term"),
        "D-10",
        {"inclusive": words("the day before the same date, first day included"), "civil_code": words("the same date")},
    ),
    (
        "age_max_rule",
        words("Not over an age"),
        "D-1",
        {
            "birthday_inclusive": words("up to and including the birthday"),
            "whole_years": words("until the day before the next birthday"),
        },
    ),
    (
        "renewal_requires_publicity",
        words("Publicity before a renewal"),
        "D-13",
        {True: words("yes"), False: words("no")},
    ),
    ("clock_stop", words("Stopping the clock"), "P-05", {True: words("yes"), False: words("no")}),
    (
        "recusal_effect",
        words("A conflict of interest"),
        "D-20",
        {"block": words("bars from the matter"), "warn": words("is shown and recorded")},
    ),
)


def _choices(settings: Mapping[str, Any]) -> list[ReadingChoice]:
    return [
        ReadingChoice(key, name, values.get(settings[key], Words(str(settings[key]))), clause)
        for key, name, clause, values in _SWITCHES
        if key in settings
    ]
