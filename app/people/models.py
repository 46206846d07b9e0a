"""Tables of people: organisations (bureau, agency, unit), persons, their accounts and memberships."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from app.db import Base

REF_BYTES = 12


def new_ref() -> str:
    """A random 96-bit name for URLs and data; it tells nothing of order or time."""
    return secrets.token_urlsafe(REF_BYTES)


class Organisation(Base):
    """A bureau, an enforcement agency or another unit; `bureau_id` is the scope (a bureau's own id for itself)."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("bureau_id", "ref"),
        CheckConstraint("kind IN ('bureau', 'agency', 'unit')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64))
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), nullable=True)
    """Empty only while a bureau is being founded, since its scope is its own id."""
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    duties: Mapped[str] = mapped_column(default="")
    """The public part of the register: powers and teams (W-10-2)."""
    superior: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(64))
    key = synonym("ref")
    """What the register of agencies calls it by."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """A bureau's own policy values, profile settings and calendar days."""


class Person(Base):
    """Somebody who acts in cases: staff, supervisor, applicant."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    born: Mapped[date | None]

    __table_args__ = (UniqueConstraint("bureau_id", "ref"),)


class Account(Base):
    """How a person signs in. `uniquifier` names the sessions: a new one ends them all."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    failures: Mapped[int] = mapped_column(default=0)
    """Failed sign-ins since the last good one."""
    locked_until: Mapped[datetime | None]


class Membership(Base):
    """A person serves a lane in an organisation; that pair is what a task is offered to."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "lane"),
        Index("ix_membership_organisation_lane", "organisation_id", "lane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lane: Mapped[str] = mapped_column(String(64))
