"""Any FEEL value as text, as `string()` and texts in templates show it."""

from __future__ import annotations

from decimal import Decimal

from ..run import Run
from ..temporal import write
from ..values import Function, Range, Value, text_of_number


def written(run: Run, value: Value, *, inside: bool = False) -> str:
    """Return the text of a value; inside lists and contexts, texts stand in quotes."""
    run.burn(1)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if inside else value
    if isinstance(value, Decimal):
        return text_of_number(value)
    if isinstance(value, list):
        return "[" + ", ".join(_kept(run, item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_kept(run, item)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _interval(run, value)
    return f"function {value.name}" if isinstance(value, Function) else write(value)


def _kept(run: Run, value: Value) -> str:
    return run.keep(written(run, value, inside=True))


def _key(key: str) -> str:
    return key if key.replace("_", "").replace(" ", "").isalnum() else f'"{key}"'


def _interval(run: Run, value: Range) -> str:
    if value.operator:
        end = value.high if value.low is None else value.low
        return f"{value.operator} {written(run, end, inside=True)}"
    ends = (written(run, value.low, inside=True), written(run, value.high, inside=True))
    return f"{'[' if value.low_closed else '('}{ends[0]}..{ends[1]}{']' if value.high_closed else ')'}"
