"""Changes laid over a release: only paths that a release may have, named as the definition inside names itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.definitions import rows
from app.definitions.library import ABOUT, Files
from app.definitions.sections import read_mapping
from app.deployment.outline import is_id, outline
from app.errors import Finding, Invalid, words

MOST_FILES = 1_000


def lay(current: Files, changes: Mapping[str, bytes | None]) -> tuple[dict[str, bytes], list[Finding]]:
    """The files of the release with the changes over them, and why a change cannot be taken in."""
    refused = [finding for path, data in changes.items() for finding in _refusals(current, path, data)]
    files = {path: data for path, data in current.items() if changes.get(path, data) is not None}
    files |= {path: data for path, data in changes.items() if data is not None}
    if not refused and files == dict(current):
        refused.append(Finding(words("Nothing differs from the current release."), "pack.same"))
    if len(files) > MOST_FILES:
        refused.append(Finding(words("A release has at most {count} files.", count=MOST_FILES), "pack.size"))
    return dict(sorted(files.items())), refused


def _refusals(current: Files, path: str, data: bytes | None) -> Iterator[Finding]:
    if path == ABOUT:
        yield from _about(current, data)
    elif not is_place(path):
        yield Finding(words("A release has no place for this file."), "file.place", file=path[:200])
    elif data is None and path not in current:
        yield Finding(words("The current release has no such file."), "file.missing", file=path)
    elif data is not None and path.endswith((".bpmn", ".dmn")) and path not in current:
        yield from _misnamed(path, data)


def is_place(path: str) -> bool:
    """Whether a release may have a file of that path."""
    match path.split("/"):
        case ["processes", name] if name.endswith(rows.ENDING):
            return is_id(name.removesuffix(rows.ENDING))
        case ["processes", name]:
            stem, _, ending = name.rpartition(".")
            return ending in ("bpmn", "dmn") and is_id(stem)
        case ["forms", process, name]:
            return name.endswith(".form") and is_id(process) and is_id(name.removesuffix(".form"))
    return False


def _misnamed(path: str, data: bytes) -> Iterator[Finding]:
    """A new file is named by what it holds, so that one definition never lies in two files."""
    try:
        ids = outline(data, path).ids
    except Invalid as fault:
        yield from fault.findings
        return
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if stem not in ids:
        yield Finding(words("This file holds “{id}” and must be named so.", id=ids[0]), "file.name", file=path)


def _about(current: Files, data: bytes | None) -> Iterator[Finding]:
    """A bureau stays under its regulation: another pack is loaded by the operator, not proposed here."""
    if data is None:
        yield Finding(words("pack.yaml cannot be taken away."), "pack.missing", file=ABOUT)
        return
    try:
        new, old = read_mapping(data, ABOUT), read_mapping(current[ABOUT], ABOUT)
    except Invalid as fault:
        yield from fault.findings
        return
    for key in ("id", "regulation"):
        if new.get(key) != old.get(key):
            text = words("“{key}” is {old} and must stay so.", key=key, old=str(old.get(key)))
            yield Finding(text, "pack.other", file=ABOUT, field=key)
