"""The parser's place in the text: the token at hand, the names it knows, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

from app.errors import Finding, Words, words

from .lexer import Token, first_word, match_name, scan, spaced
from .values import refuse

MAX_NESTING = 50
STOP_WORDS = frozenset(
    ("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance", "if", "for", "some", "every")
    + ("function", "true", "false", "null")
)
_KEY_PARTS = frozenset("+-*/.'")


NameIndex = Mapping[str, Sequence[str]]


@lru_cache(maxsize=64)
def index_of(names: frozenset[str]) -> NameIndex:
    """Return the names by their first word; made once for all expressions of a diagram or model."""
    found: dict[str, list[str]] = {}
    for name in names:
        _remember(found, spaced(name))
    return found


class Reader:
    """A cursor over the text. Known names may hold blanks and operators; the longest that fits is taken (10.3.1.4)."""

    def __init__(self, text: str, names: NameIndex, functions: NameIndex) -> None:
        self.text = text
        self.token = scan(text, 0)
        self.before = 0  # where the token before ended
        self.depth = 0
        self.doubts: list[Finding] = []
        self._names = names
        self._functions = functions
        self._declared: dict[str, list[str]] = {}

    def know(self, name: str) -> None:
        """Let the name be used from here on."""
        _remember(self._declared, spaced(name))

    def fail(self, text: Words, position: int | None = None) -> NoReturn:
        """Raise Invalid with the position, by default that of the token at hand."""
        raise refuse(text, "feel.syntax", self.token.start if position is None else position)

    def advance(self) -> Token:
        """Go to the next token and return the one left."""
        left = self.token
        self.before = left.end
        self.token = scan(self.text, left.end)
        return left

    def back_to(self, position: int) -> None:
        """Read again from a position."""
        self.token = scan(self.text, position)

    def peek(self) -> Token:
        """Return the token after the one at hand."""
        return scan(self.text, self.token.end)

    def sees(self, *texts: str) -> bool:
        """Tell whether the token at hand is one of these operators or words."""
        return self.token.text in texts and self.token.kind in ("operator", "name")

    def accept(self, *texts: str) -> bool:
        """Take the token when it is one of these."""
        if self.sees(*texts):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        """Take this token or refuse."""
        if not self.accept(text):
            self.fail(words("{wanted} is missing before {found}", wanted=text, found=self.found()))

    def found(self) -> str:
        """Return the token at hand in words."""
        return self.token.text or "the end"

    def enter(self) -> None:
        """Count one level of nesting; every call needs a `leave`."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail(words("More than {limit} levels stand inside each other", limit=MAX_NESTING))

    def leave(self) -> None:
        """End a level of nesting."""
        self.depth -= 1

    def known_name(self, *, property_of: bool = False) -> str | None:
        """Take the longest known name that starts here, if any."""
        first = first_word(self.token.text)
        candidates = [*self._names.get(first, ()), *self._declared.get(first, ())]
        if not property_of:
            candidates += self._functions.get(first, ())
        best, end = None, self.token.start
        for name in candidates:
            stop = match_name(self.text, self.token.start, name)
            if stop is not None and stop > end:
                best, end = name, stop
        if best is not None:
            self.before = end
            self.back_to(end)
        return best

    def plain_name(self) -> str:
        """Take the words that stand side by side up to an operator or keyword: a name nobody announced."""
        start = self.token.start
        if self.token.kind != "name" or self.token.text in STOP_WORDS:
            self.fail(words("A name or value is missing before {found}", found=self.found()))
        self.advance()
        while self.token.kind == "name" and self.token.text not in STOP_WORDS:
            self.advance()
        return spaced(self.text[start : self.before])

    def declared_name(self, *ends: str) -> str:
        """Take the name being declared here: everything up to one of `ends`; it is known from here on."""
        start = self.token.start
        while not self.sees(*ends) and (self.token.kind in ("name", "number") or self.token.text in _KEY_PARTS):
            self.advance()
        if self.token.start == start or not self.sees(*ends):
            self.fail(words("A name is missing before {found}", found=self.found()))
        name = spaced(self.text[start : self.before])
        self.know(name)
        return name


def _remember(group: dict[str, list[str]], name: str) -> None:
    if name:
        known = group.setdefault(first_word(name), [])
        if name not in known:
            known.append(name)
