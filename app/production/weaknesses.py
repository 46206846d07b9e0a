"""Every reason for which production does not start on the settings that it is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.errors import Finding
from app.production.database import weak_database
from app.production.doors import debugging, readable, weak_web
from app.production.keys import field_keys, shared, weak_keys, weak_secrets
from app.production.setup import Setup


def weaknesses(setup: Setup, environ: Mapping[str, str], secrets_file: Path) -> list[Finding]:
    """Every reason for which production does not start on these settings; `rule` names each."""
    keys = field_keys(setup)
    return [
        *weak_secrets(setup),
        *weak_keys(keys),
        *shared(setup, keys),
        *weak_database(setup),
        *weak_web(setup),
        *debugging(setup, environ),
        *readable(setup, secrets_file),
    ]
