"""`duban check`: every finding in diagrams, tables, forms and whole packs, with file, element, line and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from app import decisions, engine, forms
from app.assembly import OPERATIONS
from app.cli.saying import as_json, finding_json, finding_line, print_json, say, spoken
from app.definitions import library
from app.definitions.checks import check as check_pack
from app.definitions.functions import FUNCTIONS
from app.definitions.law import covered
from app.definitions.sections import read_mapping
from app.errors import Finding, Invalid, Refusal, words

DIAGRAMS = (".bpmn", ".dmn")
ENDINGS = (*DIAGRAMS, ".form")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--law", is_flag=True, help="Say for each pack how many clauses of its regulation the check proves.")
@as_json
@spoken
def check(paths: tuple[Path, ...], *, law: bool, as_json: bool) -> None:
    """Check BPMN, DMN and form files, and pack folders (those with a pack.yaml).

    Files named together are checked together. Exit code 1 where anything is an error.
    """
    findings = list(_all(paths))
    if law and not as_json:
        _say_law(paths)
    if as_json:
        print_json([finding_json(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(finding_line(finding))
        errors = sum(finding.severity == "error" for finding in findings)
        click.echo(say(words("{errors} errors, {warnings} warnings.", errors=errors, warnings=len(findings) - errors)))
    if any(finding.severity == "error" for finding in findings):
        raise SystemExit(1)


def _say_law(paths: Iterable[Path]) -> None:
    for path in paths:
        known = covered(path.resolve().name)
        if known.lines:
            text = words("{pack}: {lines} lines prove {proved} clauses; {awaited} clauses await a process: {clauses}.",
                         pack=path.resolve().name, lines=known.lines, proved=len(known.proved),
                         awaited=len(known.awaited), clauses=" ".join(known.awaited))  # fmt: skip
            click.echo(say(text))


def _all(paths: Iterable[Path]) -> Iterator[Finding]:
    loose: dict[str, bytes] = {}
    for path in paths:
        if (path / library.ABOUT).is_file():
            yield from pack_findings(path)
        elif path.is_dir():
            loose |= {str(one): one.read_bytes() for one in sorted(path.rglob("*")) if one.suffix in ENDINGS}
        elif path.suffix not in ENDINGS:
            yield Finding(words("This is no diagram, table, form or pack folder."), "file.kind", file=str(path))
        elif path.is_file() and path.suffix in DIAGRAMS and (path.parent / library.ABOUT).is_file():
            yield from _within(path)
        else:
            try:
                loose[str(path)] = path.read_bytes()
            except OSError as error:
                reason = words("This file cannot be opened: {reason}", reason=error.strerror or "")
                yield Finding(reason, "file.missing", file=str(path))
    yield from file_findings(loose)


def pack_findings(folder: Path) -> Iterator[Finding]:
    """What is wrong with a pack: its files each, and what must hold between them."""
    try:
        files = library.read_folder(folder.resolve().parent.parent, folder.resolve().name)
    except Invalid as fault:
        yield from fault.findings
        return
    except Refusal as fault:
        yield Finding(fault.words, "pack.missing", file=str(folder))
        return
    found = list(file_findings(files))
    yield from found
    is_base = "regulation" not in read_mapping(files[library.ABOUT], library.ABOUT)
    if not is_base and not any(finding.severity == "error" for finding in found):
        yield from check_pack(library.parse(files))


def _within(path: Path) -> Iterator[Finding]:
    """What is wrong with one diagram or table of a pack, read together with the others that it may call."""
    for finding in pack_findings(path.resolve().parent):
        if finding.file == f"processes/{path.name}":
            yield replace(finding, file=str(path))


def file_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """What is wrong with files that belong together."""
    diagrams = {path: data for path, data in files.items() if path.endswith(DIAGRAMS)}
    if any(path.endswith(".bpmn") for path in diagrams):
        yield from engine.check(diagrams, functions=FUNCTIONS, operations=OPERATIONS)
    else:
        for path, data in diagrams.items():
            yield from _read(path, partial(_doubts, data))
    for path, data in files.items():
        if path.endswith(".form"):
            yield from _read(path, partial(_form, data, path))


def _doubts(data: bytes) -> Iterable[Finding]:
    model = decisions.read(data)
    return (*model.doubts, *model.unknown(FUNCTIONS))


def _form(data: bytes, path: str) -> Iterable[Finding]:
    forms.read(data, path)
    return ()


def _read(path: str, reader: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a reader doubts, or why it refuses."""
    try:
        found = tuple(reader())
    except Invalid as fault:
        found = fault.findings or (Finding(fault.words, "file.unreadable"),)
    for finding in found:
        yield finding if finding.file else replace(finding, file=path)
