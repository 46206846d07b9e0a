"""Every text of a page in one place: dates, names, answers, yes and no, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from app import languages
from app.definitions.manifest import Named
from app.errors import Words, words
from app.forms import Field

COOKIE = "language"


_LANGUAGE: ContextVar[str] = ContextVar("language", default=languages.CHINESE)


def speak(chosen: str) -> None:
    """Say what follows in this context in that language; Chinese for anything but one of `app.languages.LANGUAGES`."""
    _LANGUAGE.set(chosen if chosen in languages.LANGUAGES else languages.CHINESE)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Say what is built inside in that language: how a page's values are made without a request."""
    before = _LANGUAGE.get()
    speak(chosen)
    try:
        yield
    finally:
        _LANGUAGE.set(before)


def language() -> str:
    """The reader's language, `zh` unless they have switched."""
    return _LANGUAGE.get()


def english() -> bool:
    """Whether the reader has switched to English."""
    return language() == languages.ENGLISH


def tell(text: Words) -> str:
    """Words in the reader's language."""
    return languages.say(text, language())


def gettext(msgid: str, /, **params: object) -> str:
    """A text of a template; called `_` there."""
    return tell(Words(msgid, params))


def named(thing: object) -> str:
    """The name of a process, step, policy or act in the reader's language."""
    name, name_en = getattr(thing, "name", ""), getattr(thing, "name_en", None)
    return str(name_en)[:1].upper() + str(name_en)[1:] if english() and name_en else str(name)


def entry(rows: Mapping[str, Named], key: str) -> str:
    """The name of a lane, status or paper of the pack; its id where the pack has no words."""
    row = rows.get(key)
    return key if row is None else row.name_en if english() else row.name


def day(value: date) -> str:
    """A date with its weekday."""
    return languages.day(value, language())


def short_day(value: date) -> str:
    """A date within a sentence: 2月12日(周四) in Chinese."""
    if english():
        return day(value)
    return f"{value.month}月{value.day}日({day(value).rpartition('(')[2]}"


def moment(value: datetime | date) -> str:
    """An instant to the minute; a day where no more is known."""
    return languages.moment(value, language()) if isinstance(value, datetime) else languages.day(value, language())


def listed(parts: list[str]) -> str:
    """Several things in a row."""
    return (", " if english() else "、").join(part for part in parts if part)


def clauses_of(basis: Iterable[str]) -> tuple[str, ...]:
    """The clauses of the law in a step's basis; limits of the policy table (P-…) are explained at the date."""
    return tuple(one for one in basis if not one.startswith("P-"))


def value_text(field: Field, value: Any, names: Mapping[str, str]) -> str:
    """An answer as people write it; empty where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _signed(value) if field.type == "signature" else gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return listed([value_text(field, one, names) for one in value])
    if isinstance(value, dict):
        return str(value.get("name", "")) if field.type == "signature" else ""
    return _single(field, value, names)


def _single(field: Field, value: Any, names: Mapping[str, str]) -> str:
    for option in field.options:
        if option.value == value and type(option.value) is type(value):
            return option.said.in_language(language())
    if field.type == "date":
        return day(date.fromisoformat(value))
    if field.type == "idcard":
        return f"{str(value)[:3]}{'*' * (len(str(value)) - 7)}{str(value)[-4:]}"
    if field.type in ("organisation", "person", "persons"):
        return names.get(str(value), str(value))
    return str(value)


def _signed(value: bool) -> str:
    return tell(words("signed")) if value else ""


def label(field: Field) -> str:
    """The field's label."""
    return field.said.in_language(language())
