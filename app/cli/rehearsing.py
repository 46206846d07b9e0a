"""`duban rehearse`: scenario files played on the real definitions, each in a database of its own."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from app.cli.saying import as_json, finding_json, finding_line, print_json, say, spoken
from app.config import ROOT
from app.errors import Invalid, Refusal
from app.rehearsal import report
from app.rehearsal.coverage import Coverage
from app.rehearsal.play import Happened, Result, play
from app.rehearsal.reading import read_file
from app.rehearsal.scenario import Scenario
from app.rehearsal.stage import IN_MEMORY

CODES = {"passed": 0, "failed": 1, "wrong": 2}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--database", "url", default=IN_MEMORY, help="SQLAlchemy URL of an empty database; default: in memory.")
@click.option("--packs", type=click.Path(path_type=Path), default=ROOT, help="Folder with processes/ and forms/.")
@click.option("--trace", is_flag=True, help="Print the journal as the story goes.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Print what all scenarios together have not visited.")
@as_json
@spoken
def rehearse(
    files: tuple[Path, ...], url: str, packs: Path, *, trace: bool, with_coverage: bool, as_json: bool
) -> None:
    """Play the scenarios of FILES. Exit code 0: all hold; 1: something differs; 2: a file is wrong."""
    logging.getLogger("app").setLevel(logging.CRITICAL)  # what goes wrong in a story is told as a difference
    worst, total = 0, Coverage()
    for file in files:
        scenarios = _read(file, as_json=as_json)
        worst = max(worst, 0 if scenarios else CODES["wrong"])
        for scenario in scenarios:
            result = play(scenario, packs, url=url, trace=_print_entry if trace and not as_json else None)
            _print(result, as_json=as_json)
            total.add(result.coverage)
            worst = max(worst, CODES[result.outcome])
    if with_coverage and not as_json:
        for line in report.coverage_text(total, say):
            click.echo(line)
    raise SystemExit(worst)


def _read(file: Path, *, as_json: bool) -> list[Scenario]:
    """The scenarios of a file; none where it is wrong, and then why has been said."""
    try:
        return read_file(file)
    except Invalid as fault:
        if as_json:
            found = [finding_json(finding) for finding in fault.findings]
            print_json({"title": None, "outcome": "wrong", "file": str(file), "steps": [], "findings": found})
        else:
            click.echo(f"{file}: {_said(fault)}")
            for finding in fault.findings:
                click.echo(f"  {finding_line(finding)}")
        return []


def _said(fault: Refusal) -> str:
    return say(fault.words)


def _print(result: Result, *, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json(result, say))
        return
    for line in report.as_text(result, say):
        click.echo(line)


def _print_entry(entry: Happened) -> None:
    click.echo(report.trace_line(entry))
