from pathlib import Path

import pytest

from tests.rehearsal.stories import pack_on_disk


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small pack."""
    return pack_on_disk(tmp_path_factory.mktemp("packs"))
