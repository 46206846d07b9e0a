"""Other FEEL libraries, timed in an environment of their own: JSON in, JSON out. Uses nothing of this project."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

ROUNDS = 15
PACKAGES = ("pySFeel", "bkflow-feel")
Run = Callable[[str], object]


def pysfeel(variables: dict[str, object]) -> Run:
    """Return pySFeel with these variables; it compiles and runs in one go."""
    import pySFeel  # noqa: PLC0415 - only there in the other environment

    parser = pySFeel.SFeelParser()
    for name, value in variables.items():
        parser.sFeelParse(f"{name} <- {json.dumps(value)}")
    return lambda text: parser.sFeelParse(text)[1]


def bkflow(variables: dict[str, object]) -> Run:
    """Return bkflow-feel with these variables; it compiles and runs in one go."""
    from bkflow_feel.api import parse_expression  # noqa: PLC0415

    return lambda text: parse_expression(text, variables)


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of one call over batches of about 5 ms: other work on the machine counts less."""
    count = 1
    while (spent := _batch(work, count)) < 0.005:
        count *= 2
    return min(spent, *(_batch(work, count) for _ in range(ROUNDS))) / count


def _batch(work: Callable[[], object], count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        work()
    return time.process_time() - start


def plain(value: object) -> object:
    """Return a value as both sides write it: numbers rounded, dates as text."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    try:
        return round(float(value), 9)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)


def timed(run: Run, text: str) -> dict[str, object]:
    """Return the value and the time of an expression; no time where the library raises."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return {"value": plain(run(text)), "seconds": seconds(lambda: run(text))}
    except Exception as fault:  # whatever it raises, it does not support this
        return {"value": type(fault).__name__, "seconds": None}


def main() -> None:
    """Time every expression with every library."""
    asked = json.load(sys.stdin)
    made = zip(PACKAGES, (pysfeel, bkflow), strict=True)
    found = {name: [timed(make(asked["variables"]), text) for text in asked["expressions"]] for name, make in made}
    json.dump({"found": found, "versions": {name: version(name) for name in PACKAGES}}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
