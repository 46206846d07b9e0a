"""The FEEL of a form: compiled once when the form is read, its names gathered, its faults turned into findings."""

from __future__ import annotations

import re2

from app.errors import Finding, Invalid, words
from app.feel import Expression, compile, expression_text, is_expression

# The functions that the host binds (calendar, policy). A browser has none of them.
HOST_FUNCTIONS = (
    "working days after",
    "working days before",
    "working days between",
    "calendar days after",
    "is working day",
    "age on",
    "start of day",
    "end of day",
    "date of",
    "policy",
)
_OWN = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_"})  # what form-js gives to each row
_TEMPLATE = re2.compile(r"\{\{(.*?)\}\}")


class Feel:
    """Compiles one form's FEEL; `names` are the variables that were read so far."""

    def __init__(self, findings: list[Finding], file: str) -> None:
        self._findings = findings
        self._file = file
        self.names: set[str] = set()
        self.expressions: list[tuple[str | None, Expression]] = []

    def expression(self, given: object, place: str | None, *, in_browser: bool = True) -> Expression | None:
        """Return the compiled `=…`, or None; what the browser runs too may call built-in functions only."""
        if not isinstance(given, str) or not is_expression(given):
            return None
        return self._compile(expression_text(given), place, in_browser)

    def texts(self, text: object, place: str | None) -> None:
        """Check the `{{ FEEL }}` in a text that the page shows."""
        for match in _TEMPLATE.finditer(text) if isinstance(text, str) else ():
            inner = match.group(1).strip()
            if inner.startswith(("#", "/")):
                self._fault(Finding(words("Texts may hold values only, no blocks."), rule="form.text"), place)
            else:
                self._compile(inner, place, in_browser=True)

    def _compile(self, text: str, place: str | None, in_browser: bool) -> Expression | None:
        try:
            expression = compile(text, HOST_FUNCTIONS)
        except Invalid as error:
            for finding in error.findings or (Finding(error.words),):
                self._fault(finding, place)
            return None
        self.names |= expression.names - _OWN
        self.expressions.append((place, expression))
        for name in sorted(expression.calls) if in_browser else ():
            said = words("{name} is not known in a browser; use a rule of the form instead.", name=name)
            self._fault(Finding(said, rule="form.function"), place)
        return expression

    def _fault(self, finding: Finding, place: str | None) -> None:
        self._findings.append(
            Finding(
                finding.words,
                rule=finding.rule if finding.rule.startswith("form.") else "form.feel",
                file=self._file,
                element=place,
                position=finding.position,
            )
        )
