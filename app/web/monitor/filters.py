"""A manager's questions: the filters of the monitor's addresses, read strictly and written back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from app.errors import Invalid, words
from app.monitor.board import DEEPEST, BoardQuery, Sort
from app.monitor.colours import WITHIN
from app.monitor.scope import Period
from app.web.texts import tell

COLOUR_WORDS = {
    "level2": words("overdue, level 2"),
    "level1": words("overdue, level 1"),
    "amber": words("due soon"),
    "green": words("in time"),
    "none": words("no time limit"),
    "red": words("past due"),
    "week": words("due this week"),
    "stopped": words("stopped"),
}
SORTS = ("due", "started", "number")
LONGEST = 100


def board_query(args: Mapping[str, str]) -> BoardQuery:
    """The filters of an address. Raises Invalid, naming the one that makes no sense."""
    process, _, element = args.get("step", "").partition("/")
    return BoardQuery(
        process=args.get("process", "")[:LONGEST],
        step=(process[:LONGEST], element[:LONGEST]) if element else None,
        agency=args.get("agency", "")[:LONGEST],
        colour=_one_of("colour", args.get("colour", ""), (*WITHIN, "stopped", "")),
        started=period_of(args),
        search=args.get("search", "").strip()[:LONGEST],
        sort=cast(Sort, _one_of("sort", args.get("sort", "due"), SORTS)),
        falling=args.get("order") == "falling",
        page=_page(args.get("page", "1")),
    )


def period_of(args: Mapping[str, str], usual: Period = Period()) -> Period:  # noqa: B008 - frozen
    """The days of an address from `from` to `to`; where neither is said, `usual`. Raises Invalid."""
    start, end = _day("from", args), _day("to", args)
    if start and end and end < start:
        raise Invalid(words("The period ends before it begins."), fields=["to"])
    return Period(start, end) if "from" in args or "to" in args else usual


def _day(name: str, args: Mapping[str, str]) -> date | None:
    text = args.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(words('"{value}" is no date.', value=text[:20]), fields=[name]) from None


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise Invalid(words('The monitor has no filter "{value}".', value=value[:20]), fields=[name])
    return value


def _page(text: str) -> int:
    return min(max(int(text), 1), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def query_of(asked: BoardQuery, **changes: Any) -> dict[str, Any]:
    """The parameters of the same list's address with some of it changed; without what is said anyway."""
    said: dict[str, Any] = {
        "process": asked.process,
        "step": "/".join(asked.step) if asked.step else "",
        "agency": asked.agency,
        "colour": asked.colour,
        "from": asked.started.start or "",
        "to": asked.started.end or "",
        "search": asked.search,
        "sort": asked.sort if asked.sort != "due" else "",
        "order": "falling" if asked.falling else "",
        **changes,
    }
    return {key: value for key, value in said.items() if value}


def colour_words(colour: str) -> str:
    """A colour in words."""
    return tell(COLOUR_WORDS[colour])
