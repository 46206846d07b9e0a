"""Papers on their way out: drafts with their versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade():
    op.create_table(
        "paper_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=100), server_default="", nullable=False),
        sa.Column("made_of", JSON, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'numbered', 'issued', 'void')", name=op.f("ck_paper_draft_state")),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_paper_draft_bureau_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_paper_draft_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draft")),
        sa.UniqueConstraint("ref", name=op.f("uq_paper_draft_ref")),
    )
    op.create_index("ix_paper_draft_case", "paper_draft", ["case_id", "state"], unique=False)
    op.create_table(
        "paper_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("open", JSON, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["paper_draft.id"], name=op.f("fk_paper_version_draft_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_version_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_version")),
        sa.UniqueConstraint("draft_id", "version", name=op.f("uq_paper_version_draft_id_version")),
    )


def downgrade():
    raise NotImplementedError("What was sent cannot be unsent; restore a backup instead.")
