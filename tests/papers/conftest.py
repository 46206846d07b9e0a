"""All papers, printed and read back once."""

from __future__ import annotations

import pytest

from app.papers.rendering import Press
from tests.papers.examples import PAPERS
from tests.papers.measuring import Sheet, sheets


@pytest.fixture(scope="session")
def press() -> Press:
    return Press()


@pytest.fixture(scope="session")
def printed(press: Press) -> dict[str, bytes]:
    return {name: press.pdf(content) for name, content in PAPERS.items()}


@pytest.fixture(scope="session")
def read(printed: dict[str, bytes]) -> dict[str, list[Sheet]]:
    return {name: sheets(pdf) for name, pdf in printed.items()}
