"""Reading pack.yaml: what is wrong with it, with file, line, section and key, in words that an owner understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.definitions.characters import is_storable
from app.definitions.manifest import Manifest
from app.definitions.marked import Marked, documents, line_of
from app.errors import Finding, Invalid, Words, words

TABLES = frozenset(("lanes", "statuses", "policies", "law", "papers", "acts", "confidential", "messages", "settings"))
"""Sections whose rows have names of their own."""
RULE = "pack.shape"


def read_mapping(data: bytes, file: str) -> Marked:
    """The content of a pack.yaml with its lines. Raises Invalid: no YAML, no mapping."""
    found = documents(data, file, rule="pack.yaml")
    if len(found) != 1 or not isinstance(found[0], Marked):
        raise Invalid(words("The pack cannot be read."), [Finding(words("This file is empty."), RULE, file=file)])
    return found[0]


def read_manifest(source: Mapping[str, Any], file: str) -> Manifest:
    """The manifest of a whole pack. Raises Invalid with everything that is wrong."""
    findings = list(faults_of(source, file))
    if findings:
        raise Invalid(words("The pack cannot be read."), findings)
    return Manifest.model_validate(dict(source))


def faults_of(source: Mapping[str, Any], file: str, *, partial: bool = False) -> Iterator[Finding]:
    """What is wrong with the keys and values of a pack.yaml; `partial`: another pack completes it, or it another."""
    if not is_storable(dict(source)):
        yield Finding(words("This file holds characters that cannot be kept."), RULE, file=file)
        return
    try:
        Manifest.model_validate(dict(source))
    except ValidationError as error:
        yield from _findings(error.errors(), source, file, partial=partial)


def _findings(errors: list[ErrorDetails], source: Mapping[str, Any], file: str, *, partial: bool) -> Iterator[Finding]:
    """One finding a fault; what one row lacks is said together."""
    missing: dict[tuple[int | str, ...], list[str]] = {}
    said: set[tuple[int | str, ...]] = set()
    for error in errors:
        path = _path(error["loc"], source)
        if error["type"] == "missing":
            missing.setdefault(path[:-1], []).append(str(path[-1]))
        elif path not in said:
            said.add(path)
            yield _finding(_words(error, path, file), path, source, file)
    for path, names in missing.items():
        if partial:
            continue
        if path:
            text = words("{place} lacks {names}.", place=" ".join(map(str, path)), names=", ".join(names))
            yield _finding(text, path, source, file)
        else:
            for name in names:
                yield _finding(words("“{key}” is missing.", key=name), (name,), source, file)


def _path(place: Sequence[int | str], source: object) -> tuple[int | str, ...]:
    """The path of a fault as far as the file itself goes; beyond it stand names of types that nobody wrote."""
    path: list[int | str] = []
    for part in place:
        path.append(part)
        if isinstance(source, Mapping) and part in source:
            source = source[part]
        elif isinstance(source, list) and isinstance(part, int):
            source = source[part] if part < len(source) else None
        else:
            break
    return tuple(path)


def _finding(text: Words, path: tuple[int | str, ...], source: object, file: str) -> Finding:
    depth = 2 if path and path[0] in TABLES else 1
    element = " ".join(map(str, path[:depth]))
    field = ".".join(map(str, path[depth:])) or None
    return Finding(text, RULE, file=file, element=element, field=field, line=line_of(source, path))


def _words(error: ErrorDetails, path: tuple[int | str, ...], file: str) -> Words:
    place, name = " ".join(map(str, path[:-1])) or file, str(path[-1]) if path else ""
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return words("“{key}” does not belong here.", key=name)
    if path == ("effective_from",):
        return words("“{key}” is no date.", key=name)
    if kind in ("literal_error", "enum"):
        return words("{place}: “{name}” must be one of {wanted}.", place=place, name=name, wanted=limits["expected"])
    return words("{place}: “{name}” must be {wanted}.", place=place, name=name, wanted=_wanted(kind))


def _wanted(kind: str) -> Words:
    """What a value of another kind should have been."""
    for beginning, wanted in WANTED.items():
        if kind.startswith(beginning):
            return wanted
    return words("written otherwise")


WANTED: Mapping[str, Words] = {
    "int": words("a whole number"),
    "greater": words("a whole number"),
    "string": words("a text"),
    "bool": words("true or false"),
    "date": words("a date"),
    "value_error": words("a date"),
    "dict": words("a list of names with their values"),
    "model": words("a list of names with their values"),
    "tuple": words("a list"),
    "too_short": words("a list"),
}
"""By the beginning of pydantic's name of an error."""
