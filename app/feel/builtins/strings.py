"""String functions (DMN 1.5, 10.3.4.3). Patterns: see `patterns`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.errors import words

from ..run import CHARACTERS_PER_STEP, Run
from ..values import NoValue, Value
from .patterns import check_replacement, compiled, filled
from .registry import builtin


@builtin("substring", "string: string, start position: number, length?: number|null")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """From a position counted from 1, or from the end when negative."""
    first = int(start)
    if first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        raise NoValue(words("The position lies outside the text"))
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if length is None else text[begin : begin + int(length)]


@builtin("string length", "string: string")
def string_length(run: Run, text: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    """In capitals."""
    return run.keep(text.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    """In small letters."""
    return run.keep(text.lower())


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> str:
    """What stands before the first match; empty when there is none."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> str:
    """What stands after the first match; empty when there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> bool:
    """Whether the text holds the match."""
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> bool:
    """Whether the text begins with the match."""
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> bool:
    """Whether the text ends with the match."""
    return text.endswith(match)


@builtin("string join", "list: list, delimiter?: string|null")
@builtin("string join", "list: list, delimiter: string|null, prefix: string|null, suffix: string|null")
def string_join(
    run: Run, items: list[Value], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> str:
    """The texts of a list, joined; null elements are left out."""
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        raise NoValue(words("string join takes a list of texts"))
    run.burn(len(items) + sum(map(len, texts)) // CHARACTERS_PER_STEP)
    return run.keep((prefix or "") + (delimiter or "").join(texts) + (suffix or ""))


@builtin("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether the pattern occurs in the text; flags i, s, m, x as in XPath."""
    return _searched(run, text, pattern, flags).search(text) is not None


@builtin("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[Value]:
    """The parts between the matches of a pattern."""
    pattern, parts, start = _searched(run, text, delimiter, None), [], 0
    for found in pattern.finditer(text):
        run.burn(1)
        if found.end() > found.start():
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Each match replaced; `$1` stands for a group, `\\$` for a dollar sign."""
    compiled, parts, start, size = _searched(run, text, pattern, flags), [], 0, 0
    if "q" not in (flags or ""):
        check_replacement(compiled, replacement)
    for found in compiled.finditer(text):
        run.burn(1)
        parts += [text[start : found.start()], filled(replacement, found)]
        size += len(parts[-1])
        if size > 2_000_000:
            break
        start = found.end()
    return run.keep("".join([*parts, text[start:]]))


def _searched(run: Run, text: str, pattern: str, flags: str | None) -> Any:
    run.burn(len(text) * (1 + len(pattern) // 20) // CHARACTERS_PER_STEP)
    found = compiled(pattern, flags or "")
    if found is None:
        raise NoValue(words("The pattern {pattern} cannot be used", pattern=pattern[:60]))
    return found
