"""Registers: a typed table each, with the history of their fields; rows of the former tables go over into them."""

import json
import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
REF = sa.String(length=64)
KINDS = {
    "ref": REF, "day": sa.Date(), "instant": Instant(), "int": sa.Integer(), "num": sa.Numeric(12, 2),
    "bool": sa.Boolean(), "json": JSON, "text": sa.Text(),
}
WRITTEN = {
    "supervisors": (
        "person:ref status:64 term_start:day term_end:day letter_no:64 certificate_no:64 categories:json "
        "expertise:200 employer:200 mobile:text id_card:text age_exception:text protected:bool ended_on:day "
        "ground:32"
    ),
    "certificates": (
        "person:ref kind:64 state:64 issue_date:day term_start:day term_end:day handed_over_on:day "
        "returned_on:day condition:200 lost_on:day circumstances:text voided_on:day replaces:64"
    ),
    "interests": (
        "person:ref name:100 card_no:64 agency:ref relation:64 kin_name:text declared_on:day ended_on:day "
        "note:text"
    ),
    "opinions": (
        "author:ref received_on:day title:200 agency:ref subject:64 result:64 into:100 adoption:64 rating:64 "
        "attitude:int answered_on:day closed_on:day"
    ),
    "measures": "agency:ref measures:text plan_date:day done_on:day state:64 evidence:text",
    "documents": "code:16 title:200 issued_on:day addressee:text opinion_no:100 archived_on:day",
    "correction_orders": "agency:ref opinion_no:100 issued_on:day due:day status:64 measures:text done_on:day",
    "recommendations": "paper:100 agency:ref addressee:200 issued_on:day replied_on:day reply:text",
    "clues": (
        "author:ref agency:ref channel:64 received_on:day facts:text publicity:100 candidate:100 objector_type:32 "
        "received_via:32 received_at:instant contact:text outcome:64 reason:text closed_on:day"
    ),
    "deadline_reviews": "deadline:64 policy:32 kept:day computed:day",
    "campaigns": (
        "campaign_name:200 state:64 mode:64 quota:int apply_open:day apply_close:day "
        "expected_appointment_date:day term_start_expected:day channels:json categories:json "
        "extra_conditions:json required_materials:json contact:200 complaint_phone:64 invited_units:json "
        "basis:200"
    ),
    "applications": (
        "campaign:100 person:ref channel:64 status:64 categories:json submitted_on:day unit:200 score:num "
        "rank:int reason:text id_card:text mobile:text"
    ),
    "publicities": (
        "campaign:100 state:64 published_on:day publicity_end:day clear:int held:int removed:int withdrawn:int "
        "url:200"
    ),
    "objections": (
        "publicity:100 candidate:100 objector_type:32 received_via:32 received_at:instant objector_name:text "
        "objector_phone:text outcome:64 closed_on:day"
    ),
    "activities": (
        "title:200 type:64 organizer:100 date_from:day date_to:day place:200 agencies:json supervisors:json "
        "agenda:text counts_for_absence:bool insurance_confirmed:bool state:64"
    ),
    "attendance": "activity:100 person:ref held_on:day rsvp:64 outcome:64 cert_shown:bool reason:text countable:bool",
    "inquiries": "person:ref agency:ref type:64 purpose:text asked_on:day due:day answered_on:day result:64 "
        "reason:text",
    "transfers": "person:ref agency:ref transfer_to:200 sent_on:day paper:100 facts:text replied_on:day",
    "evaluations": (
        "person:ref year:int grade:64 total:num scores:json summary:text objection:text finalised_on:day "
        "disposition:64"
    ),
    "violations": "person:ref code:32 found_on:day source:64 agency:ref facts:text disposition:64",
    "insurance": "person:ref insurer:200 valid_from:day valid_until:day activity:100 amount:num",
    "support": "person:ref activity:100 transport:num meal:num insurance:num other:num state:64 paid_on:day",
}
REGISTERS = {
    name: {
        column: KINDS.get(kind) or sa.String(int(kind)) for column, kind in (one.split(":") for one in columns.split())
    }
    for name, columns in WRITTEN.items()
}
"""The columns of each register; a number is the longest text."""
RENAMED = {("deadline_reviews", "key"): "deadline"}
"""Fields whose name was another one."""


def upgrade():
    for name, columns in REGISTERS.items():
        _make(f"register_{name}", columns)
    _make_history()
    for column, size in (("superior", 200), ("address", 200), ("phone", 64)):
        op.add_column("organisation", sa.Column(column, sa.String(size), nullable=True))
    carry_over(op.get_bind())
    op.drop_table("supervisor")
    op.drop_index("ix_interest_person_id", "interest")
    op.drop_table("interest")
    op.drop_index("ix_register_row_case", "register_row")
    op.drop_table("register_row")


