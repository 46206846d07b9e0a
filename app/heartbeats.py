"""Who keeps the clockwork going: a row a process, with its last sign of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Worker(Base):
    """A process that fires timers and delivers messages for the whole installation."""

    __tablename__ = "worker"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: it names no machine."""
    kind: Mapped[str] = mapped_column(String(16))
    """`worker`, `serve`, or `person` where somebody has looked by hand."""
    version: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    """Its last sign of life, by the clock that it goes by."""
    state: Mapped[str] = mapped_column(String(16))
    """`working`, `held` (the clock has jumped), `failing` (the last look failed) or `stopped`."""
    done: Mapped[int] = mapped_column(default=0)
    """Timers fired and messages delivered since it started."""
