"""How commands speak: words in the reader's language, refusals instead of tracebacks, JSON where it is asked for."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import languages
from app.errors import Finding, Invalid, Refusal, Unavailable, Words, words
from app.feel import json_text

REFUSED = 1
WRONG = 2
Command = Callable[..., Any]


def spoken(function: Command) -> Command:
    """Give a command `--language`, and let it end with words where it is refused."""

    @click.option("--language", type=click.Choice(languages.LANGUAGES), default="zh", envvar="DUBAN_LANGUAGE")
    @functools.wraps(function)
    def command(*args: Any, language: str, **options: Any) -> Any:
        click.get_current_context().meta["language"] = language
        try:
            return function(*args, **options)
        except Refusal as refusal:
            stop(refusal)
        except (OperationalError, ProgrammingError, Unavailable) as fault:
            cause = fault.__cause__ if isinstance(fault, Unavailable) else fault
            reason = str(getattr(cause, "orig", cause)).partition("\n")[0]
            stop(Refusal(words("The database cannot be used: {reason}", reason=reason)))

    return command


def language() -> str:
    """The language of this command: `zh` or `en`."""
    return str(click.get_current_context().meta.get("language", "zh"))


def say(text: Words) -> str:
    """The text in the language of this command."""
    return languages.say(text, language())


def tell(text: Words) -> None:
    """Print a text for people."""
    click.echo(say(text))


def stop(refusal: Refusal, code: int = REFUSED) -> None:
    """Print why, and end the command."""
    click.echo(say(refusal.words), err=True)
    for finding in refusal.findings if isinstance(refusal, Invalid) else ():
        click.echo(f"  {finding_line(finding)}", err=True)
    sys.exit(code)


def finding_line(finding: Finding) -> str:
    """A finding as one line: file, line, element, field, words, and the clause behind it."""
    parts = (finding.file, finding.line, finding.element, finding.field)
    place = ":".join(str(part) for part in parts if part is not None)
    severity = "" if finding.severity == "error" else say(words("warning")) + " "
    clause = f" ({finding.clause})" if finding.clause else ""
    return f"{place}: {severity}{say(finding.words)}{clause}" if place else f"{severity}{say(finding.words)}{clause}"


def finding_json(finding: Finding) -> dict[str, Any]:
    """The same for programs."""
    names = ("rule", "severity", "file", "element", "line", "field", "position", "clause")
    return {"words": say(finding.words), **{name: getattr(finding, name) for name in names}}


def print_json(value: Any) -> None:
    """One JSON value on one line, its numbers with all their digits."""
    click.echo(json_text(value))


def read_json(text: str, option: str, *, number: Callable[[str], Any] = float) -> Any:
    """A JSON value from an option, or from a file as `@name`; wrong usage where it is none.

    `number` makes a value of a fraction.
    """
    try:
        if text.startswith("@"):
            with open(text[1:], encoding="utf-8") as file:
                text = file.read()
        return json.loads(text, parse_float=number)
    except (ValueError, OSError, RecursionError) as error:
        reason = words("{option}: this is no JSON: {reason}", option=option, reason=str(error))
        stop(Refusal(reason), WRONG)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
