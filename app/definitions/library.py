"""Packs on disk: reading a pack's folders with what it extends, and parsing the files into a pack."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from app import engine
from app.definitions import rows
from app.definitions.functions import FUNCTIONS
from app.definitions.pack import Pack
from app.definitions.sections import faults_of, read_manifest, read_mapping
from app.errors import Finding, Invalid, NotFound, words
from app.forms import Form, read

ABOUT = "pack.yaml"
ENDINGS = (".bpmn", ".dmn", ".form", rows.ENDING)

Files = Mapping[str, bytes]
# The safe writer, in C where YAML was built with it: ten times as fast.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read_folder(root: Path, pack_id: str) -> dict[str, bytes]:
    """All files of a pack, those of the packs that it extends beneath its own; paths are free of pack ids.

    `processes/<pack>/x.bpmn` becomes `processes/x.bpmn`, `forms/<pack>/x/y.form` becomes `forms/x/y.form`;
    pack.yaml files are merged, the extending one wins. Raises NotFound, or Invalid for a broken pack.yaml.
    """
    about_path = root / "processes" / pack_id / ABOUT
    if not about_path.is_file():
        raise NotFound(words('There is no pack "{pack}".', pack=pack_id))
    own = f"processes/{pack_id}/{ABOUT}"
    about = read_mapping(about_path.read_bytes(), own)
    if faults := list(faults_of(about, own, partial=True)):
        raise Invalid(words("The pack cannot be read."), faults)
    files: dict[str, bytes] = {}
    merged: dict[str, Any] = {}
    for base in about.get("extends", []):
        below = read_folder(root, str(base))
        merged = _merge(merged, read_mapping(below.pop(ABOUT), ABOUT))
        files |= below
    for kind in ("processes", "forms"):
        files |= _files_below(root / kind / pack_id, kind)
    files[ABOUT] = yaml.dump(_merge(merged, about), Dumper=_Dumper, allow_unicode=True, sort_keys=True).encode()
    return files


def parse(files: Files) -> Pack:
    """A pack from its files. Raises Invalid with the findings of all diagrams, tables and forms."""
    diagrams = {path: data for path, data in files.items() if path.endswith((".bpmn", ".dmn"))}
    findings: list[Finding] = []
    manifest = None
    forms: dict[tuple[str, str], Form] = {}
    books: dict[str, rows.Book] = {}
    for path, data in files.items():
        try:
            if path == ABOUT:
                manifest = read_manifest(read_mapping(data, path), path)
            elif path.endswith(".form"):
                forms[_form_key(path)] = read(data, path)
            elif path.endswith(rows.ENDING):
                book = rows.read(data, path)
                books[book.decision] = book
        except Invalid as fault:
            findings += fault.findings
    try:
        diagram = engine.read(diagrams, functions=FUNCTIONS)
    except Invalid as fault:
        raise Invalid(words("The pack cannot be used."), [*findings, *fault.findings]) from None
    if findings or manifest is None:
        raise Invalid(words("The pack cannot be used."), findings or [_missing()])
    return Pack(digest_of(manifest_of(files)), manifest, diagram, forms, books)


def _missing() -> Finding:
    return Finding(words("A pack has its pack.yaml."), "pack.missing", file=ABOUT)


def manifest_of(files: Files) -> dict[str, str]:
    """The SHA-256 of each file."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}


def digest_of(manifest: Mapping[str, str]) -> str:
    """One digest over a whole manifest."""
    listing = "\n".join(f"{sha} {path}" for path, sha in sorted(manifest.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def _form_key(path: str) -> tuple[str, str]:
    place = PurePosixPath(path)
    return place.parent.name, place.stem


def _files_below(folder: Path, kind: str) -> dict[str, bytes]:
    wanted = (path for path in sorted(folder.rglob("*")) if path.name.endswith(ENDINGS))
    return {str(PurePosixPath(kind, *path.relative_to(folder).parts)): path.read_bytes() for path in wanted}


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Dictionaries are merged key by key, anything else is replaced; what comes out is plain."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, Mapping):
            merged[key] = _merge(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[key] = _plain(value)
    return merged


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _merge({}, value) if isinstance(value, Mapping) else value
