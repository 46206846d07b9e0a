"""What a form is once it has been read: fields in a tree, their checks compiled, nothing that can still be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.feel import Expression

from .texts import Said

Kind = Literal[
    "text", "textarea", "number", "checkbox", "radio", "select", "checklist", "date", "list",
    "organisation", "organisations", "person", "persons", "idcard", "signature", "file",
]  # fmt: skip
Known = Expression | bool | int | float | None  # a constant of the form, or FEEL that says it


@dataclass(frozen=True)
class Option:
    """One choice of a radio, select or checklist."""

    value: str | int | float | bool
    said: Said


@dataclass(frozen=True)
class Checks:
    """The checks a component carries itself (`validate` in form-js); lengths in characters as people count them."""

    required: Known = False
    min_length: Known = None
    max_length: Known = None
    min: Known = None
    max: Known = None
    pattern: object = None  # compiled by RE2, searched
    pattern_words: Said | None = None
    like: str = ""  # "email" | "phone"
    digits: int | None = None  # decimal places


@dataclass(frozen=True)
class Field:
    """One answer that is asked for. `path`: the keys from the top of the answers; `source`: lane of a person field.

    `readers`: who may read the answer. `personal`: kept encrypted, never in the engine. `shown`: on the page only,
    its value is the case's fact of the same name and is never sent. `subjects`: persons whom the matter is about.
    """

    key: str
    type: Kind
    said: Said
    path: tuple[str, ...]
    checks: Checks = Checks()
    options: tuple[Option, ...] = ()
    personal: bool = False
    readers: tuple[str, ...] = ()
    clause: str | None = None
    sample: str | None = None
    source: str = ""
    shown: bool = False
    subjects: bool = False

    @property
    def label(self) -> str:
        """Return the Chinese label."""
        return self.said.zh

    @property
    def en(self) -> str:
        """Return the English label."""
        return self.said.en


@dataclass(frozen=True)
class Node:
    """A place in the form: a field, a list of rows, or a group (no `key`: its fields lie among the others)."""

    key: str
    hide: Expression | None = None
    field: Field | None = None
    children: tuple[Node, ...] = ()

    @property
    def is_list(self) -> bool:
        """Return whether the node repeats its children in rows."""
        return self.field is not None and self.field.type == "list"


@dataclass(frozen=True)
class Rule:
    """A check over the whole form: `when` is true when the answers are wrong; the fault stands at `field`."""

    when: Expression
    field: str
    clause: str | None
    said: Said


@dataclass(frozen=True)
class Form:
    """One task's form. `reads`: the case's facts that its FEEL and its texts read (own fields are not among them).

    `expressions`: all its FEEL, with the component or rule where it stands.
    """

    key: str
    file: str
    tree: tuple[Node, ...]
    rules: tuple[Rule, ...]
    reads: frozenset[str]
    submit: Said
    intro: Said | None
    readers: tuple[str, ...]
    schema: Mapping[str, object] = field(compare=False, repr=False)
    expressions: tuple[tuple[str | None, Expression], ...] = field(default=(), compare=False, repr=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return every field in the order of the form, a list before the fields of its rows."""
        return tuple(_fields(self.tree))

    @property
    def submit_words(self) -> Mapping[str, str]:
        """Return the words on the button, by language."""
        return {"zh": self.submit.zh, "en": self.submit.en}

    @property
    def own(self) -> frozenset[str]:
        """Return the top keys that the form itself answers."""
        return frozenset(field.path[0] for field in self.fields if not field.shown)


def _fields(nodes: tuple[Node, ...]) -> Iterator[Field]:
    for node in nodes:
        if node.field is not None:
            yield node.field
        yield from _fields(node.children)
