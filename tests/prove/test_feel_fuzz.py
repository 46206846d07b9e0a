"""Long fuzz runs: any text, any arguments, any DMN file, any data: a value or findings, in bounded time and memory."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.decisions import read
from app.errors import Invalid, Refusal
from app.feel import compile, compile_tests, to_json
from app.feel.builtins import BUILTINS
from tests.feel.test_safety import ARGUMENTS, JSON, TEXTS, is_feel

SECONDS = 4.0  # of the processor, for one evaluation that burns all its fuel
BYTES = 150 * 1024 * 1024
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False)
SHORT = settings(LONG, max_examples=3_000)


def within_bounds(work: Callable[[], object]) -> object:
    """Return what the work gives, or Invalid; nothing unforeseen may happen, nor take longer than the bound."""
    started = time.process_time()
    try:
        found = work()
    except Invalid as invalid:
        assert str(invalid)
        assert all(finding.rule != "feel.fault" for finding in invalid.findings), invalid.__cause__
        found = invalid
    assert time.process_time() - started < SECONDS
    return found


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


@pytest.fixture(autouse=True)
def memory_stays_bounded() -> object:
    gc.collect()
    before = resident()
    yield
    gc.collect()
    assert resident() - before < BYTES


@LONG
@given(TEXTS, JSON)
def test_any_text(text: str, data: object) -> None:
    found = within_bounds(lambda: compile(text)({"a": data, "b": 3}))
    assert isinstance(found, Invalid) or is_feel(found)
    within_bounds(lambda: compile_tests(text)(data, {"a": data}))


@LONG
@given(
    st.sampled_from(sorted(BUILTINS)), st.lists(ARGUMENTS, max_size=5), ARGUMENTS, st.sampled_from(["", "[1]", ".a"])
)
def test_any_arguments(name: str, arguments: list[str], other: str, after: str) -> None:
    call = f"{name}({', '.join(arguments)}){after}"
    found = within_bounds(lambda: compile(f"[{call}, {call} = {other}, {call} < {other}, {other} in {call}]")({}))
    assert isinstance(found, Invalid) or is_feel(found)
    within_bounds(lambda: to_json(compile(f"string({call})")({})))


@cache
def files() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "processes").rglob("*.dmn")) if path.stat().st_size < 40_000]


PIECES = [b"", b"<", b">", b'"', b"&", b"</decision>", b"<input/>", b"<rule/>", b"null", b"\xff", b"0", b" id='x'"]


@SHORT
@given(
    st.integers(0), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES)), max_size=4), JSON
)
def test_any_file_and_any_data(which: int, cuts: list[tuple[float, int, bytes]], data: object) -> None:
    xml = files()[which % len(files())]
    for place, length, piece in cuts:
        at = int(place * len(xml))
        xml = xml[:at] + piece + xml[at + length :]

    def decide() -> object:
        model = read(xml, strict=False)
        for info in model.decisions:
            try:
                model.decide(info.id, {name: data for name in model.reads(info.id)})
            except Invalid as invalid:
                assert all(finding.rule != "feel.fault" for finding in invalid.findings), invalid.__cause__
        return model

    try:
        within_bounds(decide)
    except Refusal:
        pytest.fail("only Invalid may be raised")
