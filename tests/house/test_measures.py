"""The measures of the house: sizes that people can read, a sentence at each door, walls that hold."""

from __future__ import annotations

import ast
import re

from app.schema import metadata
from tests.house.source import ROOT, called, code_files, functions, imported, python_files, short, tree

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_PARAMETERS = 5
HTTP = {"flask", "werkzeug", "flask_security", "flask_wtf"}
SQL = {"sqlalchemy", "alembic"}


def test_no_file_is_longer_than_one_can_read() -> None:
    sizes = {short(path): len(path.read_text().splitlines()) for path in code_files()}
    assert not {path: size for path, size in sizes.items() if size > MOST_LINES}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{short(path)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert not long


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    wide = [
        f"{short(path)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(path)
        if len([arg for arg in function.args.args if arg.arg not in ("self", "cls")]) > MOST_PARAMETERS
    ]
    assert not wide


def test_every_module_opens_with_what_its_room_is_for() -> None:
    empty_allowed = {"app/__init__.py"}
    mute = [
        short(path)
        for path in python_files()
        if short(path) not in empty_allowed and not (ast.get_docstring(tree(path)) or "").strip()
    ]
    assert not mute


def test_no_room_has_a_name_that_says_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "common", "core", "misc", "services"}
    assert not [short(path) for path in python_files() if {path.stem, *path.parent.parts} & empty_names]


def test_no_module_mixes_http_and_sql() -> None:
    assert not [short(path) for path in python_files() if imported(path) & HTTP and imported(path) & SQL]


def test_only_one_place_commits() -> None:
    """The engine speaks of beginnings too, but it knows no database."""
    near = [path for path in python_files() if imported(path) & SQL or "app.db" in path.read_text()]
    commits = {short(path) for path in near for _, name in called(path) if name in ("commit", "begin_nested")}
    assert commits <= {"app/schema.py"}, "app.db.transaction() is the only commit; migrations keep their own"
    opened = {short(path) for path in near for _, name in called(path) if name == "begin"}
    assert opened == {"app/db.py"}


def test_nothing_reaches_eval_or_exec() -> None:
    forbidden = {"eval", "exec", "execfile", "__import__", "literal_eval"}
    found = [
        f"{short(path)}:{line} {name}" for path in python_files() for line, name in called(path) if name in forbidden
    ]
    assert not found


def test_locks_and_settings_name_no_address() -> None:
    kept = [*ROOT.glob("requirements*"), *ROOT.glob("**/package-lock.json"), *ROOT.glob("**/.npmrc")]
    kept = [path for path in kept if "node_modules" not in path.parts and "var" not in path.parts]
    assert len(kept) >= 5
    bad = [short(path) for path in kept if re.search(r'"resolved"|index-url|registry\s*=', path.read_text())]
    assert not bad


def test_every_bureau_row_says_whose_it_is() -> None:
    """Each table has its bureau's id, or hangs on one that has."""
    hangs = {"case_id", "person_id", "task_id", "release_id", "draft_id", "sha256"}
    loose = [
        name
        for name, table in metadata.tables.items()
        if "bureau_id" not in table.columns and not hangs & set(table.columns.keys())
    ]
    assert loose == ["worker"], "workers serve the whole installation"
