"""Errors of a database name the statement and the rule, never a value: they end in logs."""

from __future__ import annotations

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.errors import Unavailable
from app.people import directory

SECRET = "50010919900101123X"  # noqa: S105 - what no log may hold
TWICE = "INSERT INTO number_series (bureau_id, series, year, last) VALUES (:bureau, :value, 2026, 1)"
STATEMENTS = {
    "a key that is taken": TWICE,
    "a value of another type": "SELECT id FROM person WHERE id = CAST(CAST(:value AS text) AS integer)",
    "no such column": "SELECT no_such_column FROM person WHERE ref = :value",
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_no_error_says_a_value(database: Database, kind: str) -> None:
    with database.transaction() as db:
        bureau = directory.found_bureau(db, "bureau", "某区司法局")
        db.execute(text(TWICE), {"bureau": bureau, "value": SECRET})
    values = {"value": SECRET} | ({"bureau": bureau} if STATEMENTS[kind] == TWICE else {})
    try:
        with database.transaction() as db:
            db.execute(text(STATEMENTS[kind]), values)
    except (DBAPIError, Unavailable) as fault:
        said = "".join(traceback.format_exception(fault))
        assert SECRET not in said
        assert "person" in said or "number_series" in said, "the statement is still named"
    else:
        assert (database.engine.dialect.name, kind) == ("sqlite", "a value of another type"), "SQLite casts anything"
