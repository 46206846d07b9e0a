"""What the managers' reports say at this moment of a story: the rates of each agency, and whom a report lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app import monitor
from app.errors import Words, words
from app.monitor.rates import RATES
from app.rehearsal import values
from app.rehearsal.finding import rules_now
from app.rehearsal.looks import Scene
from app.rehearsal.naming import Unclear
from app.rehearsal.values import Wrong

READER = "manager"
NUMBERS = frozenset({"counted", "of", "aside"})


def wanted_rates(value: Any) -> dict[str, dict[str, dict[str, int]]]:
    """Rates by agency and id, each with the numbers that the scenario names."""
    return {values.text(agency): _of_agency(rows) for agency, rows in values.mapping(value).items()}


def _of_agency(value: Any) -> dict[str, dict[str, int]]:
    rows = values.mapping(value)
    for key in rows:
        if key not in RATES:
            raise Wrong(words('there is no rate "{value}"', value=str(key)))
    return {str(key): _numbers(numbers) for key, numbers in rows.items()}


def _numbers(value: Any) -> dict[str, int]:
    rows = values.mapping(value)
    if not rows or not rows.keys() <= NUMBERS:
        raise Wrong(words('a rate has "counted" and "of"'))
    return {str(key): values.whole(number) for key, number in rows.items()}


def wanted_reports(value: Any) -> dict[str, tuple[str, ...]]:
    """What each report lists, by its id."""
    rows = values.mapping(value)
    for key in rows:
        if key not in REPORTS:
            raise Wrong(words('there is no report "{value}"', value=str(key)))
    return {str(key): values.texts(names) for key, names in rows.items()}


def rates(scene: Scene, wanted: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[Words]:
    """The rates since the beginning, as the monitor counts them."""
    marks = monitor.marks_of(rules_now(scene.db, scene.stage))
    found = {one.ref: one for one in monitor.rates(scene.db, scene.stage.actor(scene.db, READER), marks)}
    for agency, rows in wanted.items():
        if agency not in found:
            raise Unclear(words('Nobody is called "{name}".', name=agency))
        for key, numbers in rows.items():
            rate = found[agency].rate(key)  # type: ignore[arg-type]
            there = {name: getattr(rate, name) for name in numbers}
            if there != numbers:
                name = f"{agency}.{key}"
                yield words("{name}: {wanted} expected, {found} found.", name=name, wanted=dict(numbers), found=there)


def reports(scene: Scene, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[Words]:
    """Whom each report lists: these, and nobody else."""
    for report, names in wanted.items():
        listing = REPORTS[report]
        if listing is None:
            yield words("The report {report} is not available yet, so this cannot be compared.", report=report)
            continue
        there = listing(scene)
        if there != {scene.stage.cases.find(name).id for name in names}:
            found = sorted(scene.stage.cases.name_by_id(case_id) for case_id in there)
            yield words(
                "{name}: {wanted} expected, {found} found.", name=report, wanted=list(names), found=found
            )  # fmt: skip


def _overdue(scene: Scene) -> set[int]:
    rules = rules_now(scene.db, scene.stage)
    by = scene.stage.actor(scene.db, READER)
    found = monitor.overdue(scene.db, by, monitor.marks_of(rules), rules.calendar)
    return {row.case_id for row in found.rows}


REPORTS: Mapping[str, Callable[[Scene], set[int]] | None] = {
    "overdue": _overdue,
    "evaluation_missing": None,
    "term_expiry": None,
}
"""The reports that list something, by their ids (domain.md 2.11); None where there is none yet."""
