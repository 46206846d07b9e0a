"""Errors fit to show: what was refused, why, by which clause, and where the fault lies.

Every text is an English msgid with named parameters (`Words`), so that the edge (page, API, command line)
can say it in the reader's language. Nothing here knows languages, HTTP or SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Kind = Literal["invalid", "permission", "conflict", "not_found"]


@dataclass(frozen=True)
class Words:
    """A text for people: an English msgid with `{named}` parameters, translated where it is shown."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format_map(self.params) if self.params else self.msgid


def words(msgid: str, /, **params: object) -> Words:
    """Mark a text for translation; `msgid` must be a literal, so that the catalogues can find it."""
    return Words(msgid, params)


@dataclass(frozen=True)
class Finding:
    """One fault of a file, a diagram or a form, and where it stands.

    `rule` names the check that failed (`lane.missing`); `clause` the clause, policy or decision id behind it.
    `line` counts from 1; `position` is the 0-based offset in an expression's text.
    """

    words: Words
    rule: str = ""
    severity: Severity = "error"
    file: str | None = None
    element: str | None = None
    line: int | None = None
    field: str | None = None
    position: int | None = None
    clause: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.element, self.field) if part is not None)
        return f"{place}: {self.words}" if place else str(self.words)


class Refusal(Exception):
    """Something that was asked and is not done; nothing has changed.

    `clauses`: the clauses, policies or decisions whose rule failed. `fields`: the form fields concerned.
    """

    kind: Kind = "invalid"

    def __init__(self, text: Words, *, clauses: Iterable[str] = (), fields: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.words = text
        self.clauses = tuple(clauses)
        self.fields = tuple(fields)

    def __str__(self) -> str:
        return str(self.words)


class NotFound(Refusal):
    """Nothing of this is visible to the person who asks; whether it exists is not said."""

    kind: Kind = "not_found"


class NotAllowed(Refusal):
    """The person may see it but not do this: lane, organisation, two-person rule, own matter."""

    kind: Kind = "permission"


class Conflict(Refusal):
    """Somebody was faster, or the matter has moved on: done, held by another, ended, not yet open."""

    kind: Kind = "conflict"


class Invalid(Refusal):
    """What was given breaks rules; `findings` lists all of them, not the first."""

    kind: Kind = "invalid"

    def __init__(
        self,
        text: Words,
        findings: Iterable[Finding] = (),
        *,
        clauses: Iterable[str] = (),
        fields: Iterable[str] = (),
    ) -> None:
        self.findings = tuple(findings)
        found_clauses = (finding.clause for finding in self.findings if finding.clause)
        found_fields = (finding.field for finding in self.findings if finding.field)
        super().__init__(
            text,
            clauses=dict.fromkeys((*clauses, *found_clauses)),
            fields=dict.fromkeys((*fields, *found_fields)),
        )

    def __str__(self) -> str:
        return "\n".join((str(self.words), *(f"  {finding}" for finding in self.findings)))


class Unavailable(Exception):  # noqa: N818 - named for what it says, as the refusals are
    """What we stand on does not answer just now: nobody did anything wrong, nothing was changed, again in a moment."""

    def __init__(self, text: Words) -> None:
        super().__init__(text)
        self.words = text

    def __str__(self) -> str:
        return str(self.words)
