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
from app.errors import Finding, Invalid, NotFound, words
from app.forms import Form, read

ABOUT = "pack.yaml"
ENDINGS = (".bpmn", ".dmn", ".form", rows.ENDING)

Files = Mapping[str, bytes]
# The safe reader and writer, in C where YAML was built with it: ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read_folder(root: Path, pack_id: str) -> dict[str, bytes]:
    """All files of a pack, those of the packs that it extends beneath its own; paths are free of pack ids.

    `processes/<pack>/x.bpmn` becomes `processes/x.bpmn`, `forms/<pack>/x/y.form` becomes `forms/x/y.form`;
    pack.yaml files are merged, the extending one wins. Raises NotFound, or Invalid for a broken pack.yaml.
    """
    about_path = root / "processes" / pack_id / ABOUT
    if not about_path.is_file():
        raise NotFound(words('There is no pack "{pack}".', pack=pack_id))
    about = parse_about(about_path.read_bytes(), f"processes/{pack_id}/{ABOUT}")
    files: dict[str, bytes] = {}
    merged: dict[str, Any] = {}
    for base in about.get("extends", []):
        below = read_folder(root, str(base))
        merged = _merge(merged, parse_about(below.pop(ABOUT), ABOUT))
        files |= below
    for kind in ("processes", "forms"):
        files |= _files_below(root / kind / pack_id, kind)
    files[ABOUT] = yaml.dump(_merge(merged, about), Dumper=_Dumper, allow_unicode=True, sort_keys=True).encode()
    return files


def parse_about(data: bytes, file: str) -> dict[str, Any]:
    """The content of a pack.yaml. Raises Invalid."""
    try:
        about = yaml.load(data, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        finding = Finding(words("This is not readable YAML."), rule="pack.yaml", file=file, line=mark and mark.line + 1)
        raise Invalid(words("The pack cannot be read."), [finding]) from None
    if not isinstance(about, dict):
        raise Invalid(words("The pack cannot be read."), [Finding(words("This file is empty."), file=file)])
    return about


def parse(files: Files) -> Pack:
    """A pack from its files. Raises Invalid with the findings of all diagrams, tables and forms."""
    about = parse_about(files[ABOUT], ABOUT)
    diagrams = {path: data for path, data in files.items() if path.endswith((".bpmn", ".dmn"))}
    findings: list[Finding] = []
    forms: dict[tuple[str, str], Form] = {}
    books: dict[str, rows.Book] = {}
    for path, data in files.items():
        try:
            if path.endswith(".form"):
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
    if findings:
        raise Invalid(words("The pack cannot be used."), findings)
    return Pack(digest_of(manifest_of(files)), about, diagram, forms, books)


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
    """Dictionaries are merged key by key, anything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
