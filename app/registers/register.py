"""What a register is: a typed table with the columns of every register, its words, its readers and its writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db import Base, table_of
from app.forms import Said
from app.people.access import CASE_LANES
from app.people.models import new_ref
from app.registers.columns import DECLARED, Column

LONGEST_KEY = 100
IDENTITY_LANES = frozenset({"bureau_clerk", "bureau_head", "bureau_leader"})
"""Who may read a personal column, with a reason (domain.md 2.9)."""


class Row(Base):
    """A row of a register: whose it is, its key within the register, and the case that wrote it first."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    ref: Mapped[str] = mapped_column(String(64), unique=True, default=new_ref, sort_order=-9)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), sort_order=-8)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), sort_order=-7)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True, sort_order=-6)
    changed_at: Mapped[datetime] = mapped_column(sort_order=-5)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - a class, as SQLAlchemy hands it over
        name = cls.__tablename__
        return (UniqueConstraint("bureau_id", "key"), Index(f"ix_{name}_newest", "bureau_id", "id"))


@dataclass(frozen=True)
class Readers:
    """Who reads rows; whoever is not named reads none.

    `lanes`: lanes of the bureau that read every row. `own`: columns whose person reads the rows about themselves.
    `agency`: columns whose agency's staff read the rows about it.
    """

    lanes: frozenset[str] = CASE_LANES
    own: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    identity: frozenset[str] = IDENTITY_LANES


@dataclass(frozen=True)
class InForce:
    """Rows are called by the value of `by` too; of several, one with one of `values` in `column` is meant."""

    by: str
    column: str
    values: frozenset[str]


@dataclass(frozen=True)
class Register:
    """A register, declared once.

    `writers`: lanes that enter and change rows by page, API and import; a row that diagrams alone write has none.
    `in_force`: how a row is called by whom it is about as well as by its key, where there may be several.
    `fixed`: values that every row has, and that tell its rows from others of the same table.
    """

    name: str
    said: Said
    key: Said
    model: type[Any]
    readers: Readers = Readers()
    writers: frozenset[str] = frozenset()
    in_force: InForce | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Column] = field(default_factory=dict)
    """Columns of a table that another room owns; a register's own table declares them itself."""

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns by name, in the order in which they are declared."""
        own = {column.key: column.info[DECLARED] for column in table_of(self.model).columns if DECLARED in column.info}
        return {name: replace(column, name=name) for name, column in (own | dict(self.declared)).items()}

    @property
    def table(self) -> str:
        """The name of its table; personal values are bound to it."""
        return table_of(self.model).name
