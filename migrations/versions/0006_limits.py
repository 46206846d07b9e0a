"""Time administered: days of the office, policy values with who, when, why."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    pass
