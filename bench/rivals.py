"""Other FEEL libraries, timed in an environment of their own: JSON in, JSON out. Uses nothing of this project."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

ROUNDS = 7
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
    """Return the least time of one call over some rounds of 10 ms."""
    best = float("inf")
    for _ in range(ROUNDS):
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < 0.01:
            work()
            work()
            work()
            work()
            count += 4
        best = min(best, (time.perf_counter() - start) / count)
    return best


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
