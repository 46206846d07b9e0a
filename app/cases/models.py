"""Tables of cases: the engine's state and its projections, and the facts of people that no turn erases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.people.models import new_ref


class Case(Base):
    """A diagram being run. `version` counts its turns; `state` is the engine's own compact text."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_bureau", "bureau_id", "closed_at"),
        Index("ix_case_process", "bureau_id", "process"),
        Index(
            "ix_case_incident",
            "bureau_id",
            sqlite_where=text("incident IS NOT NULL"),
            postgresql_where=text("incident IS NOT NULL"),
        ),
        Index(
            "uq_case_running",
            "bureau_id",
            "process",
            "unique_key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    process: Mapped[str] = mapped_column(String(64))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    """The case whose message or act started this one."""
    title: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[str] = mapped_column(String(32), default="running")
    unique_key: Mapped[str | None] = mapped_column(String(100))
    """The value that at most one running case of the process may have."""
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[bytes] = mapped_column(LargeBinary)
    facts: Mapped[dict[str, Any]]
    """The last value of every variable that the engine knows; never a personal one."""
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    failure: Mapped[dict[str, Any] | None]
    """What went wrong at the last try to go on by itself: {at, cause, tries}; None since the last good turn."""
    incident: Mapped[dict[str, Any] | None]
    """The failure after which nothing more is tried; None while the case can go on."""
    parties: Mapped[dict[str, Any]]
    """Who takes part, by ref: {id, kind, role}; the same as the rows of `party`, at hand while the case is locked."""
    journal_seq: Mapped[int] = mapped_column(default=0)
    journal_seal: Mapped[str] = mapped_column(String(64), default="0" * 64)


class Task(Base):
    """A user task waiting for a person. A turn writes what the engine says; who holds it is the person's fact."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "work_id"),
        Index("ix_task_offer", "lane", "organisation_id", "closed_at"),
        Index("ix_task_holder", "holder_id", "closed_at"),
        Index("ix_task_done", "closed_by", "closed_at"),
        Index("uq_task_receipt", "closed_by", "receipt_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    work_id: Mapped[int] = mapped_column(BigInteger)
    element: Mapped[str] = mapped_column(String(64))
    process: Mapped[str] = mapped_column(String(64))
    lane: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    named: Mapped[bool] = mapped_column(default=False)
    """Only the persons in `candidate` may take it, not the whole lane."""
    due: Mapped[date | None]
    """Last day, ending at 24:00."""
    opened_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    """Moves when somebody else touches the task; a page that carries an older one is stale."""
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ending: Mapped[str | None] = mapped_column(String(16))
    """`completed` or `cancelled`."""
    receipt_key: Mapped[str | None] = mapped_column(String(100))
    """The idempotency key of the request that completed it; the same request again gets the same answer."""


class Candidate(Base):
    """A person whom the diagram names for a task."""

    __tablename__ = "candidate"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


def _due_of(context: Any) -> datetime:
    """A new timer is ready when it is due."""
    due: datetime = context.get_current_parameters()["due"]
    return due


class Timer(Base):
    """An armed timer of a case."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_ready", "ready", "due", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    timer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    element: Mapped[str] = mapped_column(String(64))
    due: Mapped[datetime]
    ready: Mapped[datetime | None] = mapped_column(default=_due_of)
    """When workers look at it: as it is due, later after a failed try, never (None) while the case is an incident."""


class Subscription(Base):
    """A message that a case waits for."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_message", "message", "key"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    subscription_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    element: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(100))


class CaseMessage(Base):
    """A message from one case to others, kept in the turn that threw it and delivered after its commit."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("case_id", "sequence"),
        Index("ix_letter_waiting", "delivered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    element: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    message: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(100))
    data: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    receivers: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime | None]
    """After a failed try: not before."""
    cause: Mapped[str] = mapped_column(String(500), default="")
    """What went wrong at the last try."""
    dead_at: Mapped[datetime | None]
    """Given up after three tries; an administrator has it tried anew or discards it."""
    discarded_at: Mapped[datetime | None]


class Answer(Base):
    """What a person answered in one field of one task; a personal value is stored encrypted."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    process: Mapped[str] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(64))
    work_id: Mapped[int] = mapped_column(BigInteger)
    form: Mapped[str] = mapped_column(String(130))
    field: Mapped[str] = mapped_column(String(64))
    value: Mapped[str]
    personal: Mapped[bool]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Draft(Base):
    """What a person has typed in a task and not sent; encrypted, since any field may be personal."""

    __tablename__ = "draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answers: Mapped[str]
    revision: Mapped[int]
    saved_at: Mapped[datetime]


class Party(Base):
    """A person or organisation that takes part in a case, from the moment that something was put to it."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        UniqueConstraint("case_id", "organisation_id"),
        Index("ix_party_person", "person_id", "case_id"),
        Index("ix_party_organisation", "organisation_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(16))
    """`author`, `team` or `agency`: which answers this party may read."""
