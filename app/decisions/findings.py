"""The faults of one DMN file, collected: each with its element and line; compiling FEEL for the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from app.errors import Finding, Invalid, Words, words
from app.feel import Expression, UnaryTests, compile, compile_tests

from .xml import Element

Compiled = TypeVar("Compiled", Expression, UnaryTests)


class Findings:
    """Collects findings; expressions that cannot be read are replaced by `null`, so that reading goes on."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self.found: list[Finding] = []
        self.doubts: list[Finding] = []

    def add(self, element: Element, text: Words, rule: str, position: int | None = None) -> None:
        """Note a fault at an element; the nearest id above names it."""
        self.found.append(Finding(text, rule=rule, element=id_of(element), line=_line(element), position=position))

    def doubt(self, element: Element, text: Words, rule: str) -> None:
        """Note a warning at an element."""
        doubt = Finding(text, rule=rule, severity="warning", element=id_of(element), line=_line(element))
        self.doubts.append(doubt)

    def expression(self, element: Element, text: str) -> Expression:
        """Return the compiled expression; an empty one is null."""
        try:
            return self._kept(element, compile(text or "null", self.names))
        except Invalid as invalid:
            self._copy(element, invalid)
            return compile("null")

    def tests(self, element: Element, text: str) -> UnaryTests:
        """Return the compiled unary tests; an empty cell takes everything."""
        try:
            return self._kept(element, compile_tests(text or "-", self.names))
        except Invalid as invalid:
            self._copy(element, invalid)
            return compile_tests("-")

    def _kept(self, element: Element, compiled: Compiled) -> Compiled:
        self.doubts += (replace(doubt, element=id_of(element), line=_line(element)) for doubt in compiled.doubts)
        return compiled

    def _copy(self, element: Element, invalid: Invalid) -> None:
        for finding in invalid.findings:
            self.add(element, finding.words, finding.rule, finding.position)

    def raise_any(self, *, strict: bool = True) -> None:
        """Raise Invalid with all findings, if there are any; not strict: if there are any but of expressions."""
        if not strict:
            self.doubts += (one for one in self.found if one.rule.startswith("feel."))
            self.found = [one for one in self.found if not one.rule.startswith("feel.")]
        if self.found:
            raise Invalid(words("The decision model has faults"), self.found)


def id_of(element: Element) -> str | None:
    """Return the id of the element or of the nearest one around it."""
    here: Element | None = element
    while here is not None:
        if here.get("id"):
            return here.get("id")
        here = here.getparent()
    return None


def _line(element: Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) and line else None
