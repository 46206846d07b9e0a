"""The studio: what owners propose and others decide on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade():
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["release.id"], name=op.f("fk_proposal_base_id")),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_proposal_bureau_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_proposal_made_by")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_proposal_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("ref", name=op.f("uq_proposal_ref")),
    )
    op.create_index("ix_proposal_bureau", "proposal", ["bureau_id", "state"], unique=False)


def downgrade():
    raise NotImplementedError("What has been proposed cannot be unmade; restore a backup instead.")
