"""Production refuses each weak set-up by its name, with a way out in both languages, and starts on a sound one."""

from __future__ import annotations

import base64
import json
import secrets
import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.config import Settings, new_keys, refuse_weak
from app.errors import Invalid
from app.languages import say
from app.production.role import refuse_mighty_role
from tests.databases import PostgresServer

KEYS = new_keys()
STRONG = secrets.token_urlsafe(48)
FIELD_KEY = json.loads(KEYS["field_keys"])["k1"]
OTHER = secrets.token_urlsafe(24)


def key(raw: bytes) -> str:
    return json.dumps({"k1": base64.b64encode(raw).decode()})


def url(**more: str) -> str:
    """A database on another machine, by its parts."""
    parts = {"who": "app", "host": "db.example.org", "query": "?sslmode=verify-full", **more}
    return "postgresql+psycopg://{who}@{host}/duban{query}".format(**parts)


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A set-up that production starts on, in a folder of its own."""
    tmp_path.chmod(0o750)
    monkeypatch.chdir(tmp_path)
    more = {"environment": "production", "secure_cookies": True, "proxies": 1, "data_dir": tmp_path}
    return {**KEYS, **more, "database_url": url(), "migrate_url": url(who="owner"), "metrics_token": STRONG}


def refused(settings: dict[str, object]) -> list[str]:
    """The names of what is refused."""
    try:
        refuse_weak(Settings(**settings))
    except Invalid as refusal:
        assert "not safe for production" in str(refusal)
        return sorted({one.rule.removeprefix("setting.") for one in refusal.findings})
    return []


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"metrics_token": ""},
        {"public_url": "https://duban.bureau.example"},
        {"secret_key": secrets.token_hex(16), "journal_key": secrets.token_hex(16)},
        {"database_url": "postgresql+psycopg://app@localhost/duban"},
        {"database_url": "postgresql+psycopg://app@/duban?host=/run/postgresql"},
        {"database_url": url(who=f"app:{secrets.token_urlsafe(24)}")},
        {"database_url": url(query="?sslmode=require"), "migrate_url": url(who="owner", query="?sslmode=verify-ca")},
    ],
)
def test_a_sound_set_up_starts(sound: dict[str, object], more: dict[str, object]) -> None:
    assert refused({**sound, **more}) == []


WEAK = [
    ("no session key", {"secret_key": ""}, "secret_key.short"),
    ("a short session key", {"secret_key": secrets.token_hex(8)}, "secret_key.short"),
    ("a sample as session key", {"secret_key": "change-me-before-production-please"}, "secret_key.sample"),
    ("one letter as session key", {"secret_key": "a" * 64}, "secret_key.guessable"),
    ("a word said again as session key", {"secret_key": "Wuhan-2021!" * 4}, "secret_key.guessable"),
    ("an alphabet as session key", {"secret_key": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"}, "secret_key.guessable"),
    ("five letters as session key", {"secret_key": "aabcaabdacbaebdaacbdaeabcaadbcaeba"}, "secret_key.guessable"),
    ("no salt", {"password_salt": ""}, "password_salt.short"),
    ("a salt that repeats itself", {"password_salt": "x9" * 12}, "password_salt.guessable"),
    ("no journal key", {"journal_key": ""}, "journal_key.short"),
    ("a short journal key", {"journal_key": "k8#Qz"}, "journal_key.short"),
    ("a sample as journal key", {"journal_key": "example-journal-key-of-an-office-01"}, "journal_key.sample"),
    ("no field keys", {"field_keys": ""}, "field_keys.missing"),
    ("field keys that are no JSON", {"field_keys": "k1:abc"}, "field_keys.missing"),
    ("a field key of 16 bytes", {"field_keys": key(secrets.token_bytes(16))}, "field_keys.missing"),
    ("a zero field key", {"field_keys": key(bytes(32))}, "field_keys.pattern"),
    ("a pattern as field key", {"field_keys": key(bytes.fromhex("deadbeef") * 8)}, "field_keys.pattern"),
    ("a counted field key", {"field_keys": key(bytes(range(32)))}, "field_keys.pattern"),
    ("a sentence as field key", {"field_keys": key(b"The bureau keeps 32 long letters")}, "field_keys.text"),
    ("one secret for sessions and the journal", {"journal_key": KEYS["secret_key"]}, "secrets.shared"),
    ("a salt that is a part of the session key", {"password_salt": KEYS["secret_key"][:24]}, "secrets.shared"),
    ("one secret for all", {name: STRONG for name in ("secret_key", "journal_key", "password_salt")}, "secrets.shared"),
    ("the journal's key as metrics token", {"metrics_token": KEYS["journal_key"]}, "secrets.shared"),
    ("one key under two ids", {"field_keys": json.dumps(dict.fromkeys("ab", FIELD_KEY))}, "secrets.shared"),
    ("the field key as session key", {"secret_key": FIELD_KEY}, "secrets.shared"),
    ("the metrics token as database password", {"database_url": url(who=f"app:{STRONG}")}, "secrets.shared"),
    ("one password for owner and application", 
     {"database_url": url(who=f"app:{OTHER}"), "migrate_url": url(who=f"owner:{OTHER}")}, "secrets.shared"),
    ("a metrics token of one letter", {"metrics_token": "a"}, "metrics_token.short"),
    ("a sample as metrics token", {"metrics_token": "prometheus-default-token-1"}, "metrics_token.sample"),
    ("a superuser", {"database_url": url(who="postgres")}, "database.superuser"),
    ("the owner as application", {"migrate_url": url(query="?sslmode=require")}, "database.owner"),
    ("a database without TLS", {"database_url": url(query="")}, "database.plain"),
    ("TLS where the server likes it", {"database_url": url(query="?sslmode=prefer")}, "database.plain"),
    ("TLS switched off", {"database_url": url(query="?sslmode=disable")}, "database.plain"),
    ("a second host without TLS", 
     {"database_url": url(host="", query="?host=/run/postgresql&host=10.0.0.9")}, "database.plain"),
    ("a migration without TLS", {"migrate_url": url(who="owner", query="")}, "database.plain"),
    ("the role's name as password", {"database_url": url(who="supervision-app:supervision-app")}, "database.password"),
    ("a short password", {"database_url": url(who="app:k9!Lw2")}, "database.password"),
    ("a sample as password", {"database_url": url(who="app:ChangeMe-2026-now")}, "database.password"),
    ("no URL", {"database_url": "db.example.org"}, "database.unreadable"),
    ("SQLite somewhere", {"database_url": "sqlite:///relative.db", "migrate_url": ""}, "database.relative"),
    ("SQLite in memory", {"database_url": "sqlite://", "migrate_url": ""}, "database.relative"),
    ("cookies without TLS", {"secure_cookies": False}, "web.cookies"),
    ("no proxy with TLS", {"proxies": 0}, "web.plain"),
    ("links without TLS", {"public_url": "http://duban.bureau.example"}, "web.links"),
    ("sign-ins without a limit", {"sign_ins_a_minute": 100000}, "web.sign_ins"),
    ("failpoints", {"fail_at": "before_commit:0.1"}, "debug.fail_at"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "name"), [one[1:] for one in WEAK], ids=[one[0] for one in WEAK])
def test_a_weak_set_up_is_refused_by_its_name(sound: dict[str, object], change: dict[str, object], name: str) -> None:
    assert refused({**sound, **change}) == [name]


@pytest.mark.parametrize("switch", ["FLASK_DEBUG", "PYTHONDEVMODE", "PYTHONINSPECT"])
def test_a_debugger_is_refused(sound: dict[str, object], monkeypatch: pytest.MonkeyPatch, switch: str) -> None:
    monkeypatch.setenv(switch, "0")
    assert refused(sound) == []
    monkeypatch.setenv(switch, "1")
    assert refused(sound) == ["debug.switch"]


def test_a_folder_that_others_may_enter_is_refused(sound: dict[str, object], tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.mkdir(mode=0o750)
    sound |= {"database_url": f"sqlite:///{held / 'duban.db'}", "migrate_url": ""}
    assert refused(sound) == []
    held.chmod(0o755)
    assert refused(sound) == ["files.folder"]
    held.chmod(0o750)
    tmp_path.chmod(0o751)
    assert refused(sound) == ["files.folder"]


def test_settings_that_others_may_read_are_refused(sound: dict[str, object], tmp_path: Path) -> None:
    settings = tmp_path / ".env"
    settings.write_text("")
    settings.chmod(0o640)
    assert refused(sound) == []
    settings.chmod(0o644)
    assert refused(sound) == ["files.settings"]
    assert stat.S_IMODE(settings.stat().st_mode) == 0o644


def test_the_refusal_tells_the_way_out_and_no_secret(sound: dict[str, object]) -> None:
    """Every reason at once, in both languages; the values themselves are in neither."""
    weak = {"secret_key": "a" * 40, "database_url": url(who="postgres:hunter-2", query=""), "proxies": 0}
    with pytest.raises(Invalid) as refusal:
        refuse_weak(Settings(**{**sound, **weak}))
    said = {language: [say(one.words, language) for one in refusal.value.findings] for language in ("zh", "en")}
    assert len(said["en"]) == len(said["zh"]) == 5  # noqa: PLR2004 - key, role, password, connection, proxy
    for language, sentences in said.items():
        assert not any("hunter-2" in one or "a" * 40 in one for one in sentences)
        assert all(one.isascii() == (language == "en") for one in sentences)
    assert any("openssl rand -base64 48" in one for one in said["zh"])
    assert any("DUBAN_PROXIES=1" in one for one in said["zh"])


def test_the_role_is_looked_at_as_it_is(postgres: PostgresServer) -> None:
    """A name says nothing: what the server says of the role counts."""
    sound = postgres.database()
    refuse_mighty_role(sound.engine)
    sound.close()
    mighty = postgres.empty()
    with pytest.raises(Invalid) as refusal:
        refuse_mighty_role(mighty.engine)
    assert [one.rule for one in refusal.value.findings] == ["setting.database.superuser"]
    with mighty.engine.begin() as connection:
        connection.execute(text("CREATE ROLE builder LOGIN"))
        connection.execute(text("CREATE TABLE public.built (id int)"))
        connection.execute(text("ALTER TABLE public.built OWNER TO builder"))
    engine = create_engine(mighty.engine.url.set(username="builder"))
    with pytest.raises(Invalid) as owner:
        refuse_mighty_role(engine)
    assert [one.rule for one in owner.value.findings] == ["setting.database.owner"]
    engine.dispose()
    with mighty.engine.begin() as connection:
        connection.execute(text("DROP OWNED BY builder"))
        connection.execute(text("DROP ROLE builder"))
    mighty.close()
