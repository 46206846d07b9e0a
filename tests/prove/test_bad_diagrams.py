"""Each bad diagram is refused within one second of processor time and 50 MB, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from multiprocessing.connection import Connection

import pytest

from app.engine import check
from tests.engine.bad import CORPUS

SECONDS = 1.0
BYTES = 50 * 1024 * 1024
PAGE = resource.getpagesize()
FORK = multiprocessing.get_context("fork")


def resident() -> int:
    """The memory of this process now, in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def checked(content: bytes, sent: Connection) -> None:
    """Check one file; send the rules broken, the processor time, and how much the memory rose at most."""
    before, started = resident(), time.process_time()
    rules = {finding.rule for finding in check({"p.bpmn": content}, operations=["other"])}
    taken = time.process_time() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sent.send((rules, taken, most - before))


@pytest.mark.parametrize("name", CORPUS)
def test_is_refused_in_time_and_memory(name: str) -> None:
    content, rule = CORPUS[name]
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=checked, args=(content, sender))
    child.start()
    assert receiver.poll(20), "no answer"
    rules, taken, rise = receiver.recv()
    child.join()
    assert rule in rules
    assert "engine.fault" not in rules
    assert taken <= SECONDS
    assert rise <= BYTES
