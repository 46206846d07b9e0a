"""Everything that is wrong with the files of a whole pack, found at once and kept as data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import engine, forms
from app.assembly import OPERATIONS
from app.definitions import checks, releases
from app.definitions.characters import is_storable, readable
from app.definitions.functions import FUNCTIONS
from app.definitions.library import ABOUT, Files, digest_of
from app.definitions.sections import faults_of, read_mapping
from app.errors import Finding, Invalid, Words, words
from app.forms import Said

DIAGRAMS = (".bpmn", ".dmn")


def findings_of(files: Files) -> list[Finding]:
    """Errors and warnings of every file and between them; never raises for what the files hold."""
    found = [*_of_each(files)]
    if not any(one.severity == "error" for one in found):
        try:
            found += checks.check(releases.parsed(files))
        except Invalid as fault:
            found += fault.findings or (Finding(fault.words, "pack.unreadable"),)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            text = words("pack.yaml holds something that cannot be used: {cause}", cause=repr(error)[:200])
            found.append(Finding(text, "pack.shape", file=ABOUT))
    return sorted(found, key=lambda one: (one.severity != "error", one.file or "", one.line or 0))


def findings_in(db: Session, manifest: Mapping[str, str]) -> tuple[Finding, ...]:
    """The same for the files of a manifest; kept in memory, since what a digest names never changes."""
    digest = digest_of(manifest)
    found = _kept.get(digest)
    if found is None:
        found = tuple(findings_of(releases.files_in(db, manifest)))
        for old in list(_kept)[: max(0, len(_kept) - KEPT + 1)]:
            _kept.pop(old, None)  # another thread may have been faster
        _kept[digest] = found
    return found


KEPT = 32
_kept: dict[str, tuple[Finding, ...]] = {}


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Those that stand in the way of a release."""
    return [one for one in findings if one.severity == "error"]


def _of_each(files: Files) -> Iterator[Finding]:
    diagrams = {path: data for path, data in files.items() if path.endswith(DIAGRAMS)}
    yield from engine.check(diagrams, functions=FUNCTIONS, operations=OPERATIONS)
    for path, data in files.items():
        try:
            if path.endswith(".form"):
                _form(data, path)
            elif path == ABOUT:
                yield from faults_of(read_mapping(data, path), path)
        except Invalid as fault:
            yield from fault.findings or (Finding(fault.words, "file.unreadable", file=path),)


def _form(data: bytes, path: str) -> None:
    """Read a form; characters that no page can write are found before anything trips over them. Raises Invalid."""
    try:
        fit = is_storable(json.loads(data))
    except (ValueError, RecursionError):
        fit = True  # what is no JSON is said by the reader, in its own words
    if not fit:
        text = words("This file holds characters that cannot be kept.")
        raise Invalid(text, [Finding(text, "form.signs", file=path)])
    forms.read(data, path)


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON; its words stay words, so that each reader gets them in their language."""
    parts = {
        name: getattr(finding, name) for name in ("rule", "severity", "file", "element", "line", "field", "clause")
    }
    return {"words": _words_as_data(finding.words)} | {
        name: _value_as_data(part) for name, part in parts.items() if part is not None
    }


def from_data(data: Mapping[str, Any]) -> Finding:
    """The finding of `as_data`."""
    parts = {name: part for name, part in data.items() if name != "words"}
    return Finding(_words_from_data(data["words"]), **parts)


def _words_as_data(text: Words) -> dict[str, Any]:
    return {"msgid": text.msgid, "params": {name: _value_as_data(value) for name, value in text.params.items()}}


def _value_as_data(value: object) -> object:
    if isinstance(value, Words):
        return _words_as_data(value)
    if isinstance(value, Said):
        return {"zh": readable(value.zh), "en": readable(value.en)}
    return value if isinstance(value, int | float) else readable(str(value))


def _words_from_data(data: Mapping[str, Any]) -> Words:
    params = data.get("params", {})
    return Words(
        data["msgid"],
        {name: _value_from_data(value) if isinstance(value, dict) else value for name, value in params.items()},
    )


def _value_from_data(data: Mapping[str, Any]) -> Words | Said:
    return _words_from_data(data) if "msgid" in data else Said(data["zh"], data["en"])
