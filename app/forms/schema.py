"""Reads a form-js schema (JSON, schemaVersion 19) into a Form, or says everything that is wrong with it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from app.errors import Finding, Invalid, Words, words

from .components import Reader
from .feel import Feel
from .model import Form, Rule
from .texts import Said

MAX_BYTES = 512 * 1024


def read(data: bytes, file: str) -> Form:
    """Return the form in the bytes of `file`; its key is the file's name without ending.

    Raises Invalid with every finding: a component that is not known, a key twice, FEEL that does not compile,
    a label or its English missing, a pattern that RE2 refuses.
    """
    source = _load(data, file)
    findings: list[Finding] = []
    feel = Feel(findings, file)
    reader = Reader(findings, feel, file, data.decode("utf-8"))
    extra = _mapping(source.get("duban"))
    readers = tuple(str(extra.get("readers") or "").split())
    tree = reader.nodes(source.get("components"), (), readers)
    rules = _rules(extra.get("rules"), feel, reader)
    intro = _said(extra.get("intro"))
    form = Form(
        key=PurePosixPath(file).stem,
        file=file,
        tree=tree,
        rules=rules,
        reads=frozenset(),
        submit=_said(extra.get("submit")) or Said("提交", "Submit"),
        intro=intro,
        readers=readers,
        schema=source,
    )
    for text in (intro.zh, intro.en) if intro else ():
        feel.texts(text, None)
    if findings:
        raise Invalid(words("The form {file} cannot be used.", file=file), findings)
    own = form.own
    reads = frozenset(feel.names | reader.shown) - own
    return Form(**{**vars(form), "reads": reads, "expressions": tuple(feel.expressions)})


def _load(data: bytes, file: str) -> Mapping[str, object]:
    def refuse(text: Words) -> Invalid:
        return Invalid(text, [Finding(text, rule="form.json", file=file)])

    if len(data) > MAX_BYTES:
        raise refuse(words("A form may have at most {count} bytes.", count=MAX_BYTES))
    try:
        source = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refuse(words("This is no JSON: {why}", why=str(error))) from None
    if not isinstance(source, dict) or not isinstance(source.get("components"), list):
        raise refuse(words("A form is an object with a list of components."))
    return source


def _rules(given: object, feel: Feel, reader: Reader) -> tuple[Rule, ...]:
    rules = []
    for number, each in enumerate(given if isinstance(given, list) else (), start=1):
        rule = _mapping(each)
        place = f"rules[{number}]"
        when = feel.expression(rule.get("when"), place, in_browser=False)
        name = str(rule.get("field") or "")
        said = _said(rule)
        if when is None:
            reader.fault(words("A rule needs FEEL in `when`."), "form.rule", place)
        if said is None or not said.zh or not said.en:
            reader.fault(words("A rule needs its words in Chinese and English."), "form.english", place)
        if name and name not in reader.keys:
            reader.fault(words("The rule speaks of {field}; there is no such field.", field=name), "form.rule", place)
        if when is not None and said is not None:
            rules.append(Rule(when, name, str(rule["clause"]) if rule.get("clause") else None, said))
    return tuple(rules)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _said(value: object) -> Said | None:
    texts = _mapping(value)
    zh, en = texts.get("zh"), texts.get("en")
    return Said(zh, en if isinstance(en, str) else "") if isinstance(zh, str) else None
