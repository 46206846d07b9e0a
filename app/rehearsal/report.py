"""What a rehearsal says when it is over: for people, and as one JSON object a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app import languages
from app.errors import Words, words
from app.rehearsal.coverage import Coverage
from app.rehearsal.play import Happened, Played, Result

Say = Callable[[Words], str]


def english(text: Words) -> str:
    """The text in English."""
    return languages.say(text, "en")


def as_json(result: Result, say: Say = english) -> dict[str, Any]:
    """One scenario: title, outcome, each step with what happened and what differed, and coverage."""
    scenario = result.scenario
    done = [_step(one, say) for one in result.played]
    left = [_not_done(step) for step in scenario.steps[len(result.played) :]]
    head = {"title": scenario.title, "outcome": result.outcome, "file": scenario.file, "document": scenario.document}
    found = {"visited": result.coverage.visited(), "missing": result.coverage.missing()}
    return {
        **head,
        "pack": scenario.pack,
        "steps": [*done, *left],
        "error": say(result.wrong) if result.wrong else None,
        "coverage": found,
    }


def _step(played: Played, say: Say) -> dict[str, Any]:
    step = played.step
    return {
        "number": step.number,
        "line": step.line,
        "step": step.title,
        "happened": [_entry(entry) for entry in played.happened],
        "differences": [say(found) for found in played.differences],
        **({"refused": list(played.refused)} if played.refused else {}),
    }


def _not_done(step: Any) -> dict[str, Any]:
    place = {"number": step.number, "line": step.line, "step": step.title}
    return {**place, "happened": [], "differences": [], "done": False}


def _entry(entry: Happened) -> dict[str, Any]:
    data = {key: value for key, value in entry.data.items() if key != "visited"}
    return {"at": entry.at, "case": entry.case, "kind": entry.kind, "element": entry.element, "data": data}


def as_text(result: Result, say: Say = english) -> Iterator[str]:
    """The same for people: a line a scenario, and below it what differs."""
    scenario = result.scenario
    outcome = {"passed": words("holds"), "failed": words("differs"), "wrong": words("the file is wrong")}
    yield f"{say(outcome[result.outcome])}: {scenario.title} ({scenario.file}, {scenario.document})"
    for played in result.played:
        for found in played.differences:
            yield f"  {say(words('line {line}', line=played.step.line))}, {played.step.title}: {say(found)}"
    if result.wrong is not None:
        yield f"  {say(result.wrong)}"
    elif len(result.played) < len(scenario.steps):
        left = len(scenario.steps) - len(result.played)
        yield f"  {say(words('{count} further steps were not done.', count=left))}"


def trace_line(entry: Happened) -> str:
    """An entry of the journal as the story goes."""
    told = " ".join(f"{key}={value}" for key, value in entry.data.items() if key not in ("visited", "rules"))
    return "  ".join(part for part in (entry.at, entry.case or "-", entry.kind, entry.element or "", told) if part)


def coverage_text(found: Coverage, say: Say = english) -> Iterator[str]:
    """How much of the packs has been visited, and what is missing."""
    missing = found.missing()
    for section, groups in found.there.items():
        total = sum(len(names) for names in groups.values())
        left = sum(len(names) for names in missing[section].values())
        yield say(words("{section}: {seen} of {total}", section=section, seen=total - left, total=total))
        for group, names in missing[section].items():
            yield f"  {group}: {', '.join(names)}"
