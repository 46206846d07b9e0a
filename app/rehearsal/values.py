"""Reading plain YAML values strictly: each kind of value, and a mapping whose keys are all accounted for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from app.clock import in_office
from app.errors import Finding, Words, words

WORKED = {"holiday": False, "rest": False, "休": False, "workday": True, "makeup": True, "班": True}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
Kind = Callable[[Any], Any]


class Wrong(Exception):
    """A value is not what its key wants; the words say what it wants."""

    def __init__(self, text: Words) -> None:
        super().__init__(str(text))
        self.words = text


class Sheet:
    """A mapping read key by key; what is wrong is collected, and `close` names the keys that nobody wanted."""

    def __init__(self, source: Mapping[Any, Any], place: str, findings: list[Finding], *, file: str, line: int) -> None:
        self.source, self.place, self.findings = source, place, findings
        self.file, self.line = file, int(getattr(source, "line", 0) or line)
        self._taken: set[Any] = set()

    def take(self, key: str, kind: Kind, default: Any = None, *, required: bool = False) -> Any:
        """The value of a key as `kind` reads it; `default` where it is absent or wrong (then with a finding)."""
        self._taken.add(key)
        if key not in self.source:
            if required:
                self.wrong(key, words('"{key}" is missing', key=key))
            return default
        try:
            return kind(self.source[key])
        except Wrong as fault:
            self.wrong(key, fault.words)
            return default

    def wrong(self, key: object, text: Words) -> None:
        """Note a fault at a key."""
        self.findings.append(
            Finding(text, "scenario", file=self.file, line=self.line, element=self.place, field=str(key))
        )

    def take_all(self) -> None:
        """Leave every key to another reader."""
        self._taken.update(self.source)

    def close(self) -> None:
        """Every key that was not asked for is a fault."""
        for key in self.source:
            if key not in self._taken:
                self.wrong(key, words('the key "{key}" does not belong here', key=str(key)))


def text(value: Any) -> str:
    """A non-empty text."""
    if isinstance(value, str) and value.strip():
        return value
    raise Wrong(words("wants a text, not {value}", value=repr(value)))


def flag(value: Any) -> bool:
    """true or false."""
    if isinstance(value, bool):
        return value
    raise Wrong(words("wants true or false, not {value}", value=repr(value)))


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Wrong(words("wants a whole number, not {value}", value=repr(value)))


def instant(value: Any) -> datetime:
    """An instant; without an offset it is office time."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return in_office(value)
    raise Wrong(words("wants an instant such as 2025-11-03T09:00:00+08:00, not {value}", value=str(value)))


def day(value: Any) -> date:
    """A date."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Wrong(words("wants a date such as 2025-11-03, not {value}", value=str(value)))


def duration(value: Any) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) and len(value) > 2 else None
    if match is None:
        raise Wrong(words("wants a duration such as PT11H, not {value}", value=str(value)))
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def mapping(value: Any) -> Mapping[Any, Any]:
    """A mapping."""
    if isinstance(value, Mapping):
        return value
    raise Wrong(words("wants keys with values, not {value}", value=repr(value)))


def listing(value: Any) -> Sequence[Any]:
    """A list."""
    if isinstance(value, list):
        return value
    raise Wrong(words("wants a list, not {value}", value=repr(value)))


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(item) for item in listing(value))


def text_or_texts(value: Any) -> tuple[str, ...]:
    """One text, or a list of them."""
    return (text(value),) if isinstance(value, str) else texts(value)


def holidays(value: Any) -> dict[date, bool]:
    """A list of `date: holiday` or `date: workday`."""
    days: dict[date, bool] = {}
    for row in listing(value):
        for key, word in mapping(row).items():
            if word not in WORKED:
                raise Wrong(words('wants "holiday" or "workday", not {value}', value=str(word)))
            days[day(key)] = WORKED[word]
    return days


def one_of(known: Mapping[str, object] | frozenset[str] | set[str], wanted: Words) -> Kind:
    """A text out of those known; `wanted` names what it should have been, with `{value}`."""

    def read(value: Any) -> str:
        if text(value) not in known:
            raise Wrong(Words(wanted.msgid, {**wanted.params, "value": value}))
        return str(value)

    return read


def plain(value: Any) -> Any:
    """A value as JSON has it: dates and instants become text; anything odd is refused."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return in_office(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise Wrong(words("wants a plain value, not {value}", value=repr(value)))


def answers(value: Any) -> dict[str, Any]:
    """Answers by field."""
    return {str(key): plain(item) for key, item in mapping(value).items()}


def rows(value: Any) -> Iterator[Mapping[Any, Any]]:
    """A list of mappings."""
    return (mapping(row) for row in listing(value))
