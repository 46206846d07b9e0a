"""Places where a proof lets a process die, as a power cut would; none is armed unless `DUBAN_FAIL_AT` names it."""

from __future__ import annotations

import os
import random

from app.errors import Finding, Invalid, words

NAMES = frozenset(
    {
        "before_commit",  # everything is written, nothing is kept
        "after_commit",  # kept, and nothing that follows has begun
        "before_answer",  # kept and delivered, and whoever asked has not heard of it
        "after_claim",  # a message or job is claimed, in a transaction that is not yet kept
        "after_delivery",  # a message is delivered and kept; the next one waits
        "after_fire",  # a timer has fired and is kept
        "after_send",  # a notice has left the house, and nothing says so yet
        "after_mark_sent",  # the notice is marked as sent
    }
)
SEED = "seed"
KILLED = 137
"""Exit status of a process that was killed, here by itself."""

_armed: dict[str, float] = {}
_dice = random.Random()  # noqa: S311 - it chooses when to die, not a secret


def failpoint(name: str) -> None:
    """End this process at once where `name` is armed and its dice fall; else nothing."""
    if _armed and name in _armed and _dice.random() < _armed[name]:
        os.write(2, f"failpoint {name}\n".encode())
        os._exit(KILLED)


def arm(setting: str) -> None:
    """Arm what the setting names and nothing else: `before_commit:0.02, after_commit:0.01, seed:7`.

    Without a number the process dies at the first pass. Raises Invalid for what is no failpoint or no probability.
    """
    asked = dict(_parts(setting))
    seed = asked.pop(SEED, None)
    _armed.clear()
    _armed.update(asked)
    _dice.seed(seed)


def _parts(setting: str) -> list[tuple[str, float]]:
    return [_part(text) for text in setting.replace(",", " ").split()]


def _part(text: str) -> tuple[str, float]:
    name, _, number = text.partition(":")
    try:
        value = float(number or 1)
    except ValueError:
        value = -1
    if name != SEED and (name not in NAMES or not 0 <= value <= 1):
        fault = words('"{text}" is no failpoint with a probability from 0 to 1.', text=text)
        raise Invalid(words("DUBAN_FAIL_AT cannot be read."), [Finding(fault, rule="setting.wrong")])
    return name, value
