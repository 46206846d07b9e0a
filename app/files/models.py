"""Tables of files: what was uploaded, by whom, for which case; and the copies that leave without metadata."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.people.models import new_ref


class File(Base):
    """An uploaded file, bound to who uploaded it and, once sent, to a case."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_uploader", "uploader_id", "uploaded_at"), Index("ix_file_sha256", "sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    uploader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    readers: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The clerk who lets readers outside the bureau have the file as it was uploaded."""
    released_at: Mapped[datetime | None]


class Copy(Base):
    """What was made of an upload for readers who get no metadata; without `sha256` none could be made."""

    __tablename__ = "file_copy"

    original: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The digest of the bytes as uploaded."""
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    made_at: Mapped[datetime]
