"""The form as a browser gets it: one language, today's choices, none of our own keys but the kind of a field."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from .components import properties
from .model import Form

Choice = Mapping[str, object]
_OWN = {
    "organisation": "select",
    "organisations": "checklist",
    "person": "select",
    "persons": "checklist",
    "signature": "textfield",
    "file": "textfield",
}
_KEPT = ("signature", "file", "idcard")  # kinds that the island shows or checks in its own way


def present(
    form: Form,
    *,
    language: str,
    choices: Mapping[str, Sequence[Choice]],
    facts: Mapping[str, object],
) -> dict[str, object]:
    """Return the schema for the form-js viewer, in `zh` or `en`.

    `choices`: by field key, what organisation and person fields offer: {"value", "label"}. Fields that are only shown
    get the fact of their name. Files and signatures stay text fields with `properties.type`, for the island.
    """
    page = _Page(language.startswith("en"), choices, facts)
    source = copy.deepcopy({key: value for key, value in form.schema.items() if key != "duban"})
    source["components"] = page.components(source.get("components"))
    if form.intro:
        intro = {"type": "text", "id": "duban_intro", "text": form.intro.in_language(language)}
        source["components"].insert(0, intro)  # type: ignore[attr-defined]
    return source


def opening(form: Form, facts: Mapping[str, object], draft: Mapping[str, object]) -> dict[str, object]:
    """Return the data the viewer opens with: the facts that the form reads, no others, and the draft of its fields."""
    own = form.own
    shown = {key: facts[key] for key in form.reads if key in facts}
    return {**shown, **{key: value for key, value in draft.items() if key in own}}


class _Page:
    """One presentation."""

    def __init__(self, english: bool, choices: Mapping[str, Sequence[Choice]], facts: Mapping[str, object]) -> None:
        self._english, self._choices, self._facts = english, choices, facts

    def components(self, given: object) -> list[dict[str, object]]:
        return [
            self._component(each, number)
            for number, each in enumerate(given if isinstance(given, list) else (), start=1)
            if each.get("type") != "button"
        ]

    def _component(self, component: dict[str, object], number: int) -> dict[str, object]:
        own = properties(component)
        self._say(component, own)
        component.setdefault("id", f"{component.get('key') or component.get('path') or component['type']}_{number}")
        kind, _, _ = own.get("type", "").partition(":")
        if component["type"] == "filepicker":
            kind = "file"
        component.pop("properties", None)
        if kind in _KEPT:
            component["properties"] = {"type": kind}
        if kind in _OWN:
            component["type"] = _OWN[kind]
        if kind in ("organisation", "organisations", "person", "persons"):
            component["values"] = [dict(choice) for choice in self._choices.get(str(component.get("key")), ())]
        elif "values" in component:
            component["values"] = [self._option(option) for option in component["values"]]  # type: ignore[attr-defined]
        if component.get("readonly") or component.get("disabled"):
            component.pop("readonly", None)
            component.update(disabled=True, defaultValue=self._facts.get(str(component.get("key"))))
        if "components" in component:
            component["components"] = self.components(component["components"])
        return component

    def _say(self, component: dict[str, object], own: Mapping[str, str]) -> None:
        if component["type"] == "datetime":
            component["label"] = component.get("label") or component.get("dateLabel")
        name = "text" if component["type"] == "text" else "label"
        if self._english:
            if own.get("en"):
                component[name] = own["en"]
            if own.get("en.description"):
                component["description"] = own["en.description"]
            if own.get("en.pattern"):
                component["validate"] = {**component["validate"], "patternErrorMessage": own["en.pattern"]}  # type: ignore[dict-item]
        if component["type"] == "datetime":
            component["dateLabel"] = component["label"]

    def _option(self, option: Mapping[str, object]) -> dict[str, object]:
        label = (option.get("en") if self._english else None) or option.get("label")
        return {"value": option.get("value"), "label": label}
