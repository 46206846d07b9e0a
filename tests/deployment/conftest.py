"""An office with two process owners and the small pack, and changes to try on it."""

from __future__ import annotations

import pytest

from app.people import directory
from tests.builders import LOOP, Office, choice, flow, form, task, text

PATH = "processes/loop.bpmn"
CHECK = "forms/loop/check.form"
BETTER = LOOP.replace(b'name="check"', 'name="复核"'.encode())
WRONG = LOOP.replace(flow("write", "check").encode(), b"")
FORM = form(choice("outcome", "again", "done"), text("opinion"), text("note", required=False))
assert BETTER != LOOP != WRONG and task


@pytest.fixture
def owners(office: Office) -> Office:
    """The office of `tests.builders` with a second process owner."""
    with office.database.transaction() as db:
        post = (office.bureau_id, "process_owner")
        office.people["owner2"] = directory.add_person(db, office.bureau_id, "owner2", ref="owner2", posts=[post])
    return office
