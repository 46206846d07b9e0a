"""The application for one test, or for a module whose tests only read; the office is founded once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assembly import open_database
from tests.databases import KEYS, sqlite_database
from tests.web.world import World, founded, opened

Base = tuple[Path, tuple[int, dict[str, int]]]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A founded office in a file."""
    folder = tmp_path_factory.mktemp("base")
    database = sqlite_database(folder)
    found = founded(database)
    database.close()
    return folder / "duban.db", found


def copied(base: Base, folder: Path, **settings: int) -> World:
    """A world of its own in that folder."""
    shutil.copy(base[0], folder / "duban.db")
    return opened(open_database(f"sqlite:///{folder / 'duban.db'}", KEYS), folder, base[1], **settings)


@pytest.fixture
def world(base: Base, tmp_path: Path) -> Iterator[World]:
    made = copied(base, tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def shared(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for the tests of a module that only read."""
    made = copied(base, tmp_path_factory.mktemp("shared"))
    yield made
    made.database.close()
