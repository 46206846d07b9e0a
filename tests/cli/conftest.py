"""Commands run in this process, on an installation of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `duban …` in English on an empty data folder; nothing that ends in a traceback passes."""
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DUBAN_LANGUAGE", "en")
    for name in ("DUBAN_DATABASE_URL", "DUBAN_MIGRATE_URL", "DUBAN_ENVIRONMENT", "DUBAN_PACKS_DIR"):
        monkeypatch.delenv(name, raising=False)

    def command(*args: str, **options: Any) -> Result:
        result = CliRunner().invoke(main, list(args), **options)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return command


def printed(result: Result) -> Any:
    """The JSON that a command has printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
