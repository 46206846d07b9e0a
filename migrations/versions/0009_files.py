"""Files: copies that leave without metadata, and who has released a file as it was uploaded."""

import sqlalchemy as sa
from alembic import op

from app.db import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("file") as table:
        table.add_column(sa.Column("released_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("released_at", Instant(), nullable=True))
        table.create_foreign_key(op.f("fk_file_released_by"), "person", ["released_by"], ["id"])
    op.create_index("ix_file_uploader", "file", ["uploader_id", "uploaded_at"], unique=False)
    op.create_index("ix_file_sha256", "file", ["sha256"], unique=False)
    op.create_table(
        "file_copy",
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("original", name=op.f("pk_file_copy")),
    )
    op.create_index("ix_file_copy_sha256", "file_copy", ["sha256"], unique=False)