def _make(table, columns):
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", REF, nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        *(sa.Column(name, kind, nullable=True) for name, kind in columns.items()),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f(f"fk_{table}_bureau_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f(f"fk_{table}_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("bureau_id", "key", name=op.f(f"uq_{table}_bureau_id_key")),
        sa.UniqueConstraint("ref", name=op.f(f"uq_{table}_ref")),
    )
    op.create_index(f"ix_{table}_newest", table, ["bureau_id", "id"], unique=False)
    for name in ("case_id", *(name for name in columns if columns[name] is REF)):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)


def _make_history():
    op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(32), nullable=False),
        sa.Column("row_key", sa.String(100), nullable=False),
        sa.Column("field", REF, nullable=False),
        sa.Column("old", sa.String(), nullable=True),
        sa.Column("new", sa.String(), nullable=True),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_register_change_bureau_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_register_change_case_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_register_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index("ix_register_change_row", "register_change", ["bureau_id", "register", "row_key", "id"])


def carry_over(connection):
    """Take over every row. What no column can hold stands in the history of its row: nothing is lost."""
    former = sa.MetaData()
    former.reflect(connection, only=["supervisor", "interest", "register_row", "person", "organisation"])
    refs = {
        kind: {row.id: row.ref for row in connection.execute(sa.select(table.c.id, table.c.ref))}
        for kind, table in former.tables.items()
        if kind in ("person", "organisation")
    }
    now = datetime.now(UTC)
    for row in connection.execute(sa.select(former.tables["supervisor"])):
        _take_supervisor(connection, row, refs["person"][row.person_id], now)
    for row in connection.execute(sa.select(former.tables["interest"])):
        person, agency = refs["person"][row.person_id], refs["organisation"][row.organisation_id]
        fields = {"person": person, "agency": agency, "relation": row.relation}
        _enter(connection, "interests", row.bureau_id, f"{person} {row.id}", None, now, fields)
    rows = former.tables["register_row"]
    for row in connection.execute(sa.select(rows).order_by(rows.c.id)):
        at = row.changed_at if row.changed_at.tzinfo else row.changed_at.replace(tzinfo=UTC)
        _enter(connection, row.register, row.bureau_id, row.key, row.case_id, at, row.data or {})


def _take_supervisor(connection, row, person, now):
    numbers = {"letter_no": row.letter_no, "certificate_no": row.certificate_no}
    term = {"person": person, "term_start": row.term_start, "term_end": row.term_end}
    fields = {**term, **numbers, "status": row.status}
    _enter(connection, "supervisors", row.bureau_id, f"{person} {row.term_start}", None, now, fields)
    for kind, number in (("letter", row.letter_no), ("card", row.certificate_no)):
        if number:
            state = "valid" if row.status in ("active", "suspended") else "void"
            held = {**term, "kind": kind, "state": state}
            _enter(connection, "certificates", row.bureau_id, number, None, now, held)


def _enter(connection, register, bureau, key, case, at, data):
    columns, values, left = REGISTERS.get(register, {}), {}, {}
    for name, value in data.items():
        target = RENAMED.get((register, name), name)
        fits = target in columns and value is not None
        try:
            values |= {target: _typed(columns[target], value)} if fits else {}
        except ValueError:
            fits = False
        left |= {} if fits else {name: value}
    if columns:
        heads = {"ref": REF, "bureau_id": KINDS["int"], "key": REF, "case_id": KINDS["int"], "changed_at": Instant()}
        table = sa.table(f"register_{register}", *(sa.column(name, kind) for name, kind in (heads | columns).items()))
        head = {"ref": secrets.token_urlsafe(12), "bureau_id": bureau, "key": key, "case_id": case, "changed_at": at}
        connection.execute(sa.insert(table).values(head | values))
    history = sa.table(
        "register_change",
        *map(sa.column, ("bureau_id", "register", "row_key", "field", "old", "new", "personal", "case_id")),
        sa.column("at", Instant()),
    )
    about = {"bureau_id": bureau, "register": register, "row_key": key, "case_id": case, "at": at, "personal": False}
    for name, value in left.items():
        kept = {"field": name[:64], "old": None, "new": json.dumps(value, ensure_ascii=False, default=str)}
        connection.execute(sa.insert(history).values(about | kept))


def _typed(kind, value):
    """The value as its column keeps it. Raises ValueError where it cannot."""
    if isinstance(kind, sa.Date):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if isinstance(kind, Instant):
        found = datetime.fromisoformat(str(value))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    if isinstance(kind, sa.Boolean):
        return bool(value)
    if isinstance(kind, sa.Integer):
        return int(value)
    if isinstance(kind, sa.String):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if kind.length and len(text) > kind.length:
            raise ValueError(text)
        return text
    return value


def downgrade():
    raise NotImplementedError("The former tables keep no history; restore a backup instead.")
