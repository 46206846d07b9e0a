"""Small forms for the tests of this room."""

import json
from datetime import date

from app.forms import Form, read

FUNCTIONS = {"today": lambda: date(2026, 11, 21)}


def component(kind: str, key: str, **more) -> dict:
    """Return a component with its label in both languages."""
    named = {"path": key} if kind == "dynamiclist" else {"key": key}
    own = {"en": key, **more.pop("properties", {})}
    return {"type": kind, "id": f"id_{key}", **named, "label": f"字段{key}", "properties": own, **more}


def option(value, label="选项") -> dict:
    return {"value": value, "label": f"{label}{value}", "en": f"option {value}"}


def source(*components: dict, **duban) -> bytes:
    schema = {"type": "default", "schemaVersion": 19, "id": "task", "components": list(components)}
    return json.dumps({**schema, "duban": duban} if duban else schema, ensure_ascii=False).encode()


def form(*components: dict, **duban) -> Form:
    return read(source(*components, **duban), "forms/pack/process/task.form")


REQUIRED = {"validate": {"required": True}}
