"""Notices on their way: channels, deliveries, choices of people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
UNSPREAD, GROUP = sa.text("spread_at IS NULL"), sa.text("person_id IS NULL")


def upgrade():
    _deal_out_notices()
    _make_channels()
    _make_deliveries()
    _make_choices()


def _deal_out_notices():
    """Reading is kept by person from now on; what was told before stays where it is and goes out by no channel."""
    op.drop_index("ix_notice_person", "notice")
    op.drop_column("notice", "read_at")
    op.add_column("notice", sa.Column("spread_at", Instant(), nullable=True))
    op.execute("UPDATE notice SET spread_at = at")
    op.create_index("ix_notice_person", "notice", ["person_id", "id"], unique=False)
    op.create_index("ix_notice_lane", "notice", ["organisation_id", "lane", "id"], unique=False)
    op.create_index(
        "ix_notice_unspread", "notice", ["id"], unique=False, sqlite_where=UNSPREAD, postgresql_where=UNSPREAD
    )


def _make_channels():
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("resting_until", Instant(), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["organisation.id"], name=op.f("fk_channel_bureau_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_channel_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("ref", name=op.f("uq_channel_ref")),
    )
    op.create_index(op.f("ix_channel_bureau_id"), "channel", ["bureau_id"], unique=False)


def _make_deliveries():
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", Instant(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'void', 'dead')", name=op.f("ck_delivery_state")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_delivery_channel_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("ref", name=op.f("uq_delivery_ref")),
        sa.UniqueConstraint(
            "notice_id", "channel_id", "person_id", name=op.f("uq_delivery_notice_id_channel_id_person_id")
        ),
    )
    op.create_index("ix_delivery_due", "delivery", ["channel_id", "state", "next_try"], unique=False)
    op.create_index(
        "uq_delivery_group",
        "delivery",
        ["notice_id", "channel_id"],
        unique=True,
        sqlite_where=GROUP,
        postgresql_where=GROUP,
    )


def _make_choices():
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("read_up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "notice_read",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_read_person_id")),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_read")),
    )


def downgrade():
    raise NotImplementedError("What was sent cannot be unsent; restore a backup instead.")
