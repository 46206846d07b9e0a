"""Every BPMN file of public npm packages through `app.engine.check`: findings or clean, never a traceback.

`python -m bench.public_bpmn [package …]` fetches each package with npm into a temporary folder and keeps nothing of it.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.engine import check
from bench.results import keep

PACKAGES = (
    "bpmn-js",
    "bpmn-moddle",
    "bpmn-js-differ",
    "bpmn-auto-layout",
    "bpmnlint",
    "bpmn-engine",
    "camunda-bpmn-moddle",
    "zeebe-node",
    "@camunda8/sdk",
    "@process-engine/process_engine_core",
    "@process-engine/process_engine_runtime",
)
ENDINGS = (".bpmn", ".bpmn2", ".bpmn20.xml")
SECONDS = 10.0


def packed(package: str, folder: str) -> Path | None:
    """The package's archive, None where the registry does not give it."""
    place = Path(folder) / package.replace("/", "_")
    place.mkdir()
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(place)]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    return next(iter(place.glob("*.tgz")), None)


def diagrams(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The BPMN files of an archive, read without unpacking it."""
    with tarfile.open(archive) as members:
        for member in members:
            file = members.extractfile(member) if member.isfile() and member.name.endswith(ENDINGS) else None
            if file is not None:
                yield member.name, file.read()


def figures(packages: list[str]) -> dict[str, object]:
    """Check every file of every package; counts, the rules broken most often, the slowest file."""
    kinds: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    held, slowest = {}, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            archive = packed(package, folder)
            files = list(diagrams(archive)) if archive else []
            held[archive.stem if archive else f"{package}: not given"] = len(files)
            for name, content in files:
                started = time.perf_counter()
                found = {finding.rule for finding in check({f"{Path(name).stem}.bpmn": content})}
                taken = time.perf_counter() - started
                slowest = max(slowest, taken)
                rules.update(found)
                kinds["fault" if "engine.fault" in found else "findings" if found else "clean"] += 1
                kinds["slow"] += taken > SECONDS
    return {
        "packages": held,
        "files": sum(held.values()),
        "files_by_answer": dict(kinds),
        "slowest_ms": round(slowest * 1000, 1),
        "files_by_rule": dict(rules.most_common()),
    }


def main() -> int:
    """Print and keep the counts; 1 when a file ended in a fault of ours or took longer than 10 s."""
    found = figures(sys.argv[1:] or list(PACKAGES))
    for name, value in found.items():
        print(name, value)
    print(keep("public_bpmn", found))
    answers = found["files_by_answer"]
    assert isinstance(answers, dict)
    return 1 if answers.get("fault") or answers.get("slow") else 0


if __name__ == "__main__":
    sys.exit(main())
