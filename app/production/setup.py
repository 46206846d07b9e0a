"""The settings that decide whether an installation is safe, and how a reason not to start is named."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from app.errors import Finding, Words


class Setup(Protocol):
    """The settings that decide whether an installation is safe."""

    database_url: str
    migrate_url: str
    data_dir: Path
    secret_key: SecretStr
    password_salt: SecretStr
    field_keys: SecretStr
    journal_key: SecretStr
    metrics_token: SecretStr
    proxies: int
    secure_cookies: bool
    public_url: str
    sign_ins_a_minute: int
    fail_at: str


def finding(rule: str, text: Words) -> Finding:
    """A reason not to start, by its name."""
    return Finding(text, rule=f"setting.{rule}")
