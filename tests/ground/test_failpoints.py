"""A failpoint ends the process where it is armed and does nothing where it is not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app import failpoints
from app.config import read_settings
from app.errors import Invalid
from app.failpoints import KILLED, failpoint


def died(setting: str, passes: int = 1, name: str = "after_commit") -> tuple[int, str]:
    """Exit status and last words of a process that passes the failpoint so many times."""
    program = (
        "from app.failpoints import arm, failpoint\n"
        f"arm({setting!r})\nfor number in range({passes}):\n    failpoint({name!r})\n    print(number)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("setting", ["after_commit", "before_commit:1, after_commit:1", "after_commit seed:4"])
def test_an_armed_one_ends_the_process_and_says_where(setting: str) -> None:
    assert died(setting) == (KILLED, "failpoint after_commit\n")


@pytest.mark.parametrize("setting", ["", "before_commit", "after_commit:0", "seed:1"])
def test_any_other_does_nothing(setting: str) -> None:
    assert died(setting, 50) == (0, "")


def test_a_probability_and_its_seed_say_when() -> None:
    first, again, other = (died(f"after_commit:0.05 seed:{seed}", 1000) for seed in (1, 1, 2))
    assert first == again == (KILLED, "failpoint after_commit\n")
    assert other[0] == KILLED


@pytest.mark.parametrize("setting", ["before_comit", "before_commit:2", "before_commit:-1", "before_commit:often"])
def test_what_is_no_failpoint_is_refused(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_FAIL_AT", setting)
    with pytest.raises(Invalid, match="DUBAN_FAIL_AT"):
        read_settings()


def test_reading_the_settings_arms_what_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_FAIL_AT", "after_fire:0.5")
    read_settings()
    assert failpoints._armed == {"after_fire": 0.5}
    monkeypatch.delenv("DUBAN_FAIL_AT")
    read_settings()
    assert failpoints._armed == {}
    failpoint("after_fire")
