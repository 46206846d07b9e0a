"""Every route of the application as a request, with objects that stand for what it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.web.credentials import API, MODELER

BODY = {"answers": {}, "revision": 1, "key": "k"}
MACHINES = {"/readyz", "/metrics"}
"""Open or closed by what the installation is, not by who asks: tests/web/test_operations.py has them."""
FORMS = {"/sign-in", "/sign-out", "/preferences"}


@dataclass(frozen=True)
class Route:
    """One method of one rule, and the audience of its view."""

    method: str
    rule: str
    audience: str

    def address(self, refs: dict[str, str]) -> str:
        """The rule with its parameters filled in, by `first part:parameter` or the parameter's name."""
        first = self.rule.strip("/").partition("/")[0]
        parts = []
        for part in self.rule.split("/"):
            name, _, kind = part.strip("<").partition(">")
            parts.append(refs.get(f"{first}:{name}", refs.get(name, name)) + kind if part.startswith("<") else part)
        return "/".join(parts)

    @property
    def names_an_object(self) -> bool:
        """Whether the address names something that may be foreign."""
        return "<ref>" in self.rule


def routes(app: Flask) -> list[Route]:
    """All routes of pages but the static files, as the application itself lists them; tests/web/api has the others."""
    found = []
    for rule in app.url_map.iter_rules():
        audience: Any = getattr(app.view_functions[rule.endpoint], "audience", None)
        if rule.endpoint != "static" and rule.rule not in MACHINES and not rule.rule.startswith((API, MODELER)):
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Route(method, rule.rule, audience) for method in methods]
    return sorted(found, key=lambda route: (route.rule, route.method))
