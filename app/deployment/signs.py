"""Texts from outside as they can be kept and shown: no signs that a database or a page cannot hold."""

from __future__ import annotations

from typing import Any


def readable(text: str) -> str:
    """The text without what nobody can see: control signs, halves of a sign, signs that turn the direction."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


def is_storable(value: Any) -> bool:
    """Whether every text in a value of JSON or YAML can be written as UTF-8 into any database."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(is_storable(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(is_storable(one) for one in value)
