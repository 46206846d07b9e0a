"""Texts from outside as they can be kept and shown: no characters that a database or a page cannot hold."""

from __future__ import annotations

from typing import Any


def readable(text: str) -> str:
    """The text without what nobody can see: control characters, halves of one, those that turn the direction."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t")


def is_storable(value: Any) -> bool:
    """Whether every text in a value of JSON or YAML can be written as UTF-8 into any database."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
    if isinstance(value, dict):
        return all(is_storable(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(is_storable(one) for one in value)
