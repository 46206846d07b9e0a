"""An installation by commands: migrate, load, accounts, export, verify, wake, and the demonstration."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.assembly import open_database
from app.cli import serving
from app.clock import OFFICE_ZONE
from app.config import ROOT, read_settings
from app.people.accounts import Passwords
from app.rehearsal import demonstration
from tests.cli.conftest import Run, printed

SECRET = "柳暗花明又一村1998"


@pytest.fixture
def loaded(run: Run) -> Run:
    """A database with the shipped pack."""
    assert run("migrate").exit_code == 0
    assert printed(run("load", "beibei_2024", "--json"))["number"] == 1
    return run


def test_nothing_works_before_the_schema_is_there(run: Run) -> None:
    for command in (("verify",), ("wake",), ("load", "beibei_2024"), ("user", "list")):
        result = run(*command)
        assert result.exit_code == 1 and "duban migrate" in result.stderr


def test_a_sound_installation_verifies(loaded: Run) -> None:
    assert printed(loaded("verify", "--json")) == {"sound": True, "faults": []}
    assert printed(loaded("verify", "--replay", "--json")) == {
        "sound": True, "faults": [], "replayed": 0, "left_out": [],
    }  # fmt: skip
    assert printed(loaded("wake", "--json")) == {"done": 0}


def test_loading_the_same_again_changes_nothing(loaded: Run) -> None:
    assert printed(loaded("load", str(ROOT / "processes/beibei_2024"), "--json"))["number"] == 1
    assert loaded("load", "no_such_pack").exit_code == 1


def test_an_export_is_the_release_as_it_was_frozen(loaded: Run, tmp_path: Path) -> None:
    manifest = printed(loaded("export", str(tmp_path / "out"), "--json"))["files"]
    written = {path: hashlib.sha256((tmp_path / "out" / path).read_bytes()).hexdigest() for path in manifest}
    assert written == manifest and "processes/opinion_beibei.bpmn" in manifest
    assert loaded("export", str(tmp_path / "out"), "--release", "9").exit_code == 1


def test_accounts_are_added_changed_and_locked(loaded: Run) -> None:
    assert loaded("user", "add", "Li", "--name", "李某", "--lane", "bureau_clerk", "--password", SECRET).exit_code == 0
    assert loaded("user", "add", "li", "--name", "又", "--password", SECRET).exit_code == 1
    assert loaded("user", "add", "wu", "--name", "吴", "--password", "short").exit_code == 1
    assert loaded("user", "add", "wu", "--name", "吴", "--lane", "x@mars", "--password", SECRET).exit_code == 1
    assert loaded("user", "password", "li", input=f"{SECRET}2\n{SECRET}2\n").exit_code == 0
    assert loaded("user", "lock", "li").exit_code == 0
    listed = printed(loaded("user", "list", "--json"))
    assert listed == [{"username": "li", "name": "李某", "active": False, "lanes": ["bureau_clerk@bureau"]}]
    assert loaded("user", "lock", "nobody").exit_code == 1
    assert printed(loaded("verify", "--json"))["sound"]


def test_a_broken_row_is_found(loaded: Run) -> None:
    settings = read_settings()
    database = open_database(settings.database_url, settings.keyring())
    with database.transaction() as db:
        db.execute(text("UPDATE blob SET data = x'00' WHERE sha256 = (SELECT min(sha256) FROM blob)"))
    database.close()
    result = loaded("verify", "--json")
    assert result.exit_code == 1 and '"sound": false' in result.stdout and "release.file" in result.stdout


def test_the_demonstration_is_a_sound_database_with_work_in_it(run: Run, tmp_path: Path) -> None:
    assert run("migrate").exit_code == 0
    settings = read_settings()
    database = open_database(settings.database_url, settings.keyring())
    password = demonstration.password_in(settings.data_dir)
    assert password == demonstration.password_in(settings.data_dir) and len(password) >= 10
    now = datetime(2026, 11, 21, 11, tzinfo=OFFICE_ZONE)
    demonstration.prepare(settings, database, password, at=now)
    demonstration.prepare(settings, database, password, at=now + timedelta(days=1))
    with database.reading() as db:
        open_tasks = db.execute(text("SELECT count(*) FROM task WHERE closed_at IS NULL")).scalar() or 0
        hashed = db.execute(text("SELECT password FROM account WHERE username = 'clerk'")).scalar()
        assert db.execute(text('SELECT count(*) FROM "case" WHERE incident IS NOT NULL')).scalar() == 0
    database.close()
    assert open_tasks >= 6
    assert Passwords(settings.password_salt.get_secret_value()).matches(password, hashed)
    assert printed(run("verify", "--json"))["sound"]
    assert (tmp_path / "var/demo-password").stat().st_mode & 0o077 == 0


def test_the_demonstration_has_no_place_in_production(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {name: secrets.token_urlsafe(40) for name in ("SECRET_KEY", "PASSWORD_SALT", "JOURNAL_KEY")}
    keys["FIELD_KEYS"] = json.dumps({"k1": base64.b64encode(secrets.token_bytes(32)).decode()})
    for name, value in {**keys, "ENVIRONMENT": "production", "SECURE_COOKIES": "true", "PROXIES": "1"}.items():
        monkeypatch.setenv(f"DUBAN_{name}", value)
    result = run("serve", "--demo")
    assert result.exit_code == 1 and "Demonstration data" in result.stderr


def test_the_demonstration_is_open_to_the_network_only_on_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_run", lambda settings, database, host, port: None)
    refused = run("serve", "--demo", "--host", "0.0.0.0")  # noqa: S104 - what is refused
    assert refused.exit_code == 1 and "--open-to-network" in refused.stderr
    monkeypatch.setattr(serving, "_demonstrate", lambda settings, database: None)
    opened = run("serve", "--demo", "--host", "0.0.0.0", "--open-to-network")  # noqa: S104 - on purpose
    assert opened.exit_code == 0 and "Everybody in the network" in opened.stdout
    assert "Everybody in the network" not in run("serve", "--demo").stdout


@pytest.mark.parametrize("command", ["serve", "load", "user", "rehearse", "check", "feel", "decide", "migrate"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0 and len(result.stdout) > 100
