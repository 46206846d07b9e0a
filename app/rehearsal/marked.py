"""YAML that remembers its lines and refuses a key written twice; nothing but plain values comes out of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import yaml

from app.errors import Finding, Invalid, words


class Marked(dict[Any, Any]):
    """A mapping that knows the line on which it begins, from 1."""

    line: int = 0


_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Written in C where the library has it: eight times as quick, with the same marks."""


class _Loader(_Safe):  # type: ignore[misc, valid-type]
    """The safe loader, with lines."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Marked]:
    marked = Marked()
    marked.line = node.start_mark.line + 1
    yield marked
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain value", key_node.start_mark)
        if key in marked:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
        marked[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def documents(text: bytes, file: str) -> list[Any]:
    """The documents of a YAML file, in order. Raises Invalid, naming the line."""
    try:
        return [document for document in yaml.load_all(text, Loader=_Loader) if document is not None]  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or "not readable")
        line = mark.line + 1 if mark else None
    except (ValueError, RecursionError) as error:
        reason, line = str(error), None
    finding = Finding(
        words("This is not readable YAML: {reason}", reason=reason), "scenario.yaml", file=file, line=line
    )
    raise Invalid(words("The scenario file is wrong."), [finding])
