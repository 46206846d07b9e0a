"""Clock, keys, settings and words: the ground that everything stands on."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from app.clock import OFFICE_ZONE, VirtualClock, end_of
from app.config import Settings, lend_local_keys, read_settings
from app.errors import Finding, Invalid, words
from app.keyring import KeyRing

RING = KeyRing({"new": b"n" * 32, "old": b"o" * 32}, journal_key=b"j", index_key=b"i")


def test_a_virtual_clock_only_goes_forward() -> None:
    clock = VirtualClock(datetime(2026, 1, 1, 9, tzinfo=OFFICE_ZONE))
    clock.move(datetime(2026, 1, 1, 2, tzinfo=UTC))
    assert clock.now().isoformat() == "2026-01-01T10:00:00+08:00"
    with pytest.raises(ValueError, match="before"):
        clock.move(clock.now() - timedelta(seconds=1))


def test_a_due_day_ends_at_midnight() -> None:
    assert end_of(datetime(2025, 10, 10, tzinfo=OFFICE_ZONE).date()).isoformat() == "2025-10-11T00:00:00+08:00"


def test_a_value_opens_only_where_it_was_written() -> None:
    token = RING.encrypt("11010519491231002X", "person.id")
    assert token.startswith("new.") and "1949" not in token
    assert RING.decrypt(token, "person.id") == "11010519491231002X"
    for moved in (token.replace("new.", "old."), token[:-6] + "AAAAA=", "gone.AAAA", ""):
        with pytest.raises(Invalid):
            RING.decrypt(moved, "person.id")
    with pytest.raises(Invalid):
        RING.decrypt(token, "person.name")


def test_an_older_key_still_opens() -> None:
    before = KeyRing({"old": b"o" * 32}, journal_key=b"j", index_key=b"i").encrypt("值", "a.b")
    assert RING.decrypt(before, "a.b") == "值"


def test_outside_production_keys_are_made_once_and_kept_private(tmp_path) -> None:  # type: ignore[no-untyped-def]
    first, second = (Settings(data_dir=tmp_path / "var") for _ in range(2))
    lend_local_keys(first)
    lend_local_keys(second)
    assert first.field_keys == second.field_keys
    kept = tmp_path / "var" / "local-keys.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.secret_key.get_secret_value() == json.loads(kept.read_text())["secret_key"]


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_PORT", "many")
    with pytest.raises(Invalid, match="DUBAN_PORT"):
        read_settings()


def test_findings_lend_their_fields_and_clauses_to_the_refusal() -> None:
    findings = [Finding(words("x"), field="a", clause="B-14"), Finding(words("y"), field="b", clause="B-14")]
    refused = Invalid(words("{n} faults", n=2), findings, fields=["c"])
    assert (refused.fields, refused.clauses) == (("c", "a", "b"), ("B-14",))
    assert str(refused) == "2 faults\n  a: x\n  b: y"
