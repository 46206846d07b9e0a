"""Addresses of the built style sheet and scripts, by the manifest that the build leaves beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import url_for

STYLE, SCRIPT = "src/style.css", "src/shell.ts"


@dataclass(frozen=True)
class Assets:
    """The files that each page links. Without a build both are empty: pages still work, plainly."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]

    def style_urls(self) -> list[str]:
        """Addresses of the style sheets."""
        return [url_for("static", filename=f"dist/{name}") for name in self.styles]

    def script_urls(self) -> list[str]:
        """Addresses of the scripts."""
        return [url_for("static", filename=f"dist/{name}") for name in self.scripts]


def read_assets(static: Path) -> Assets:
    """The files of the last build, by their hashed names."""
    manifest = static / "dist" / "manifest.json"
    if not manifest.is_file():
        return Assets((), ())
    entries: dict[str, dict[str, Any]] = json.loads(manifest.read_text())
    style, script = entries.get(STYLE, {}), entries.get(SCRIPT, {})
    styles = [style.get("file"), *script.get("css", [])]
    return Assets(tuple(name for name in styles if name), (script["file"],) if script else ())
