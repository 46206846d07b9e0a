"""The forms that are shipped: each can be read, and speaks English wherever a person reads it."""

import json
from pathlib import Path

import pytest
import re2

from app.forms import present, read

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "forms").rglob("*.form"))
HAN = re2.compile(r"\p{Han}")


def said(node) -> list[str]:
    """Return every text of a presented schema that a person reads."""
    if isinstance(node, dict):
        own = [str(node[name]) for name in ("label", "description", "text") if node.get(name)]
        return own + [text for part in node.values() for text in said(part)]
    return [text for part in node for text in said(part)] if isinstance(node, list) else []


def test_there_are_forms():
    assert len(FILES) > 20


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT / "forms")) for file in FILES])
def test_a_shipped_form_speaks_english(file):
    form = read(file.read_bytes(), str(file.relative_to(ROOT)))
    schema = present(form, language="en", choices={}, facts={})
    values = {str(option.value) for field in form.fields for option in field.options}
    assert [text for text in said(json.loads(json.dumps(schema))) if HAN.search(text) and text not in values] == []
    assert not HAN.search(form.submit_words["en"])
