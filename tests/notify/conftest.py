"""An office on each database, with accounts, ready to send."""

from __future__ import annotations

import pytest

from app.notify import wire
from tests.builders import Office
from tests.notify.desk import Desk, desk_of


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Patience is short here, so that what hangs is given up soon."""
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    monkeypatch.setattr(wire, "LONGEST", 1.0)
    return desk_of(office)
