"""The shape of pack.yaml: what every other room takes for granted of it, said by section and key where it is not so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from app.calendar import Unit
from app.definitions.library import ABOUT
from app.deployment.signs import is_storable
from app.errors import Finding, Words, words

SECTIONS = ("settings", "confidential", "messages", "extension")
TABLES = ("lanes", "statuses", "policies", "law", "papers", "acts")


def faults_of(about: Mapping[Any, Any]) -> Iterator[Finding]:
    """Everything in pack.yaml that has not the shape which diagrams, pages and checks rest on."""
    if not is_storable(dict(about)):
        yield _fault("", words("This file holds signs that cannot be kept."))
    for key in ("id", "regulation"):
        if not isinstance(about.get(key), str):
            yield _fault(key, words("“{key}” is missing.", key=key))
    if not _is_day(about.get("effective_from")):
        yield _fault("effective_from", words("“{key}” is no date.", key="effective_from"))
    for section in (*SECTIONS, *TABLES):
        rows = about.get(section, {})
        if not isinstance(rows, dict):
            yield _fault(section, words("“{key}” must be a list of names with their values.", key=section))
        elif section in TABLES:
            yield from _rows(section, rows)


def _rows(section: str, rows: Mapping[Any, Any]) -> Iterator[Finding]:
    for key, row in rows.items():
        place = f"{section} {key}"
        if not isinstance(key, str) or not isinstance(row, dict):
            yield _fault(place, words("“{key}” must be a list of names with their values.", key=place))
            continue
        missing = [name for name in _wanted(section) if not isinstance(row.get(name), str)]
        missing += [name for name in ("value", "value_en") if section == "law" and name not in row]
        if missing:
            yield _fault(place, words("{place} lacks {names}.", place=place, names=", ".join(missing)))
        if section == "policies":
            yield from _policy(place, row)
        if section == "acts" and not _is_on(row.get("on")):
            yield _fault(place, words("{place} lacks {names}.", place=place, names="on"))


def _wanted(section: str) -> tuple[str, ...]:
    """The texts without which a row cannot be read; what else it should have is a check of its own."""
    return {"policies": ("zh", "en"), "acts": ("zh", "en", "lane"), "law": ("zh", "en", "basis")}.get(section, ())


def _policy(place: str, row: Mapping[str, Any]) -> Iterator[Finding]:
    for name in ("amount", "minimum"):
        amount = row.get(name, 0 if name == "minimum" else None)
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            yield _fault(place, words("{place}: “{name}” must be a whole number.", place=place, name=name))
    if row.get("unit") not in get_args(Unit):
        units = ", ".join(get_args(Unit))
        yield _fault(place, words("{place}: “unit” must be one of {units}.", place=place, units=units))


def _is_on(value: object) -> bool:
    names = [value] if isinstance(value, str) else value
    return isinstance(names, list) and bool(names) and all(isinstance(one, str) for one in names)


def _is_day(value: object) -> bool:
    if isinstance(value, date):
        return True
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _fault(place: str, text: Words) -> Finding:
    return Finding(text, "pack.shape", file=ABOUT, element=place or None)
