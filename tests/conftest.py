"""What every test may ask for: a database of each kind, and a small office on it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import Database
from tests.builders import Office, found_office
from tests.databases import PostgresServer, sqlite_database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", action="store_true", help="also run the long proofs of tests/prove")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The long proofs are another command, not skipped tests of this one."""
    return True if "prove" in collection_path.parts and not config.getoption("--prove") else None


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """One server for all processes of a run, in a folder that the server's own user can enter."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:16]
    return PostgresServer(Path(tempfile.gettempdir()) / f"duban-pg-{run}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database; each test that asks for it runs on both kinds."""
    on_file = request.param == "sqlite"
    made = sqlite_database(tmp_path) if on_file else request.getfixturevalue("postgres").database()
    yield made
    made.close()


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with two agencies, its people, and the small pack of `tests.builders`."""
    return found_office(database)
