"""Identity numbers of citizens (GB 11643): seventeen digits, a check sign, and a birth date that exists."""

from __future__ import annotations

from datetime import date

import re2

_SHAPE = re2.compile(r"^[1-9][0-9]{16}[0-9Xx]$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"


def is_valid(text: str) -> bool:
    """Return whether the number is one; the place in it is not looked up, so cards of 81, 82, 83 and 9… count too."""
    return _SHAPE.search(text) is not None and text[17].upper() == check_sign(text) and birth_date(text) is not None


def check_sign(text: str) -> str:
    """Return the eighteenth sign that belongs to the first seventeen digits (ISO 7064, MOD 11-2)."""
    return _SIGNS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False)) % 11]


def birth_date(text: str) -> date | None:
    """Return the date in digits 7 to 14, or None where there is no such day."""
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
