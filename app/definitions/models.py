"""Tables of definitions: file contents by digest, the releases that list them, and what owners propose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.people.models import new_ref


class Blob(Base):
    """The content of a definition file, named by its SHA-256; never changed."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Release(Base):
    """A bureau's whole pack at one moment: paths and digests. A case stays on the release it started on."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("bureau_id", "number"), UniqueConstraint("bureau_id", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    pack: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CurrentRelease(Base):
    """The release that new cases of a bureau start on."""

    __tablename__ = "current_release"

    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))


class Proposal(Base):
    """A pack that an owner wants as the bureau's next release: a draft, waiting for a second owner, or decided."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_bureau", "bureau_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    base_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    """The release that was current when it was made; once another is, it cannot be approved any more."""
    manifest: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="draft")
    note: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(default="")
    """Why it was rejected."""
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    """The release that it became."""
