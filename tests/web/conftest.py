"""The application of one test module, and a fresh one where a test changes what others rest on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import sqlite_database
from tests.web.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = sqlite_database(tmp_path)
    yield make_world(database, tmp_path)
    database.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for the tests of a module that only read."""
    folder = tmp_path_factory.mktemp("shared")
    database = sqlite_database(folder)
    yield make_world(database, folder)
    database.close()
