"""Notices on their way: channels, deliveries, choices of people."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    pass
