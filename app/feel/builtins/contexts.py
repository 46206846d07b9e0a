"""Context functions (DMN 1.5, 10.3.4.10); none changes the context it is given."""

from __future__ import annotations

from app.errors import words

from ..run import Run
from ..values import NoValue, Value
from .registry import builtin

Context = dict[str, Value]


@builtin("get value", "m: context, key: string")
def get_value(run: Run, context: Context, key: str) -> Value:
    """The entry's value, or null."""
    return context.get(key)


@builtin("get value", "context: context, keys: list")
def get_nested_value(run: Run, context: Context, keys: list[Value]) -> Value:
    """The value at the end of a way of keys, or null."""
    found: Value = context
    for key in _texts(keys):
        found = found.get(key) if isinstance(found, dict) else None
    return found


@builtin("get entries", "m: context")
def get_entries(run: Run, context: Context) -> list[Value]:
    """A list of contexts `{key, value}`."""
    run.burn(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Value]) -> Context:
    """The context of a list of `{key, value}`; null when a key is missing or stands twice."""
    run.burn(len(entries))
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise NoValue(words("An entry needs key and value"))
        if not isinstance(entry["key"], str) or entry["key"] in made:
            raise NoValue(words("A key is no text or stands twice"))
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: Context, key: str, value: Value) -> Context:
    """With this entry added or changed."""
    run.burn(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_nested(run: Run, context: Context, keys: list[Value], value: Value) -> Context:
    """With the entry at the end of a way of keys added or changed."""
    names = _texts(keys)
    if not names:
        raise NoValue(words("At least one key is needed"))
    run.burn(len(context))
    if len(names) == 1:
        return {**context, names[0]: value}
    inner = context.get(names[0])
    if not isinstance(inner, dict):
        raise NoValue(words("The context has no entry {name}", name=names[0]))
    return {**context, names[0]: context_put_nested(run, inner, keys[1:], value)}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Value]) -> Context:
    """The entries of all contexts; of the same key the last."""
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise NoValue(words("A list of contexts is needed"))
        run.burn(len(context) + 1)
        merged.update(context)
    return merged


def _texts(keys: list[Value]) -> list[str]:
    if not all(isinstance(key, str) for key in keys):
        raise NoValue(words("Keys are texts"))
    return keys
