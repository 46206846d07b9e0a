"""Words in the reader's language: catalogues read once, English being the msgids themselves."""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.errors import Words

FOLDER = Path(__file__).resolve().parent / "translations"
DOMAIN = "messages"
CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)
_CATALOGUES = {CHINESE: "zh_CN"}
_WEEKDAYS = {CHINESE: "一二三四五六日", ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def say(text: Words, language: str = CHINESE) -> str:
    """The text in `zh` or `en`, its parameters too where they are words, dates or bilingual texts themselves."""
    pattern = translated(text.msgid, language)
    if not text.params:
        return pattern
    return pattern.format_map({name: _said(value, language) for name, value in text.params.items()})


def translated(msgid: str, language: str) -> str:
    """The msgid in that language, as it is where the catalogue has nothing."""
    found = catalogue(language)
    return found.gettext(msgid) if found and msgid else msgid


def day(value: date, language: str = CHINESE) -> str:
    """A date with its weekday: `2026-02-12(周四)`, `2026-02-12 (Thu)`."""
    weekday = _WEEKDAYS[language][value.weekday()]
    return f"{value:%Y-%m-%d}(周{weekday})" if language == CHINESE else f"{value:%Y-%m-%d} ({weekday})"


def moment(value: datetime, language: str = CHINESE) -> str:
    """An instant of the office to the minute."""
    return f"{day(value.date(), language)} {value:%H:%M}"


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> GNUTranslations | None:
    """The compiled catalogue, or one compiled here in memory where nobody has built it; None for English."""
    name = _CATALOGUES.get(language)
    if name is None:
        return None
    source = FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not source.exists():
        return None
    built = source.with_suffix(".mo")
    if built.exists() and built.stat().st_mtime >= source.stat().st_mtime:
        return GNUTranslations(io.BytesIO(built.read_bytes()))
    return GNUTranslations(io.BytesIO(compiled(source)))


def compiled(source: Path) -> bytes:
    """The machine's form of a .po file, without its fuzzy entries."""
    with source.open("rb") as file:
        entries = read_po(file)
    target = io.BytesIO()
    write_mo(target, entries)
    return target.getvalue()


def _said(value: object, language: str) -> object:
    if isinstance(value, Words):
        return say(value, language)
    if isinstance(value, datetime):
        return moment(value, language)
    if isinstance(value, date):
        return day(value, language)
    if hasattr(value, "in_language"):
        return value.in_language(language)
    if isinstance(value, list | tuple):
        return ("、" if language == CHINESE else ", ").join(str(_said(one, language)) for one in value)
    return value
