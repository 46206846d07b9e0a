"""Each screen is a folder: routes speak HTTP, pages make values without a request, templates lie beside them."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from app.web import texts
from app.web.factory import SCREENS
from app.web.frame import SECTIONS
from tests.house.source import ROOT, python_files, short, tree

WEB = ROOT / "app/web"
REQUEST = {"flask", "werkzeug", "flask_babel", "flask_security", "flask_login", "flask_wtf", "apiflask"}
FRAME = {"app/web/frame.py", "app/web/texts.py"}
"""Beside the screens' pages, what must be made without a request too."""


def folders() -> list[Path]:
    """The folders of the screens and of their pieces."""
    return sorted(path.parent for path in WEB.glob("*/__init__.py") if path.parent.name != "api")


def page_side() -> list[Path]:
    """The modules that make pages' values: all of a screen but its routes."""
    beside = [path for folder in folders() for path in folder.glob("*.py") if not path.name.startswith("routes")]
    return sorted([*beside, *(ROOT / path for path in FRAME)])


def imports_of(module: ast.Module) -> set[str]:
    """All that a file imports, wherever in it: at its head, in functions, for type checking alone."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def path_of(name: str) -> Path | None:
    """The file of a module of the web; None for anything else."""
    file = ROOT / f"{name.replace('.', '/')}.py"
    return file if name.startswith("app.web.") and file.exists() else None


def reached(start: ast.Module) -> set[str]:
    """All that a file imports, by way of other modules of the web too."""
    seen, waiting = set[str](), list(imports_of(start))
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            file = path_of(name)
            waiting += imports_of(tree(file)) if file else []
    return seen


def needs_a_request(module: ast.Module) -> set[str]:
    """Of what a file reaches, all that speaks HTTP."""
    return {name for name in reached(module) if name.partition(".")[0] in REQUEST}


def test_pages_are_made_without_a_request() -> None:
    modules = page_side()
    assert len(modules) > 40
    assert {short(path): found for path in modules if (found := needs_a_request(tree(path)))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from flask import g",
        "def f():\n    import werkzeug.exceptions",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from flask import Response",
        "from app.web import guard",
        "from app.web.rendering import render_page",
        "from flask_babel import gettext",
    ],
)
def test_a_page_that_needs_a_request_is_found(source: str) -> None:
    assert needs_a_request(ast.parse(source))


def test_a_screen_knows_no_other_screens_routes() -> None:
    allowed = {"app/web/factory.py"}
    routes = {f"app.web.{path.parent.name}.{path.stem}" for folder in folders() for path in folder.glob("routes*.py")}
    assert len(routes) > 15
    met = {short(path): imports_of(tree(path)) & routes for path in python_files("app") if short(path) not in allowed}
    assert {path: found for path, found in met.items() if found} == {}


def test_every_blueprint_is_in_the_one_list() -> None:
    files = [path for folder in folders() for path in folder.glob("routes*.py")]
    made = [
        ast.literal_eval(node.args[0])
        for path in files
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Blueprint"
    ]
    assert sorted(made) == sorted(blueprint.name for blueprint in SCREENS)


def test_every_section_of_the_bar_is_a_screen() -> None:
    names = {blueprint.name for blueprint in SCREENS}
    assert {section.endpoint.partition(".")[0] for section in SECTIONS} <= names


def test_a_class_name_of_the_web_is_used_once() -> None:
    names = Counter(
        node.name
        for path in python_files("app/web")
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


def test_names_of_the_web_say_what_they_are() -> None:
    empty = {"Line", "Row", "Asked", "Place", "Shown", "Item", "Cell", "Choice", "Figure", "Day", "House"}
    vague = {"shown", "presented", "after", "settling", "asking", "where", "written", "followed", "ahead", "own"}
    api_schemas = {"Line"}  # the name of a schema in the published description
    modules = python_files("app/web")
    classes = {node.name for path in modules for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)}
    assert classes & empty <= api_schemas
    assert {path.stem for path in modules} & vague == set()


def test_every_template_is_used_and_lies_with_its_screen() -> None:
    templates = {path.relative_to(WEB) for path in WEB.rglob("*.html") if "static" not in path.parts}
    names = {str(path).replace("/templates/", "/").removeprefix("templates/") for path in templates}
    assert len(names) == len(templates) > 40
    sources = [*WEB.rglob("*.html"), *python_files("app/web")]
    said = "\n".join(path.read_text() for path in sources)
    assert [name for name in sorted(names) if f'"{name}"' not in said] == []


def test_a_text_is_said_in_the_language_that_is_given() -> None:
    assert texts.gettext("To do") == "待办"
    with texts.speaking("en"):
        assert texts.gettext("To do") == "To do"
        with texts.speaking("no such language"):
            assert texts.gettext("To do") == "待办"
        assert texts.gettext("To do") == "To do"
    assert texts.gettext("To do") == "待办"
