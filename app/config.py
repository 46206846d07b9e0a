"""Every setting, read once from the environment (`DUBAN_…`) or a `.env` file, typed and documented."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import DirectoryPath, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import failpoints
from app.errors import Finding, Invalid, words
from app.keyring import KeyRing
from app.production.keys import KEY_BYTES
from app.production.weaknesses import weaknesses

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an office decides about its installation; docs/guides/settings.md explains each."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", env_file=".env", extra="ignore")

    environment: Literal["development", "production"] = Field("development", description="Production wants real keys.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder.")
    migrate_url: str = Field("", description="URL of the schema's owner (PostgreSQL); empty: the same as database_url.")
    data_dir: Path = Field(ROOT / "var", description="Folder for the embedded database, uploaded files and local keys.")
    fonts_dir: DirectoryPath | None = Field(None, description="Folder of the bureau's licensed fonts for papers.")
    packs_dir: Path = Field(ROOT, description="Folder that holds processes/ and forms/.")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs sessions; at least 32 characters.")
    password_salt: SecretStr = Field(SecretStr(""), description="Salt of the password hashes; at least 16 characters.")
    field_keys: SecretStr = Field(SecretStr(""), description="JSON {key id: base64 of 32 bytes}; the first one writes.")
    journal_key: SecretStr = Field(SecretStr(""), description="Seals the journal; at least 32 characters.")
    host: str = Field("127.0.0.1", description="Address that `duban serve` listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port that `duban serve` listens on.")
    proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded headers are believed.")
    secure_cookies: bool = Field(False, description="Cookies over HTTPS only; must be true in production.")
    session_minutes: int = Field(30, ge=5, le=480, description="Minutes without a request after which a session ends.")
    sign_ins_a_minute: int = Field(10, ge=1, description="Sign-in attempts a minute from one address.")
    api_calls_a_minute: int = Field(600, ge=1, description="Calls a minute with one token of the API.")
    sweep_seconds: int = Field(5, ge=1, le=3600, description="Pause between two looks for due timers and messages.")
    public_url: str = Field("", description="Address of this installation for links in messages; empty: no links.")
    send_hosts: str = Field("", description="Hosts that mail and webhooks may go to, separated by commas.")
    inner_hosts: str = Field("", description="Of these, hosts of the inner network, which may have private addresses.")
    send_ports: str = Field("", pattern="^[0-9, ]*$", description="Ports for messages besides 443, 8443, 25, 465, 587.")
    virus_scanner: str = Field("", description="Socket of clamd, unix:/path or tcp:host:port; empty: nothing is asked.")
    uploads_a_day: int = Field(200, ge=1, description="Files that one person may upload in a day.")
    upload_mb_a_day: int = Field(500, ge=1, description="Megabytes that one person may upload in a day.")
    case_mb: int = Field(1000, ge=1, description="Megabytes that the files of one case may have together.")
    metrics_token: SecretStr = Field(SecretStr(""), description="Opens /metrics to who sends it; empty: closed.")
    fail_at: str = Field("", description="Failpoints at which this process dies, for proofs; refused in production.")

    @field_validator("fonts_dir", mode="before")
    @classmethod
    def _no_folder(cls, given: object) -> object:
        return given or None

    @model_validator(mode="after")
    def _fill(self) -> Settings:
        self.database_url = self.database_url or f"sqlite:///{self.data_dir / 'duban.db'}"
        self.migrate_url = self.migrate_url or self.database_url
        return self

    def upload_bounds(self) -> tuple[int, int, int]:
        """Files and megabytes of a person in a day, megabytes of a case."""
        return self.uploads_a_day, self.upload_mb_a_day, self.case_mb

    def keyring(self) -> KeyRing:
        """The keys for personal fields and the journal."""
        encoded: dict[str, str] = json.loads(self.field_keys.get_secret_value())
        fields = {key_id: base64.b64decode(text) for key_id, text in encoded.items()}
        journal = self.journal_key.get_secret_value().encode()
        return KeyRing(fields, journal_key=journal, index_key=hashlib.sha256(b"index" + journal).digest())


def read_settings() -> Settings:
    """Settings of this process, complete and refused when unsafe for production."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise Invalid(words("A setting is wrong."), map(_setting_finding, error.errors())) from None
    if settings.environment == "production":
        refuse_weak(settings)
    else:
        lend_local_keys(settings)
    failpoints.arm(settings.fail_at)
    return settings


def _setting_finding(fault: object) -> Finding:
    place = "_".join(map(str, fault["loc"]))  # type: ignore[index]
    reason = str(fault["msg"])  # type: ignore[index]
    return Finding(words("DUBAN_{name}: {reason}", name=place.upper(), reason=reason), rule="setting.wrong")


def refuse_weak(settings: Settings) -> None:
    """Production starts only on a sound set-up. Raises Invalid with every weakness, each with its way out."""
    if findings := weaknesses(settings, os.environ, Path(".env")):
        raise Invalid(words("These settings are not safe for production."), findings)


def lend_local_keys(settings: Settings) -> None:
    """Outside production, missing secrets are made once and kept in the data folder, readable by its owner only."""
    path = settings.data_dir / "local-keys.json"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(new_keys(), file)
    for name, value in json.loads(path.read_text()).items():
        if not getattr(settings, name).get_secret_value():
            setattr(settings, name, SecretStr(value))


def new_keys() -> dict[str, str]:
    """Fresh secrets for one installation."""
    return {
        "secret_key": secrets.token_urlsafe(48),
        "password_salt": secrets.token_urlsafe(24),
        "journal_key": secrets.token_urlsafe(48),
        "field_keys": json.dumps({"k1": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}),
    }
