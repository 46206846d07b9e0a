"""What may stand under `expect`: each check's name and how its wanted value is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import words
from app.journal import KINDS
from app.notify.outbox import ABOUT
from app.registers.catalogue import REGISTERS
from app.rehearsal import values
from app.rehearsal.reporting import wanted_rates, wanted_reports
from app.rehearsal.values import Kind, Wrong


@dataclass(frozen=True)
class WantedTask:
    """An open task and what is said of it; `said` holds only what the scenario names."""

    said: Mapping[str, Any]


@dataclass(frozen=True)
class WantedPaper:
    """A paper by code, with the fields, words and missing words that it must show."""

    code: str
    fields: Mapping[str, Any]
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WantedNotice:
    """A notice to somebody, about something."""

    to: str
    about: str


TASK_KEYS: Mapping[str, Kind] = {
    "lane": values.text,
    "due": lambda value: None if value is None else values.day(value),
    "provisional": values.flag,
    "holder": lambda value: None if value is None else values.text(value),
}


def tasks(value: Any) -> dict[str, WantedTask]:
    """Open tasks by element id, each with what is said of it; a list names them only."""
    if isinstance(value, list):
        return {values.text(item): WantedTask({}) for item in value}
    return {values.text(key): WantedTask(_task(said)) for key, said in values.mapping(value).items()}


def _task(said: Any) -> dict[str, Any]:
    rows = values.mapping({} if said is None else said)
    for key in rows:
        if key not in TASK_KEYS:
            known = ", ".join(TASK_KEYS)
            raise Wrong(words('says of a task only {known}, not "{key}"', known=known, key=str(key)))
    return {str(key): TASK_KEYS[key](value) for key, value in rows.items()}


def timers(value: Any) -> dict[str, tuple[datetime, ...] | None]:
    """Armed timers by element id; null: none is armed; a list where several are."""
    return {values.text(key): _instants(due) for key, due in values.mapping(value).items()}


def _instants(value: Any) -> tuple[datetime, ...] | None:
    if value is None:
        return None
    return tuple(sorted(values.instant(item) for item in (value if isinstance(value, list) else [value])))


def papers(value: Any) -> tuple[WantedPaper, ...]:
    """Papers by code, `{code: {field: value, contains: …, lacks: …}}` where one looks into them."""
    found: list[WantedPaper] = []
    for item in values.listing(value):
        if isinstance(item, Mapping):
            found += [_paper(values.text(code), values.mapping(inner)) for code, inner in item.items()]
        else:
            found.append(WantedPaper(values.text(item), {}))
    return tuple(found)


def _paper(code: str, inner: Mapping[Any, Any]) -> WantedPaper:
    fields = {str(key): values.plain(value) for key, value in inner.items() if key not in ("contains", "lacks")}
    contains, lacks = (values.text_or_texts(inner[key]) if key in inner else () for key in ("contains", "lacks"))
    return WantedPaper(code, fields, contains, lacks)


def register(value: Any) -> dict[str, dict[str, Mapping[str, Any] | None]]:
    """Rows of registers, by whom or what they belong to; null: there is none."""
    return {values.text(name): _rows(name, rows) for name, rows in values.mapping(value).items()}


def _rows(name: str, value: Any) -> dict[str, Mapping[str, Any] | None]:
    if name not in REGISTERS:
        raise Wrong(words('there is no register "{value}"', value=name))
    rows = values.mapping(value)
    return {values.text(key): None if row is None else values.answers(row) for key, row in rows.items()}


def journal(value: Any) -> tuple[str, ...]:
    """Kinds of journal entries, in order."""
    return tuple(_known(kind, KINDS, "journal entry") for kind in values.text_or_texts(value))


def notices(value: Any) -> tuple[WantedNotice, ...]:
    """Notices: to whom and about what."""
    found = []
    for row in values.rows(value):
        if set(row) != {"to", "about"}:
            raise Wrong(words('a notice has "to" and "about"'))
        found.append(WantedNotice(values.text(row["to"]), _known(row["about"], ABOUT, "notice")))
    return tuple(found)


def counts(value: Any) -> dict[str, int]:
    """How many, by process."""
    return {values.text(key): values.whole(number) for key, number in values.mapping(value).items()}


def data(value: Any) -> dict[str, Any]:
    """Values by FEEL path."""
    return {values.text(key): values.plain(item) for key, item in values.mapping(value).items()}


def _known(value: Any, known: frozenset[str], what: str) -> str:
    if values.text(value) not in known:
        raise Wrong(words('there is no {what} "{value}"', what=what, value=str(value)))
    return str(value)


CHECKS: Mapping[str, Kind] = {
    "status": values.text_or_texts,
    "tasks": tasks,
    "not_tasks": values.texts,
    "timers": timers,
    "data": data,
    "documents": papers,
    "not_documents": papers,
    "register": register,
    "journal": journal,
    "notices": notices,
    "not_notices": notices,
    "cases": counts,
    "rates": wanted_rates,
    "reports": wanted_reports,
}
