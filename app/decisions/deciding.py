"""One evaluation of a decision model: the FEEL run and the rules that matched."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.errors import Finding
from app.feel.run import Run
from app.feel.types import Type

from .tried import Tried


class Deciding(Run):
    """A run that also keeps the ids of the rules that matched, in order, and what was tried where it is to explain."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., object]] | None,
        warnings: list[Finding] | None,
        types: Mapping[str, Type],
    ) -> None:
        if functions:
            self.functions = functions
        self.warnings = warnings
        self.types = types
        self.rules: list[str] = []
        self.tried: list[Tried] | None = None
