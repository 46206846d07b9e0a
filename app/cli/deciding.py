"""`duban feel` and `duban decide`: an expression or a decision table, tried on data from the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from app import decisions, feel
from app.calendar import state_council
from app.cli.saying import REFUSED, print_json, read_json, say, spoken, stop
from app.clock import SystemClock
from app.config import ROOT
from app.definitions import library
from app.definitions.functions import FUNCTIONS, FeelFunction, lent, limits
from app.definitions.sections import read_mapping
from app.errors import Finding, Invalid, NotFound, words

PACK = click.option("--pack", default=None, help="Folder or id of the pack whose limits policy() reads.")


@click.command("feel")
@click.argument("expression")
@click.option("--context", default="{}", help="JSON object of the names that the expression may use; @FILE reads one.")
@PACK
@spoken
def feel_command(expression: str, context: str, pack: str | None) -> None:
    """Evaluate a FEEL EXPRESSION and print its value as JSON.

    Working days are counted by the announced days of rest. Exit code 1 where a fault makes the value null.
    """
    known = _object(context, "--context")
    warnings: list[Any] = []
    text = feel.expression_text(expression) if feel.is_expression(expression) else expression
    functions = _functions(_folder(pack) if pack else None)
    value = feel.compile(text, [*known, *FUNCTIONS])(known, functions=functions, warnings=warnings)
    _print(feel.to_json(value), value, warnings)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("decision")
@click.option("--input", "given", default="{}", help="JSON object of the decision's inputs; @FILE reads one.")
@PACK
@spoken
def decide(file: Path, decision: str, given: str, pack: str | None) -> None:
    """Make a DECISION (id or name) of a DMN FILE; prints {"value": …, "rules": [ids that matched]}.

    A file in a pack's folder uses that pack's limits and imports its other tables; --pack names another.
    Exit code 1 where a fault makes the value null.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        fault = Finding(words("This file cannot be opened: {reason}", reason=error.strerror or ""), file=str(file))
        raise Invalid(words("The file cannot be read."), [fault]) from None
    folder = _folder(pack) if pack else file.parent if (file.parent / library.ABOUT).is_file() else None
    model = decisions.read(source, _beside(file))
    if faults := model.unknown(FUNCTIONS):
        raise Invalid(words("The decision model has faults"), faults)
    outcome = model.decide(decision, _object(given, "--input"), functions=_functions(folder))
    _print({"value": feel.to_json(outcome.value), "rules": list(outcome.rules)}, outcome.value, outcome.warnings)


def _beside(file: Path) -> list[bytes]:
    """The tables in the same folder, from which this one may import."""
    return [one.read_bytes() for one in sorted(file.parent.glob("*.dmn")) if one != file]


def _folder(pack: str) -> Path:
    """The folder of a pack, given as such or as an id of the shipped ones. Raises NotFound."""
    for folder in (Path(pack), ROOT / "processes" / pack):
        if (folder / library.ABOUT).is_file():
            return folder.resolve()
    raise NotFound(words('There is no pack "{pack}".', pack=pack))


def _functions(folder: Path | None) -> Mapping[str, FeelFunction]:
    """The functions of every pack, with the limits of this one; without a pack, `policy` says what is missing."""
    if folder is None:
        return lent(state_council(), _no_limit, SystemClock().now())
    files = library.read_folder(folder.resolve().parent.parent, folder.resolve().name)
    rows = read_mapping(files[library.ABOUT], library.ABOUT).get("policies", {})
    return lent(state_council(), limits({key: int(row["amount"]) for key, row in rows.items()}), SystemClock().now())


def _no_limit(policy_id: str) -> int:
    raise Invalid(words("Limits are kept in packs: name one with --pack to read {policy}.", policy=policy_id))


def _object(text: str, option: str) -> dict[str, Any]:
    value = read_json(text, option, number=Decimal)
    if not isinstance(value, dict):
        stop(Invalid(words("{option} wants a JSON object.", option=option)), 2)
    return dict(value)


def _print(written: object, value: object, warnings: Sequence[Finding]) -> None:
    """Print a result with its warnings; one that a fault made null ends the command with the code for refusals."""
    print_json(written)
    for warning in warnings:
        click.echo(say(warning.words), err=True)
    if value is None and warnings:
        raise SystemExit(REFUSED)
