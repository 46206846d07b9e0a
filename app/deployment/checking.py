"""Everything that is wrong with the files of a whole pack, found at once and kept as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import engine, forms
from app.definitions import checks, library, releases
from app.definitions.library import ABOUT, Files, digest_of
from app.errors import Finding, Invalid, Words
from app.programme.operations import OPERATIONS

DIAGRAMS = (".bpmn", ".dmn")


def findings_of(files: Files) -> list[Finding]:
    """Errors and warnings of every file and between them; never raises for what the files hold."""
    found = [*_of_each(files)]
    if not any(one.severity == "error" for one in found):
        try:
            found += checks.check(releases.parsed(files))
        except Invalid as fault:
            found += fault.findings or (Finding(fault.words, "pack.unreadable"),)
    return sorted(found, key=lambda one: (one.severity != "error", one.file or "", one.line or 0))


def findings_in(db: Session, manifest: Mapping[str, str]) -> tuple[Finding, ...]:
    """The same for the files of a manifest; kept in memory, since what a digest names never changes."""
    digest = digest_of(manifest)
    found = _kept.get(digest)
    if found is None:
        found = tuple(findings_of(releases.files_in(db, manifest)))
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[digest] = found
    return found


KEPT = 32
_kept: dict[str, tuple[Finding, ...]] = {}


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Those that stand in the way of a release."""
    return [one for one in findings if one.severity == "error"]


def _of_each(files: Files) -> Iterator[Finding]:
    diagrams = {path: data for path, data in files.items() if path.endswith(DIAGRAMS)}
    yield from engine.check(diagrams, functions=library.FUNCTIONS, operations=OPERATIONS)
    for path, data in files.items():
        try:
            if path.endswith(".form"):
                forms.read(data, path)
            elif path == ABOUT:
                library.parse_about(data, path)
        except Invalid as fault:
            yield from fault.findings or (Finding(fault.words, "file.unreadable", file=path),)


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON; its words stay words, so that each reader gets them in their language."""
    parts = {
        name: getattr(finding, name) for name in ("rule", "severity", "file", "element", "line", "field", "clause")
    }
    return {"words": _words_as_data(finding.words)} | {name: part for name, part in parts.items() if part is not None}


def from_data(data: Mapping[str, Any]) -> Finding:
    """The finding of `as_data`."""
    parts = {name: part for name, part in data.items() if name != "words"}
    return Finding(_words_from_data(data["words"]), **parts)


def _words_as_data(text: Words) -> dict[str, Any]:
    return {"msgid": text.msgid, "params": {name: _value_as_data(value) for name, value in text.params.items()}}


def _value_as_data(value: object) -> object:
    if isinstance(value, Words):
        return _words_as_data(value)
    return value if isinstance(value, int | float | str) else str(value)


def _words_from_data(data: Mapping[str, Any]) -> Words:
    params = data.get("params", {})
    return Words(
        data["msgid"],
        {name: _words_from_data(value) if isinstance(value, dict) else value for name, value in params.items()},
    )
