"""FEEL text → tokens, one at a time (DMN 1.5, 10.3.1.2, grammar rules 22 to 36 and 61 to 66)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.errors import Words, words

from .values import refuse

# Full-width punctuation is left out on purpose: "，" typed for "," is a slip to be named, not the start of a name.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3005-\u3007\u3021-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
SPACE = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_SKIP = re.compile(rf"(?:[{SPACE}]+|//[^\n\r]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    rf"""(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>\?|[{_START}][{_PART}]*)
    |(?P<operator>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:@])""",
    re.VERBOSE | re.DOTALL,
)
_NAME_END = re.compile(rf"(?![{_PART}])")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text; `kind` is number, string, name, operator or end."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str, position: int) -> Token:
    """Return the token at or after the position; raises Invalid at a character that starts none."""
    skipped = _SKIP.match(text, position)
    start = skipped.end() if skipped else position
    if start >= len(text):
        return Token("end", "", len(text), len(text))
    found = _TOKEN.match(text, start)
    if found is None:
        raise refuse(_odd_character(text, start), "feel.syntax", start)
    return Token(found.lastgroup or "", found.group(), start, found.end())


def _odd_character(text: str, start: int) -> Words:
    if text[start] == '"':
        return words("A text in quotes is not closed")
    if text.startswith("/*", start):
        return words("A comment is not closed")
    return words("The character {character} cannot stand here", character=text[start])


def unquote(literal: str, position: int) -> str:
    """Return the text inside a string literal, with its escapes resolved."""
    body = _ESCAPE.sub(_unescape, literal[1:-1])
    try:
        return body.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        raise refuse(words("The text holds half of a character"), "feel.syntax", position) from None


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _SIMPLE_ESCAPES.get(found.group(3), found.group())


def spaced(name: str) -> str:
    """Return the name with each run of white space as one blank: how names are compared."""
    return " ".join(re.split(rf"[{SPACE}]+", name.strip()))


def first_word(name: str) -> str:
    """Return the token with which a name starts."""
    found = _TOKEN.match(name)
    return found.group() if found else name[:1]


def match_name(text: str, position: int, name: str) -> int | None:
    """Return where a known name that starts here ends, or None when it does not stand here whole."""
    found = _name_pattern(name).match(text, position)
    return found.end() if found else None


@lru_cache(maxsize=4096)
def _name_pattern(name: str) -> re.Pattern[str]:
    parts = rf"[{SPACE}]+".join(re.escape(part) for part in name.split(" "))
    return re.compile(parts + (_NAME_END.pattern if re.match(rf"[{_PART}]", name[-1]) else ""))
