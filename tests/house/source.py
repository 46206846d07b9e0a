"""The project's own source as the guards read it: files, trees, functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app", "tests", "scripts", "bench", "migrations", "frontend/src", "frontend/test")
ENDINGS = {".py", ".ts", ".css", ".html", ".js", ".mjs"}


def code_files() -> list[Path]:
    """Every file of code that people write."""
    found = (path for folder in CODE for path in (ROOT / folder).rglob("*") if path.suffix in ENDINGS)
    return sorted(path for path in found if "dist" not in path.parts and "node_modules" not in path.parts)


def python_files(folder: str = "app") -> list[Path]:
    """The Python files of a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> set[str]:
    """The top names of all that a file imports."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def called(path: Path) -> Iterator[tuple[int, str]]:
    """Line and last name of every call in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            yield node.lineno, name


def short(path: Path) -> str:
    """The path from the project's root."""
    return str(path.relative_to(ROOT))
