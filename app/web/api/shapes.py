"""What is alike in everything that the API takes and gives: strict input, plain output, pages, problems."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

REF = r"^[\w.-]{1,64}$"
LONGEST_SEARCH = 100
MOST = 100
Answers = dict[str, Any]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("a sign that cannot be read")
    return text


Text = Annotated[str, AfterValidator(_printable)]
"""A line of text: no control signs, which no database would find either."""
Search = Annotated[Text, Field(max_length=LONGEST_SEARCH)]
Ref = Annotated[str, Field(pattern=REF)]


class Given(BaseModel):
    """A body: nothing is guessed, nothing that is unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """The part of an address behind the question mark; a mistyped name is a mistake, not silence."""

    model_config = ConfigDict(extra="forbid")


class Page(Query):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before, as it is.")


class Shape(BaseModel):
    """An answer. Instants carry their offset; dates are those of the office."""


class Finding(Shape):
    """One fault, and where it lies."""

    field: str | None
    element: str | None
    file: str | None
    line: int | None
    clause: str | None
    words: str


class DraftKept(Shape):
    """The draft that another window or program has kept meanwhile."""

    answers: Answers
    revision: int
    saved_at: str


class Problem(Shape):
    """RFC 9457: what was refused, why, and by which clause. `type` ends in its kind; `detail` is fit to show."""

    type: str
    title: str
    detail: str
    status: int
    clause: str | None
    clauses: list[str]
    findings: list[Finding]
    number: str | None = Field(None, description="Under this number the server's log has more (500 only).")
    draft: DraftKept | None = Field(None, description="What is kept, where a draft was written on an older one.")


class CamundaError(Shape):
    """What Camunda 7 answers in place of a problem."""

    type: str
    message: str
    code: int
