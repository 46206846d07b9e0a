"""Facts are JSON values under plain names: what comes in is checked and copied, what goes out is a copy.

Inside, values are never changed in place, so that branches may share them; the copies made here keep that true.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

from app.errors import Finding, Invalid, words

NAME = re.compile(r"(?!__)[^\W\d][\w.\-' ]{0,119}")
DEPTH = 50
WHOLE = 2**63


def check_facts(data: Mapping[str, object], reserved: Collection[str] = ()) -> dict[str, object]:
    """Give a deep copy of `data`; raise Invalid naming every value that is no JSON value and every refused name.

    Refused names: not a text, starting with `__`, or the name of a function that the host binds (`reserved`).
    """
    findings: list[Finding] = []
    kept = {}
    for name, value in data.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in reserved:
            findings.append(Finding(words("{name} cannot be the name of a fact", name=repr(name)), "fact.name"))
            continue
        kept[name] = _checked(value, name, findings, 0)
    if findings:
        raise Invalid(words("These values cannot be kept as facts"), findings)
    return kept


def copied(value: object) -> object:
    """Copy a JSON value, so that the receiver may change it."""
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    if isinstance(value, list):
        return [copied(part) for part in value]
    return value


def copied_facts(data: Mapping[str, object]) -> dict[str, object]:
    """Copy the facts of a branch."""
    return {name: copied(value) for name, value in data.items()}


def _checked(value: object, name: str, findings: list[Finding], depth: int) -> object:
    if depth > DEPTH:
        findings.append(Finding(words("Nested deeper than {limit}", limit=DEPTH), "fact.depth", field=name))
        return None
    if type(value) is dict:
        return _checked_dict(value, name, findings, depth)
    if type(value) is list:
        return [_checked(part, f"{name}[{index}]", findings, depth + 1) for index, part in enumerate(value)]
    if not _is_plain(value):
        kind = type(value).__name__
        findings.append(Finding(words("A value of type {kind} is not JSON", kind=kind), "fact.value", field=name))
        return None
    return value


def _checked_dict(value: dict[object, object], name: str, findings: list[Finding], depth: int) -> dict[str, object]:
    kept = {}
    for key, part in value.items():
        if not isinstance(key, str):
            findings.append(Finding(words("The key {key} is not a text", key=repr(key)), "fact.key", field=name))
            continue
        kept[key] = _checked(part, f"{name}.{key}", findings, depth + 1)
    return kept


def _is_plain(value: object) -> bool:
    if value is None or type(value) is bool:
        return True
    if type(value) is int:
        return -WHOLE <= value < WHOLE
    if type(value) is float:
        return math.isfinite(value)
    return type(value) is str and _is_unicode(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
