"""Reads the components of a form one by one: which there may be, and what each must say."""

from __future__ import annotations

from collections.abc import Mapping

import re2

from app.errors import Finding, Words, words
from app.feel import Expression

from .feel import Feel
from .model import Checks, Field, Kind, Known, Node, Option
from .texts import Said

Component = Mapping[str, object]
Path = tuple[str, ...]

_KINDS: dict[str, Kind] = {
    "textfield": "text", "textarea": "textarea", "number": "number", "checkbox": "checkbox", "radio": "radio",
    "select": "select", "checklist": "checklist", "datetime": "date", "filepicker": "file", "dynamiclist": "list",
}  # fmt: skip
_OWN_KINDS = frozenset({"organisation", "organisations", "person", "persons", "idcard", "signature", "file"})
_SILENT = frozenset({"separator", "spacer", "button"})
_CHOICES = frozenset({"radio", "select", "checklist"})
_QUIET = re2.Options()
_QUIET.log_errors = False  # the finding says it
NEVER_GUESSED = frozenset({"outcome", "decision", "adoption"})
MAX_DEPTH = 5


class Reader:
    """One reading of one form; faults are gathered, `keys` are the fields seen, `shown` those on the page only."""

    def __init__(self, findings: list[Finding], feel: Feel, file: str, text: str) -> None:
        self._findings, self._feel, self._file, self._text = findings, feel, file, text
        self._paths: set[tuple[str, ...]] = set()
        self.keys: set[str] = set()
        self.shown: set[str] = set()

    def fault(self, said: Words, rule: str, place: str) -> None:
        """Note a fault at the component with this key, with its line."""
        at = self._text.find(f'"{place}"')
        line = self._text.count("\n", 0, at) + 1 if at >= 0 else None
        self._findings.append(Finding(said, rule=rule, file=self._file, element=place, line=line))

    def nodes(self, components: object, path: Path, readers: Path) -> tuple[Node, ...]:
        """Return the nodes of a list of components."""
        if len(path) > MAX_DEPTH:
            self.fault(words("Groups and lists may lie {count} deep.", count=MAX_DEPTH), "form.depth", path[-1])
            return ()
        given = components if isinstance(components, list) else []
        return tuple(node for each in given if (node := self._node(each, path, readers)) is not None)

    def _node(self, given: object, path: Path, readers: Path) -> Node | None:
        component = given if isinstance(given, dict) else {}
        kind = component.get("type")
        place = str(component.get("key") or component.get("path") or component.get("id") or kind)
        if kind in _SILENT:
            return None
        if kind == "text":
            self._bilingual(component, "text", "en", place)
            return None
        hide = self._hide(component, place)
        if kind == "group":
            return self._group(component, hide, path, readers)
        if kind not in _KINDS:
            self.fault(words("A component of type {type} cannot be used.", type=kind), "form.component", place)
            return None
        return self._field_node(component, hide, path, readers)

    def _group(self, component: Component, hide: Expression | None, path: Path, readers: Path) -> Node:
        place = str(component.get("path") or component.get("id") or "group")
        if component.get("path"):
            self.fault(words("A group may have no path; its fields lie beside the others."), "form.component", place)
        if component.get("label"):
            self._bilingual(component, "label", "en", place)
        return Node("", hide, None, self.nodes(component.get("components"), path, readers))

    def _field_node(self, component: Component, hide: Expression | None, path: Path, readers: Path) -> Node | None:
        kind = self._kind(component)
        key = str(component.get("path" if kind == "list" else "key") or "")
        if not key or not key.replace("_", "a").isalnum():
            self.fault(words("A field needs a key of letters, digits and underscores."), "form.key", key or str(kind))
            return None
        place = (*path, key)
        if place in self._paths:
            self.fault(words("The key {key} is used twice.", key=key), "form.duplicate", key)
        self._paths.add(place)
        self.keys.add(key)
        field = self._field(component, kind, place, readers)
        if field.shown:
            self.shown.add(key)
        children = self.nodes(component.get("components"), place, field.readers) if kind == "list" else ()
        return Node(key, hide, field, children)

    def _kind(self, component: Component) -> Kind:
        own = properties(component).get("type", "").partition(":")[0]
        if own and own not in _OWN_KINDS:
            self.fault(words("The type {type} is not known.", type=own), "form.component", str(component.get("key")))
        return own if own in _OWN_KINDS else _KINDS[str(component["type"])]  # type: ignore[return-value]

    def _field(self, component: Component, kind: Kind, path: Path, readers: Path) -> Field:
        own, key = properties(component), path[-1]
        said = self._label(component, key)
        if component.get("description"):
            self._bilingual(component, "description", "en.description", key)
        if own.get("sample") and key in NEVER_GUESSED:
            self.fault(words("{key} is never guessed; it may have no sample.", key=key), "form.sample", key)
        return Field(
            key=key,
            type=kind,
            said=said,
            path=path,
            checks=self._checks(component, key),
            options=self._options(component, key) if component["type"] in _CHOICES and kind in _CHOICES else (),
            personal=own.get("personal") == "true",
            readers=tuple(own["readers"].split()) if own.get("readers") else readers,
            clause=own.get("clause"),
            sample=own.get("sample"),
            source=own.get("type", "").partition(":")[2],
            subjects=own.get("subjects") == "true",
            shown=bool(component.get("disabled") or component.get("readonly")),
        )

    def _label(self, component: Component, key: str) -> Said:
        label = component.get("label") or component.get("dateLabel")
        if not isinstance(label, str) or not label.strip():
            self.fault(words("The field {key} has no label.", key=key), "form.label", key)
            label = ""
        self._feel.texts(label, key)
        english = properties(component).get("en", "")
        if not english.strip():
            self.fault(words("{key} has no English.", key=key), "form.english", key)
        self._feel.texts(english, key)
        return Said(label, english)

    def _bilingual(self, component: Component, name: str, english: str, key: str) -> None:
        own = properties(component).get(english, "")
        if not own.strip():
            self.fault(words("{key} has no English.", key=f"{key}.{name}"), "form.english", key)
        self._feel.texts(component.get(name), key)
        self._feel.texts(own, key)

    def _hide(self, component: Component, key: str) -> Expression | None:
        conditional = component.get("conditional")
        given = conditional.get("hide") if isinstance(conditional, dict) else None
        if not given:
            return None
        if not isinstance(given, str) or not given.startswith("="):
            self.fault(words("{value} is not FEEL; FEEL begins with `=`.", value=given), "form.feel", key)
        return self._feel.expression(given, key)

    def _options(self, component: Component, key: str) -> tuple[Option, ...]:
        given = component.get("values")
        options = []
        for each in given if isinstance(given, list) else ():
            choice = each if isinstance(each, dict) else {}
            value, label, english = choice.get("value"), choice.get("label"), choice.get("en")
            if not isinstance(value, str | int | float) or not isinstance(label, str) or not label:
                self.fault(words("Each choice of {key} needs a value and a label.", key=key), "form.option", key)
                continue
            if not isinstance(english, str) or not english:
                self.fault(words("{key} has no English.", key=f"{key} = {value}"), "form.english", key)
            options.append(Option(value, Said(label, str(english or ""))))
        if not options:
            self.fault(words("{key} offers nothing to choose from.", key=key), "form.option", key)
        if len({(type(option.value), option.value) for option in options}) < len(options):
            self.fault(words("{key} offers one value twice.", key=key), "form.option", key)
        return tuple(options)

    def _checks(self, component: Component, key: str) -> Checks:
        given = component.get("validate")
        checks = given if isinstance(given, dict) else {}
        own = properties(component)
        pattern_words = checks.get("patternErrorMessage")
        return Checks(
            required=self._known(checks.get("required"), key) or False,
            min_length=self._known(checks.get("minLength"), key),
            max_length=self._known(checks.get("maxLength"), key),
            min=self._known(checks.get("min"), key),
            max=self._known(checks.get("max"), key),
            pattern=self._pattern(checks.get("pattern"), key),
            pattern_words=Said(pattern_words, own.get("en.pattern", "")) if isinstance(pattern_words, str) else None,
            like=str(checks.get("validationType") or "") if checks.get("validationType") in ("email", "phone") else "",
            digits=digits if isinstance(digits := component.get("decimalDigits"), int) else None,
        )

    def _known(self, given: object, key: str) -> Known:
        if isinstance(given, str) and given:
            expression = self._feel.expression(given, key)
            if expression is None and not given.startswith("="):
                self.fault(words("{value} is neither a number nor FEEL.", value=given), "form.limit", key)
            return expression
        return given if isinstance(given, bool | int | float) else None

    def _pattern(self, given: object, key: str) -> object:
        if not isinstance(given, str) or not given:
            return None
        try:
            return re2.compile(given, _QUIET)
        except re2.error as error:
            self.fault(words("The pattern cannot be used: {why}", why=str(error)), "form.pattern", key)
            return None


def properties(component: Component) -> Mapping[str, str]:
    """Return the component's own properties as text; form-js keeps them for whoever extends it."""
    given = component.get("properties")
    return {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
