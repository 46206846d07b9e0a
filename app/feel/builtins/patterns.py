"""Patterns as XPath writes them (DMN 1.5, 10.3.4.3: XQuery and XPath Functions, 7.6), run on RE2 in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from app.errors import words

from ..values import NoValue

MAX_PATTERN = 1_000
_FLAGS = frozenset("ismxq")
_START = r"A-Z_a-z:\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{3001}-\x{D7FF}"
_PART = _START + r"\-.0-9\x{B7}\x{300}-\x{36F}"
_ESCAPES = {"i": f"[{_START}]", "I": f"[^{_START}]", "c": f"[{_PART}]", "C": f"[^{_PART}]"}
_BLOCKS = {
    "IsBasicLatin": r"\x{0}-\x{7F}",
    "IsLatin-1Supplement": r"\x{80}-\x{FF}",
    "IsCJKUnifiedIdeographs": r"\x{4E00}-\x{9FFF}",
}
_BLOCK = re.compile(r"\\([pP])\{(Is[A-Za-z0-9-]+)\}")


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> Any:
    """Return the compiled pattern, or None when it is no pattern or needs more than linear time."""
    if len(pattern) > MAX_PATTERN or set(flags) - _FLAGS:
        return None
    letters = "".join(sorted(set(flags) & set("ism")))
    options = re2.Options()
    options.log_errors = False
    try:
        text = re2.escape(pattern) if "q" in flags else "".join(_translated(pattern, skips="x" in flags))
        return re2.compile(f"(?{letters}){text}" if letters else text, options)
    except (re2.error, ValueError):
        return None


def _translated(pattern: str, *, skips: bool) -> Iterator[str]:
    """Give the pattern piece by piece as RE2 writes it; raises ValueError for classes taken from classes."""
    at, inside = 0, False
    while at < len(pattern):
        block = _BLOCK.match(pattern, at)
        if block:
            yield _block(block, inside=inside)
            at = block.end()
        elif pattern[at] == "\\":
            code = pattern[at + 1 : at + 2]
            at += 2
            while skips and not inside and code.isspace():
                code, at = pattern[at : at + 1], at + 1
            yield _ESCAPES[code].strip("[]") if inside and code in "ic" and code else _ESCAPES.get(code, "\\" + code)
        else:
            if inside and pattern[at] == "[":
                raise ValueError(pattern)
            inside = pattern[at] == "[" or (inside and pattern[at] != "]")
            yield "" if skips and not inside and pattern[at].isspace() else pattern[at]
            at += 1


def _block(found: re.Match[str], *, inside: bool) -> str:
    if found[2] not in _BLOCKS or (inside and found[1] == "P"):
        raise ValueError(found[2])
    text = _BLOCKS[found[2]]
    return text if inside else f"[{'^' * (found[1] == 'P')}{text}]"


_MARK = re.compile(r"\\([\\$])|\$([0-9]{1,2})")


def check_replacement(pattern: Any, replacement: str) -> None:
    """Refuse a pattern that matches nothing at all and stray `\\` and `$` (FORX0003, FORX0004); raises NoValue."""
    if pattern.search("") is not None:
        raise NoValue(words("The pattern matches an empty text, it cannot be replaced"))
    if set(_MARK.sub("", replacement)) & set("\\$"):
        raise NoValue(words("In a replacement, write \\$ for $ and \\\\ for \\"))


def filled(replacement: str, found: Any) -> str:
    """Return the replacement with the groups of a match in place of `$1`."""

    def value(mark: re.Match[str]) -> str:
        if mark.group(1):
            return mark.group(1)
        digits, count = mark.group(2), len(found.groups())
        if len(digits) == 2 and int(digits) > count:  # $12 with fewer groups: group 1, then a 2
            return group(int(digits[0])) + digits[1]
        return group(int(digits))

    def group(number: int) -> str:
        return (found.group(number) or "") if number <= len(found.groups()) else ""

    return _MARK.sub(value, replacement)
