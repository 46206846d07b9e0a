"""`duban feel` and `duban decide`: an expression or a decision table, tried on data from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import decisions, feel
from app.cli.saying import print_json, read_json, say, spoken, stop
from app.errors import Finding, Invalid, words


@click.command("feel")
@click.argument("expression")
@click.option("--context", default="{}", help="JSON object of the names that the expression may use; @FILE reads one.")
@spoken
def feel_command(expression: str, context: str) -> None:
    """Evaluate a FEEL EXPRESSION and print its value as JSON."""
    known = _object(context, "--context")
    warnings: list[Any] = []
    text = feel.expression_text(expression) if feel.is_expression(expression) else expression
    value = feel.compile(text, known)(known, warnings=warnings)
    _warn(warnings)
    print_json(feel.to_json(value))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("decision")
@click.option("--input", "given", default="{}", help="JSON object of the decision's inputs; @FILE reads one.")
@spoken
def decide(file: Path, decision: str, given: str) -> None:
    """Make a DECISION (id or name) of a DMN FILE; prints {"value": …, "rules": [ids that matched]}."""
    try:
        source = file.read_bytes()
    except OSError as error:
        fault = Finding(words("This file cannot be opened: {reason}", reason=error.strerror or ""), file=str(file))
        raise Invalid(words("The file cannot be read."), [fault]) from None
    outcome = decisions.read(source).decide(decision, _object(given, "--input"))
    _warn(outcome.warnings)
    print_json({"value": feel.to_json(outcome.value), "rules": list(outcome.rules)})


def _object(text: str, option: str) -> dict[str, Any]:
    value = read_json(text, option)
    if not isinstance(value, dict):
        stop(Invalid(words("{option} wants a JSON object.", option=option)), 2)
    return dict(value)


def _warn(warnings: Any) -> None:
    for warning in warnings:
        text = warning.words if isinstance(warning, Finding) else warning
        click.echo(say(text) if hasattr(text, "msgid") else str(text), err=True)
