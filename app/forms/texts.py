"""Texts of forms: what counts as blank, what can be stored, and words that stand in two languages in the file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import re2

# Kept equal to BLANK in frontend/src/form/validator.ts: white space and the signs that print nothing.
BLANKS = "".join(
    chr(code)
    for code in (
        *range(0x09, 0x0E),
        *(0x20, 0x85, 0xA0, 0xAD, 0x1680, 0x180E),
        *range(0x2000, 0x2010),
        *(0x2028, 0x2029, 0x202F, 0x205F),
        *range(0x2060, 0x2065),
        *(0x3000, 0x3164, 0xFEFF),
    )
)
_EMAIL = re2.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
_PHONE = re2.compile(r"^(\+|00)?[0-9][0-9 -]{5,22}[0-9]$")
_HIDDEN = frozenset(("Cc", "Cf", "Zl", "Zp"))
"""Kept equal to HIDDEN in frontend/src/form/validator.ts."""
_LINE_SIGNS = frozenset("\t\n\r")


@dataclass(frozen=True)
class Said:
    """A text that its author wrote in Chinese and English; the page takes the one of its reader."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in `zh` or `en`; Chinese where the English one is missing."""
        return self.en if language.startswith("en") and self.en else self.zh

    def __str__(self) -> str:
        return self.en or self.zh


def trim(text: str) -> str:
    """Cut what prints nothing off both ends."""
    return text.strip(BLANKS)


def is_clean(text: str) -> bool:
    """Return whether the text can be stored and printed: no control signs, no halves of characters."""
    return all(sign in _LINE_SIGNS or unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)


def is_one_line(text: str) -> bool:
    """Return whether the text is one line that reads as it is written: no breaks, no directions, nothing invisible."""
    return all(unicodedata.category(one) not in _HIDDEN for one in text)


def is_email(text: str) -> bool:
    """Return whether the text has the form of a mail address."""
    return _EMAIL.search(text) is not None


def is_phone(text: str) -> bool:
    """Return whether the text has the form of a telephone number, with or without its country."""
    return _PHONE.search(text) is not None
