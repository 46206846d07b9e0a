"""What was tried in one table: kept by an evaluation that is to be explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.feel.values import Value

if TYPE_CHECKING:
    from .table import DecisionTable


@dataclass(frozen=True, slots=True)
class Tried:
    """The table's input values, and for each rule the columns whose cell does not hold."""

    table: DecisionTable
    inputs: tuple[Value, ...]
    failing: tuple[tuple[int, ...], ...]
