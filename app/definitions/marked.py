"""YAML that remembers its lines and refuses a key written twice; nothing but plain values comes out of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from app.errors import Finding, Invalid, words

MOST_VALUES = 200_000
"""Values in one file, those that an alias repeats counted each time: beyond it a few lines would stand for millions."""
# The safe reader, in C where YAML was built with it: ten times as fast.
_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Marked(dict[Any, Any]):
    """A mapping that knows the line on which it begins, and that of each of its keys, from 1."""

    line: int = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: dict[Any, int] = {}


class _Loader(_Safe):  # type: ignore[misc, valid-type]
    """The safe loader, with lines."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Iterator[Marked]:
    marked = Marked()
    marked.line = node.start_mark.line + 1
    yield marked
    own = [id(key_node) for key_node, _ in node.value if key_node.tag != "tag:yaml.org,2002:merge"]
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain value", key_node.start_mark)
        if key in marked and id(key_node) in own and marked.lines[key] != 0:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
        marked[key] = loader.construct_object(value_node, deep=True)
        marked.lines[key] = key_node.start_mark.line + 1 if id(key_node) in own else 0


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def documents(text: bytes, file: str, *, rule: str = "yaml") -> list[Any]:
    """The documents of a YAML file, in order. Raises Invalid, naming the line."""
    try:
        found = [document for document in yaml.load_all(text, Loader=_Loader) if document is not None]  # noqa: S506
        _refuse_endless(found)
        return found
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or "not readable")
        line = mark.line + 1 if mark else None
    except (ValueError, RecursionError) as error:
        reason, line = str(error), None
    finding = Finding(words("This is not readable YAML: {reason}", reason=reason), rule, file=file, line=line)
    raise Invalid(words("The file {file} cannot be read.", file=file), [finding])


def line_of(source: object, path: Sequence[int | str]) -> int | None:
    """The line of what stands at a path of keys and places, or of the nearest around it; None where none is known."""
    line = getattr(source, "line", None)
    for part in path:
        if isinstance(source, Marked) and part in source:
            line = source.lines.get(part) or line
        if isinstance(source, Mapping) and part in source:
            source = source[part]
        elif isinstance(source, list) and isinstance(part, int) and part < len(source):
            source = source[part]
            line = getattr(source, "line", None) or line
        else:
            break
    return line or None


def _refuse_endless(values: list[Any]) -> None:
    """Raise ValueError where aliases repeat more than anybody writes, or refer to themselves."""
    left, waiting = MOST_VALUES, list(values)
    while waiting:
        value = waiting.pop()
        left -= 1
        if left < 0:
            raise ValueError(f"more than {MOST_VALUES} values")
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
