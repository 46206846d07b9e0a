"""Keeping what a measurement printed: with date, versions and the command that made it."""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent / "results"
PACKAGES = ("spiffworkflow", "sqlalchemy", "psycopg", "flask", "orjson")


def keep(name: str, figures: dict[str, object], *, command: str | None = None) -> Path:
    """Write the figures of one run beside what they were measured with; `command` made it, where no module here did."""
    path = FOLDER / f"{name}.json"
    made = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command or f"python -m bench.{name} " + " ".join(sys.argv[1:]),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
        "figures": figures,
    }
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    return path
