"""Rows of the former tables go over into the typed ones, on both databases, and nothing of them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from app import schema
from app.db import Database
from tests.databases import KEYS, PostgresServer

BEFORE, REGISTERS = "0009", "0010"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as it was before registers had tables of their own."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'former.db'}", KEYS)
    else:
        made = request.getfixturevalue("postgres").empty()
    upgrade(made, BEFORE)
    yield made
    made.close()


def upgrade(database: Database, to: str) -> None:
    with database.engine.connect() as connection:
        command.upgrade(schema._config(connection), to)
        connection.commit()


def entered(database: Database) -> None:
    """A supervisor, a tie, and rows of the smaller registers, as the former version wrote them."""
    tables = sa.MetaData()
    with database.engine.begin() as connection:
        tables.reflect(connection)

        def add(table: str, **values: object) -> None:
            if database.engine.dialect.name == "sqlite":
                values = {name: _naive(value) for name, value in values.items()}
            connection.execute(sa.insert(tables.tables[table]).values(**values))

        bureau = {"bureau_id": 1, "name_en": "", "duties": "", "settings": {}}
        add("organisation", **bureau | {"id": 1, "ref": "bureau", "kind": "bureau", "name": "局"})
        add("organisation", **bureau | {"id": 2, "ref": "market", "kind": "agency", "name": "市场监管局"})
        add("person", id=7, ref="zhou", bureau_id=1, name="周宁", name_en="", born=None)
        term = {"term_start": date(2024, 6, 28), "term_end": date(2027, 6, 27)}
        numbers = {"letter_no": "L-1", "certificate_no": "C-1"}
        add("supervisor", id=1, bureau_id=1, person_id=7, status="active", **term, **numbers)
        add("interest", id=1, bureau_id=1, person_id=7, organisation_id=2, relation="spouse")
        rows = (
            (
                "opinions",
                "2026-B-0001",
                {"author": "zhou", "received_on": "2026-03-01", "result": "merged", "own": [1]},
            ),
            ("deadline_reviews", "2026-B-0001 due", {"key": "due", "policy": "P-05", "kept": "2026-03-09"}),
            ("measures", "2026-B-0001", {"measures": "整改", "plan_date": "soon"}),
            ("objections", "2026-YY-0001", {"received_at": "2026-03-01T09:00:00+08:00", "objector_type": "real_name"}),
            ("homemade", "x", {"colour": "red"}),
        )
        for number, (register, key, data) in enumerate(rows, 1):
            head = {"id": number, "bureau_id": 1, "register": register, "key": key, "case_id": None}
            add("register_row", **head, data=data, changed_at=AT)


def _naive(value: object) -> object:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def test_every_row_goes_over(former: Database) -> None:
    entered(former)
    upgrade(former, REGISTERS)
    tables = sa.MetaData()
    with former.engine.connect() as connection:
        tables.reflect(connection)

        def only(register: str) -> sa.RowMapping:
            return connection.execute(sa.select(tables.tables[f"register_{register}"])).mappings().one()

        supervisor, opinion, review = only("supervisors"), only("opinions"), only("deadline_reviews")
        assert (supervisor["person"], supervisor["status"], supervisor["term_end"]) == (
            "zhou",
            "active",
            date(2027, 6, 27),
        )
        assert (supervisor["letter_no"], supervisor["key"]) == ("L-1", "zhou 2024-06-28")
        assert (opinion["author"], opinion["received_on"], opinion["result"]) == ("zhou", date(2026, 3, 1), "merged")
        assert (review["deadline"], review["kept"], review["computed"]) == ("due", date(2026, 3, 9), None)
        assert (only("interests")["person"], only("interests")["agency"]) == ("zhou", "market")
        assert only("objections")["received_at"].replace(tzinfo=UTC) == datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
        cards = tables.tables["register_certificates"]
        held = connection.execute(sa.select(cards.c.key, cards.c.kind, cards.c.state).order_by(cards.c.id)).all()
        assert [tuple(row) for row in held] == [("L-1", "letter", "valid"), ("C-1", "card", "valid")]


def test_what_no_column_holds_stands_in_the_history(former: Database) -> None:
    entered(former)
    upgrade(former, REGISTERS)
    tables = sa.MetaData()
    with former.engine.connect() as connection:
        tables.reflect(connection, only=["register_change"])
        changes = tables.tables["register_change"]
        found = connection.execute(sa.select(changes.c.register, changes.c.field, changes.c.new)).all()
    assert {tuple(row) for row in found} == {
        ("opinions", "own", "[1]"),
        ("measures", "plan_date", '"soon"'),
        ("homemade", "colour", '"red"'),
    }


def test_the_former_tables_are_gone(former: Database) -> None:
    upgrade(former, REGISTERS)
    assert not {"supervisor", "interest", "register_row"} & set(sa.inspect(former.engine).get_table_names())


def test_the_server_makes_empty_databases(postgres: PostgresServer) -> None:
    assert sa.inspect(postgres.empty().engine).get_table_names() == []
