"""One answer against its field: the type, the size, the choices; each fault in words, each value cleaned."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import re2

from app.errors import Words, words

from . import idcard
from .model import Field
from .shown import View
from .texts import is_clean, is_email, is_one_line, is_phone, trim

MAX_TEXT = 2_000
MAX_TEXTAREA = 20_000
MAX_FILES = 20
MAX_REFERENCE = 200
MAX_NUMBER = 10**15
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Days of people and cases; kept equal to frontend/src/form/validator.ts. A year of two digits is a slip."""
_DATE = re2.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class Fault(Exception):  # noqa: N818 - raised and caught in this room only
    """The answer is wrong, in words."""

    def __init__(self, said: Words) -> None:
        super().__init__(said)
        self.words = said


@dataclass(frozen=True)
class Asked:
    """A field, the values offered for it now (None: none were handed in), and what FEEL reads at its place."""

    field: Field
    offered: Collection[object] | None
    view: View


def clean(asked: Asked, value: object) -> object:
    """Return the answer as it is kept. Raises Fault."""
    return _CLEAN[asked.field.type](asked, value)


def _text(asked: Asked, value: object) -> str:
    if not isinstance(value, str):
        raise Fault(words("This must be a text."))
    if not is_clean(value):
        raise Fault(words("This holds signs that cannot be kept."))
    text = trim(value)
    if asked.field.type != "textarea" and not is_one_line(text):
        raise Fault(words("This holds line breaks or invisible characters. Type it anew on one line."))
    _size(asked, len(text))
    checks = asked.field.checks
    if checks.pattern is not None and checks.pattern.search(text) is None:  # type: ignore[attr-defined]
        said = checks.pattern_words
        raise Fault(words("{said}", said=said) if said else words("This is not in the form asked for."))
    if checks.like == "email" and not is_email(text):
        raise Fault(words("This is no e-mail address."))
    if checks.like == "phone" and not is_phone(text):
        raise Fault(words("This is no telephone number."))
    return text


def _size(asked: Asked, size: int) -> None:
    """Characters are counted as people count them: code points of the trimmed text."""
    checks, view = asked.field.checks, asked.view
    least, most = view.value(checks.min_length), view.value(checks.max_length)
    cap = MAX_TEXTAREA if asked.field.type == "textarea" else MAX_TEXT
    if _is_number(least) and size < least:  # type: ignore[operator]
        raise Fault(words("At least {count} characters.", count=int(least)))  # type: ignore[call-overload]
    limit = min(cap, int(most)) if _is_number(most) else cap  # type: ignore[call-overload]
    if size > limit:
        raise Fault(words("At most {count} characters.", count=limit))


def _number(asked: Asked, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - not a number
        raise Fault(words("This must be a number."))
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise Fault(words("This number is too large."))
    checks, view = asked.field.checks, asked.view
    least, most = view.value(checks.min), view.value(checks.max)
    if _is_number(least) and value < least:  # type: ignore[operator]
        raise Fault(words("Not less than {limit}.", limit=least))
    if _is_number(most) and value > most:  # type: ignore[operator]
        raise Fault(words("Not more than {limit}.", limit=most))
    if checks.digits is not None and abs(value * 10**checks.digits - round(value * 10**checks.digits)) >= 1e-6:
        raise Fault(words("At most {count} decimal places.", count=checks.digits))
    return value


def _is_number(value: object) -> bool:
    return value is not None and not isinstance(value, bool) and hasattr(value, "__float__")


def _checkbox(asked: Asked, value: object) -> bool:
    if not isinstance(value, bool):
        raise Fault(words("This must be yes or no."))
    return value


def _choice(asked: Asked, value: object) -> object:
    offered = asked.offered or ()
    if isinstance(value, dict | list) or not any(value == one and type(value) is type(one) for one in offered):
        raise Fault(words("This is not among the choices."))
    return value


def _choices(asked: Asked, value: object) -> list[object]:
    if not isinstance(value, list):
        raise Fault(words("This must be a list of choices."))
    chosen = [_choice(asked, one) for one in value]
    if any(one in chosen[:at] for at, one in enumerate(chosen)):
        raise Fault(words("One choice is given twice."))
    return chosen


def _date(asked: Asked, value: object) -> str:
    if not isinstance(value, str) or _DATE.search(trim(value)) is None:
        raise Fault(words("This is no date."))
    try:
        day = date.fromisoformat(trim(value))
    except ValueError:
        raise Fault(words("This is no date.")) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        said = words("The year must lie between {first} and {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR))
        raise Fault(said)
    return day.isoformat()


def _idcard(asked: Asked, value: object) -> str:
    text = _text(asked, value).upper()
    if not idcard.is_valid(text):
        raise Fault(words("This identity number is not right; check each digit."))
    return text


def _signature(asked: Asked, value: object) -> object:
    """The password is dropped here: who checks it takes it from what came in, and it is kept nowhere."""
    if value is True:
        return True
    if not isinstance(value, dict) or not set(value) <= {"name", "password"}:
        raise Fault(words("A signature is the signer's name and password."))
    if not isinstance(value.get("password"), str) or not value["password"]:
        raise Fault(words("Type your password to sign."))
    return {"name": _text(asked, value.get("name"))}


def _files(asked: Asked, value: object) -> list[str]:
    files = [value] if isinstance(value, str) else value
    if not isinstance(files, list) or not all(isinstance(one, str) and is_clean(one) and trim(one) for one in files):
        raise Fault(words("This must be a list of files."))
    if len(files) > MAX_FILES or any(len(one) > MAX_REFERENCE for one in files):
        raise Fault(words("At most {count} files.", count=MAX_FILES))
    if asked.offered is not None and not all(one in asked.offered for one in files):
        raise Fault(words("This file was not uploaded here."))
    return list(dict.fromkeys(files))


_CLEAN: dict[str, Callable[[Asked, object], object]] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "radio": _choice,
    "select": _choice,
    "organisation": _choice,
    "organisations": _choices,
    "person": _choice,
    "checklist": _choices,
    "persons": _choices,
    "date": _date,
    "idcard": _idcard,
    "signature": _signature,
    "file": _files,
}
