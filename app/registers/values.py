"""Values of columns: from what a diagram, a form or a sheet gives to what the table keeps, and back to plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.clock import OFFICE_ZONE
from app.errors import Words, words
from app.registers.columns import AMOUNT_DIGITS, AMOUNT_PLACES, LONGEST_REF, Column

MOST_NUMBER = 2**31 - 1
YEARS = range(1900, 2200)
LONGEST_TEXT = 20_000
YES, NO = frozenset({"true", "yes", "是", "1"}), frozenset({"false", "no", "否", "0"})


class Unfit(ValueError):
    """A value that a column cannot keep; `words` says what it should be."""

    def __init__(self, text: Words) -> None:
        super().__init__(str(text))
        self.words = text


def kept(column: Column, given: Any) -> Any:
    """The value as the column keeps it; None for nothing. Raises Unfit."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, str) and any(sign < " " and sign not in "\t\r\n" for sign in given):
        raise Unfit(words("This holds characters that cannot be kept."))
    return _READERS[column.kind](column, given)


def plain(value: Any) -> Any:
    """A kept value as JSON: dates and instants as ISO text, amounts as text with both places."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def as_json(value: Any) -> str | None:
    """A kept value as the history keeps it; None for nothing."""
    return None if value is None else orjson.dumps(plain(value)).decode()


def _text(column: Column, given: Any) -> str:
    if isinstance(given, dict | list):
        given = orjson.dumps(given).decode()
    said = str(given).strip()
    most = column.size or LONGEST_TEXT
    if len(said) > most:
        raise Unfit(words("This is longer than {most} characters.", most=most))
    return said


def _day(_column: Column, given: Any) -> date:
    found = given.astimezone(OFFICE_ZONE).date() if isinstance(given, datetime) and given.tzinfo else given
    found = found.date() if isinstance(found, datetime) else found
    if not isinstance(found, date):
        try:
            found = date.fromisoformat(str(given).strip().replace("/", "-").replace(".", "-")[:10])
        except ValueError:
            raise Unfit(words("This is no date; write it as 2026-03-02.")) from None
    if found.year not in YEARS:
        raise Unfit(words("This date lies outside of what can be kept."))
    return found


def _instant(_column: Column, given: Any) -> datetime:
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given).strip())
    except ValueError:
        raise Unfit(words("This is no point in time; write it as 2026-03-02T09:00+08:00.")) from None
    found = found if found.tzinfo else found.replace(tzinfo=OFFICE_ZONE)
    if found.year not in YEARS:
        raise Unfit(words("This date lies outside of what can be kept."))
    return found


def _number(_column: Column, given: Any) -> int:
    amount = _decimal(given)
    if amount != amount.to_integral_value() or abs(amount) > MOST_NUMBER:
        raise Unfit(words("This is no whole number that can be kept."))
    return int(amount)


def _amount(_column: Column, given: Any) -> Decimal:
    amount = _decimal(given)
    if amount != amount.quantize(Decimal(1).scaleb(-AMOUNT_PLACES)):
        raise Unfit(words("An amount has at most two places after the point."))
    if not 0 <= amount < Decimal(10) ** (AMOUNT_DIGITS - AMOUNT_PLACES):
        raise Unfit(words("This is no amount that can be kept."))
    return amount.quantize(Decimal(1).scaleb(-AMOUNT_PLACES))


def _decimal(given: Any) -> Decimal:
    try:
        amount = Decimal(str(given).strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(given, bool) or not amount.is_finite() or abs(amount) > Decimal(10) ** 20:
        raise Unfit(words("This is no number."))
    return amount


def _flag(_column: Column, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    said = str(given).strip().casefold()
    if said in YES | NO:
        return said in YES
    raise Unfit(words("This is neither yes nor no."))


def _choice(column: Column, given: Any) -> str:
    said = str(given).strip()
    if said in column.choices:
        return said
    for value, pair in column.choices.items():
        if said.casefold() in (pair.zh.casefold(), pair.en.casefold()):
            return value
    raise Unfit(words("This is none of: {values}.", values=list(column.choices.values())))


def _ref(_column: Column, given: Any) -> str:
    said = str(given).strip()
    if len(said) > LONGEST_REF:
        raise Unfit(words("This names nobody and nothing here."))
    return said


def _several(_column: Column, given: Any) -> list[Any]:
    if isinstance(given, list | tuple):
        return list(given)
    return [part.strip() for part in str(given).replace("；", ";").replace("、", ";").split(";") if part.strip()]


_READERS: Mapping[str, Callable[[Column, Any], Any]] = {
    "text": _text,
    "day": _day,
    "instant": _instant,
    "number": _number,
    "amount": _amount,
    "flag": _flag,
    "choice": _choice,
    "person": _ref,
    "agency": _ref,
    "several": _several,
}
