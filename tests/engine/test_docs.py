"""docs/engine.md names every rule of lint and every extension."""

from __future__ import annotations

import re
from pathlib import Path

from app.engine.lint.vocabulary import ELEMENTS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/engine.md").read_text()


def test_every_rule_is_documented() -> None:
    source = "".join(file.read_text() for file in (ROOT / "app/engine").rglob("*.py"))
    rules = set(
        re.findall(
            r'"((?:xml|file|element|attribute|duban|id|process|pool|start|end|flow|gateway|lane|event|'
            r"message|escalation|timer|boundary|call|operation|decision|deadline|task|feel|fact|loop|"
            r'parallel|engine|many|error|standing)\.[a-z_]+)"',
            source,
        )
    )
    runtime = {"many.until", "fact.depth", "fact.value", "fact.key", "decision.read"}
    assert {rule for rule in rules - runtime if f"`{rule}`" not in DOCS} == set()


def test_every_extension_is_documented() -> None:
    names = {name for entry in ELEMENTS.values() for name in (*entry.duban, *(f"duban:{e}" for e in entry.extensions))}
    assert {
        name for name in names if f"`{name}" not in DOCS and f"`duban:{name}" not in DOCS and f"<{name} " not in DOCS
    } == set()
