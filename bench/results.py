"""Keeping what a measurement printed: with date, versions and the command that made it."""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bench" / "results"
PACKAGES = ("spiffworkflow", "sqlalchemy", "psycopg", "flask", "orjson")


def keep(name: str, figures: dict[str, object], *, command: str | None = None) -> Path:
    """Write the figures of one run beside what they were measured with; `command` made it, where no module here did."""
    path = FOLDER / f"{name}.json"
    made = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command or " ".join(["python -m", f"bench.{name}", *map(_anywhere, sys.argv[1:])]),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
        "figures": figures,
    }
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    return path


def _anywhere(argument: str) -> str:
    """An argument as it reads on any machine: a path within the repository, or no more than a file's name."""
    path = Path(argument)
    if not path.is_absolute():
        return argument
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
