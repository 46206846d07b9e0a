"""Random diagrams with every construct, played at random: stored at each step or never, the end is the same."""

from __future__ import annotations

import random

import pytest

from app.engine import Instance, dump, read

from .drawing import AT, saved
from .generated import KINDS, MORE, generate


def moves(instance: Instance) -> list[tuple[str, object]]:
    """What can be done now."""
    found: list[tuple[str, object]] = [("complete", work.id) for work in instance.work()]
    return found + [("receive", one.message) for one in instance.subscriptions()]


def move(instance: Instance, kind: str, what: object, value: int) -> None:
    """Do it and run."""
    if kind == "complete":
        work = next(work for work in instance.work() if work.id == what)
        instance.complete(work.id, {f"n_{work.element}": value})
    else:
        assert instance.receive(str(what), {"said": value})
    instance.run(AT)


@pytest.mark.parametrize("seed", range(60))
def test_storage_changes_nothing_and_every_case_can_end(seed: int) -> None:
    rnd, drawn = random.Random(seed), read(generate(seed, (*KINDS, *MORE))[0])
    kept, stored = drawn.start({}, "p"), drawn.start({}, "p")
    kept.run(AT)
    stored.run(AT)
    for step in range(150):
        stored = saved(stored)
        assert dump(stored) == dump(kept)
        assert stored.work() == kept.work()
        possible = moves(kept)
        if not possible:
            break
        done = [one for one in possible if step < 60 or one[0] == "complete"] or possible
        kind, what = rnd.choice(done)
        value = rnd.randint(0, 9 if step < 60 else 5)
        move(kept, kind, what, value)
        move(stored, kind, what, value)
    assert kept.is_over()
    assert (kept.timers(), kept.subscriptions()) == ([], [])
