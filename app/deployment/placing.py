"""Uploaded files become changes of a release: each finds its place by what it holds, never by a path in its name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from app.definitions import rows
from app.definitions.library import ABOUT, Files
from app.definitions.sections import read_mapping
from app.deployment.outline import outline, outline_or_none
from app.deployment.unpacking import Upload, unpacked
from app.errors import Finding, Invalid, Words, words

Place = tuple[str, str]


def placed(uploads: Iterable[Upload], current: Files, form_place: str = "") -> dict[str, bytes]:
    """The uploads by their paths in a release. `form_place`: `process/task` chosen for the one form among them.

    Raises Invalid with everything that cannot be taken in: kinds, sizes, archives, XML, ids, forms without a task.
    """
    files, refused = unpacked(uploads)
    changes: dict[str, bytes] = {}
    forms = [one for one in files if one.name.endswith(".form")]
    for one in sorted(files, key=_after):
        try:
            path = _path(one, {**current, **changes}, form_place if len(forms) == 1 else "")
        except Invalid as fault:
            refused += [_under(one.name, found) for found in fault.findings]
            continue
        if changes.get(path, one.data) != one.data:
            refused.append(Finding(words("Two of the files are “{path}”.", path=path), "file.twice", file=one.name))
        changes[path] = one.data
    if refused:
        raise Invalid(words("These files cannot be taken in."), refused)
    if not changes:
        raise Invalid(words("Choose at least one file."), fields=["files"])
    return changes


def _after(one: Upload) -> int:
    """Diagrams and tables first, since forms and test rows find their places by them."""
    return 0 if one.name.endswith((".bpmn", ".dmn")) else 1


def places_of_forms(files: Files) -> list[Place]:
    """Every process and form key for which a release has, or needs, a form: user tasks, acts, forms that are there."""
    found = {(one.parent.name, one.stem) for path in files if (one := PurePosixPath(path)).suffix == ".form"}
    for path, data in files.items():
        if path.endswith(".bpmn") and (seen := outline_or_none(data, path)):
            found |= {(seen.ids[0], task) for task in seen.tasks}
    return sorted(found | set(_of_acts(files)))


def _of_acts(files: Files) -> Iterator[Place]:
    try:
        acts = read_mapping(files.get(ABOUT, b"{}"), ABOUT).get("acts", {})
    except Invalid:
        return
    for key, act in acts.items() if isinstance(acts, dict) else ():
        if isinstance(act, dict) and (on := act.get("begins") or act.get("on")):
            folder, _, form = str(act.get("form", key)).rpartition("/")
            yield folder or str(on[0] if isinstance(on, list) else on), form


def _path(one: Upload, files: Files, form_place: str) -> str:
    name = PurePosixPath(one.name).name
    if name == ABOUT:
        return ABOUT
    if name.endswith(".form"):
        return _path_of_form(one, files, form_place)
    if name.endswith(rows.ENDING):
        return _path_of_rows(one, name, files)
    ids = outline(one.data, one.name).ids
    known = (path for path in files if path.endswith(PurePosixPath(name).suffix))
    same = [path for path in known if (seen := outline_or_none(files[path], path)) and set(seen.ids) & set(ids)]
    if len(same) > 1:
        raise _unplaced(one, words("What this file holds stands in several files now: {files}.", files="、".join(same)))
    return same[0] if same else f"processes/{ids[0]}{PurePosixPath(name).suffix}"


def _path_of_rows(one: Upload, name: str, files: Files) -> str:
    """Test rows lie beside the tables that have a decision of their name."""
    asked = name.removesuffix(rows.ENDING)
    tables = (path for path in files if path.endswith(".dmn"))
    if not any((seen := outline_or_none(files[path], path)) and asked in seen.ids for path in tables):
        raise _unplaced(one, words("There is no decision “{name}” for these test rows.", name=asked))
    return f"processes/{asked}{rows.ENDING}"


def _path_of_form(one: Upload, files: Files, chosen: str) -> str:
    if not _is_object(one.data):
        raise _unplaced(one, words("A form is an object with a list of components."), "form.json")
    places = places_of_forms(files)
    fitting = [place for place in places if place[1] == one.stem]
    if chosen:
        fitting = [place for place in places if "/".join(place) == chosen]
    elif len(fitting) > 1:
        fitting = [place for place in fitting if place[0] == one.folder]
    if len(fitting) != 1:
        text = words("No one task fits the name “{name}”; choose the process and task of this form.", name=one.stem)
        raise _unplaced(one, text)
    return f"forms/{fitting[0][0]}/{fitting[0][1]}.form"


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data.decode("utf-8")), dict)
    except (ValueError, RecursionError):
        return False


def _unplaced(one: Upload, text: Words, rule: str = "file.place") -> Invalid:
    return Invalid(text, [Finding(text, rule, file=one.name)])


def _under(name: str, found: Finding) -> Finding:
    return Finding(found.words, found.rule, found.severity, name, found.element, found.line, found.field)
