"""Whether a refusal is the one that a scenario names: by its kind, a clause, a field, or the task's legal basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.errors import Refusal

KINDS = ("permission", "conflict", "not_found", "invalid")


def covers(whole: str, part: str) -> bool:
    """Whether a clause or paper's code covers another: B-14 covers B-14a and B-14, not B-140."""
    if not part.startswith(whole):
        return False
    rest = part[len(whole) :]
    return not rest or not (rest[0].isdigit() and whole[-1:].isdigit())


def reasons(refusal: Refusal, basis: Iterable[str]) -> list[str]:
    """All that the refusal may be called. `basis`: the task's clauses, where the rule that failed names none."""
    named = [clause for clause in refusal.clauses if clause not in KINDS]
    by_basis = [] if named or refusal.kind in ("permission", "not_found") else list(basis)
    return list(dict.fromkeys([refusal.kind, *refusal.clauses, *by_basis, *_fields(refusal)]))


def matches(because: str, found: Iterable[str]) -> bool:
    """Whether one of them is what the scenario names."""
    return any(because == reason or (_is_clause(because) and covers(because, reason)) for reason in found)


def _is_clause(name: str) -> bool:
    return re.fullmatch(r"[A-Z]+-\d.*", name) is not None


def _fields(refusal: Refusal) -> Iterator[str]:
    """A field's path, and each name on it: `members[1].person` is also `members` and `person`."""
    for path in refusal.fields:
        yield path
        yield from (part for part in re.split(r"[.\[\]]", path) if part and not part.isdigit())
