"""Time administered: days of the office, policy values with who, when, why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade():
    op.create_table(
        "day_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("last_case_id", sa.Integer(), nullable=False),
        sa.Column("counted_to", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("failed", JSON, nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_day_import_bureau_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_day_import_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_import")),
        sa.UniqueConstraint("ref", name=op.f("uq_day_import_ref")),
    )
    op.create_index("ix_day_import_finished", "day_import", ["finished_at", "id"], unique=False)
    op.create_table(
        "day_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("before", sa.Boolean(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_day_row_bureau_id")),
        sa.ForeignKeyConstraint(["import_id"], ["day_import.id"], name=op.f("fk_day_row_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_row")),
    )
    op.create_index("ix_day_row_day", "day_row", ["bureau_id", "day", "id"], unique=False)
    op.create_table(
        "limit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=32), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_limit_change_bureau_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_limit_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_change")),
    )
    op.create_index("ix_limit_change_policy", "limit_change", ["bureau_id", "policy", "id"], unique=False)


def downgrade():
    raise NotImplementedError("Restore a backup instead.")
